package dev.kindling.checkpoint;

import dev.kindling.engine.StepTimes;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Block;
import dev.kindling.safetensors.DamagedFile;
import dev.kindling.safetensors.TensorFile;
import dev.kindling.safetensors.TensorFile.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a run's state as tensors and strings, and reads it. Vectors in the layout of the parameters are one tensor per block. */
final class CheckpointCodec {
    static final String FORMAT = "kindling checkpoint";

    private static final String PARAMETERS = "parameters";
    private static final String AVERAGE = "average";
    private static final String VELOCITY = "velocity";
    private static final String BEST = "best";
    private static final String SLOT = "slot.";
    private static final String CURVATURE = "lbfgs.";
    private static final String HISTORY = "history.";
    private static final String MOMENTS = "sums.moments"; // left out where the metric has none

    private static final List<String> EPOCH = List.of(
            "training loss",
            "training metric",
            "validation loss",
            "validation metric",
            "learning rate",
            "gradient norm",
            "steps",
            "training seconds",
            "seconds",
            "schedule ms",
            "broadcast ms",
            "compute ms",
            "reduce ms",
            "update ms");

    private final List<Block> layout;
    private final Map<String, String> strings = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private CheckpointCodec(List<Block> layout) {
        this.layout = layout;
    }

    /** A copy of the current state. */
    static TensorFile of(TrainState state, RunFingerprint identity) {
        CheckpointCodec to = new CheckpointCodec(identity.layout);
        to.strings.put("format", FORMAT);
        to.strings.put("version", String.valueOf(CheckpointVersions.KNOWN.newest()));
        to.strings.put("gemm", identity.gemm);
        identity.write(to.strings);
        to.strings.put("step", String.valueOf(state.step));
        to.strings.put("epoch", String.valueOf(state.epoch));
        to.strings.put("taken", String.valueOf(state.taken));
        to.strings.put("sums.loss", String.valueOf(state.sums.loss));
        to.strings.put("sums.metric", text(state.sums.metric));
        if (state.sums.moments > 0) {
            to.strings.put(MOMENTS, String.valueOf(state.sums.moments));
        }
        to.strings.put("sums.weight", String.valueOf(state.sums.weight));
        to.strings.put("learning rate", String.valueOf(state.learningRate));
        to.strings.put("gradient norm", String.valueOf(state.gradientNorm));
        to.strings.put("largest norm", String.valueOf(state.largestNorm));
        to.strings.put("best epoch", String.valueOf(state.bestEpoch));
        to.strings.put("best cost", String.valueOf(state.bestCost));
        to.strings.put("stop reason", String.valueOf(state.stopReason));
        to.strings.put("plateau.factor", String.valueOf(state.plateau.factor));
        to.strings.put("plateau.best", String.valueOf(state.plateau.best));
        to.strings.put("plateau.epochs", String.valueOf(state.plateau.epochs));
        to.strings.put("plateau.cooldown", String.valueOf(state.plateau.cooldown));
        to.vector(PARAMETERS, state.parameters);
        if (state.average != null) {
            to.vector(AVERAGE, state.average);
        }
        if (state.bestParameters != null) {
            to.vector(BEST, state.bestParameters);
        }
        if (state.velocity.length > 0) {
            to.vector(VELOCITY, state.velocity);
        }
        for (int i = 0; i < state.slots.names().size(); i++) {
            to.vector(SLOT + state.slots.names().get(i), state.slots.vector(i));
        }
        if (state.curvature != null) {
            to.curvature(state.curvature);
        }
        to.history(state.history);
        return new TensorFile(to.strings, to.tensors);
    }

    private void vector(String name, float[] values) {
        float[] copy = values.clone();
        for (Block block : layout) {
            tensors.put(
                    name + "." + block.name(),
                    new Tensor(copy, block.offset(), block.size(), block.rows(), block.columns()));
        }
    }

    private void curvature(Curvature curvature) {
        strings.put(CURVATURE + "iterations", String.valueOf(curvature.iterations));
        strings.put(CURVATURE + "first", String.valueOf(curvature.first));
        strings.put(CURVATURE + "memory", String.valueOf(curvature.steps.length));
        tensors.put(CURVATURE + "at", Tensor.of(curvature.at));
        tensors.put(CURVATURE + "values", Tensor.of(curvature.values));
        for (int i = 0; i < curvature.steps.length; i++) {
            tensors.put(CURVATURE + "step." + i, Tensor.of(curvature.steps[i]));
            tensors.put(CURVATURE + "change." + i, Tensor.of(curvature.changes[i]));
        }
    }

    private void history(List<Epoch> history) {
        double[][] columns = new double[EPOCH.size()][history.size()];
        for (int i = 0; i < history.size(); i++) {
            Epoch epoch = history.get(i);
            StepTimes step = epoch.stepTimes();
            double[] values = {
                epoch.trainingLoss(),
                epoch.trainingMetric(),
                epoch.validationLoss(),
                epoch.validationMetric(),
                epoch.learningRate(),
                epoch.gradientNorm(),
                epoch.steps(),
                epoch.trainingSeconds(),
                epoch.seconds(),
                step.schedule(),
                step.broadcast(),
                step.compute(),
                step.reduce(),
                step.update()
            };
            for (int j = 0; j < values.length; j++) {
                columns[j][i] = values[j];
            }
        }
        for (int j = 0; j < columns.length; j++) {
            tensors.put(HISTORY + EPOCH.get(j), Tensor.of(columns[j]));
        }
    }

    /**
     * Reads a state.
     *
     * @param name of the file, for messages
     * @param state of a run that has not begun; overwritten
     * @throws InvalidInput for a version that is not known, and for another run
     */
    static void read(TensorFile file, String name, RunFingerprint identity, TrainState state) throws DamagedFile {
        read(file, name, identity, state, CheckpointVersions.KNOWN);
    }

    static void read(
            TensorFile file, String name, RunFingerprint identity, TrainState state, CheckpointVersions versions)
            throws DamagedFile {
        String format = file.strings().get("format");
        if (!FORMAT.equals(format)) {
            throw new InvalidInput(name + " must be a " + FORMAT + ", but is a file of another kind");
        }
        TensorFile newest = versions.migrated(file, name);
        identity.requireSame(newest.strings(), name);
        CheckpointCodec from = new CheckpointCodec(identity.layout);
        from.strings.putAll(newest.strings());
        from.tensors.putAll(newest.tensors());
        try {
            from.read(state);
        } catch (IllegalArgumentException e) { // a string that is not a number, or an unknown stop reason
            throw new DamagedFile("holds what no run has");
        }
        if (state.step < 0 || state.taken < 0 || state.bestEpoch < 0 || state.bestEpoch > state.epoch) {
            throw new DamagedFile("holds what no run has");
        }
    }

    private void read(TrainState state) throws DamagedFile {
        state.step = Long.parseLong(string("step"));
        state.epoch = Integer.parseInt(string("epoch"));
        state.taken = Integer.parseInt(string("taken"));
        state.sums.loss = number("sums.loss");
        state.sums.weight = number("sums.weight");
        if (state.sums.weight > 0) {
            state.sums.setMetric(numbers("sums.metric"), Integer.parseInt(strings.getOrDefault(MOMENTS, "0")));
        }
        state.learningRate = number("learning rate");
        state.gradientNorm = number("gradient norm");
        state.largestNorm = number("largest norm");
        state.bestEpoch = Integer.parseInt(string("best epoch"));
        state.bestCost = number("best cost");
        String reason = string("stop reason");
        state.stopReason = reason.equals("null") ? null : TrainState.StopReason.valueOf(reason);
        state.plateau.factor = number("plateau.factor");
        state.plateau.best = number("plateau.best");
        state.plateau.epochs = Integer.parseInt(string("plateau.epochs"));
        state.plateau.cooldown = Integer.parseInt(string("plateau.cooldown"));
        readVector(PARAMETERS, state.parameters);
        if (state.average != null) {
            readVector(AVERAGE, state.average);
        }
        if (tensors.keySet().stream().anyMatch(key -> key.startsWith(BEST + "."))) {
            state.bestParameters = new float[state.parameters.length];
            readVector(BEST, state.bestParameters);
        }
        if (state.velocity.length > 0) {
            readVector(VELOCITY, state.velocity);
        }
        for (int i = 0; i < state.slots.names().size(); i++) {
            readVector(SLOT + state.slots.names().get(i), state.slots.vector(i));
        }
        if (tensors.containsKey(CURVATURE + "at")) {
            state.curvature = readCurvature(state.parameters.length);
        }
        readHistory(state);
    }

    private String string(String name) throws DamagedFile {
        String value = strings.get(name);
        if (value == null) {
            throw new DamagedFile("lacks " + name);
        }
        return value;
    }

    private double number(String name) throws DamagedFile {
        return Double.parseDouble(string(name));
    }

    /** Numbers with spaces between them. */
    private static String text(double[] numbers) {
        return numbers.length == 0
                ? String.valueOf(0.0)
                : Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }

    private double[] numbers(String name) throws DamagedFile {
        return Arrays.stream(string(name).split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private void readVector(String name, float[] to) throws DamagedFile {
        for (Block block : layout) {
            Tensor tensor = tensor(name + "." + block.name());
            if (!(tensor.values instanceof float[] values)
                    || !Arrays.equals(tensor.shape, new long[] {block.rows(), block.columns()})) {
                throw new DamagedFile("must have " + name + "." + block.name() + " as " + block.rows() + " × "
                        + block.columns() + " floats, but has it as " + Arrays.toString(tensor.shape));
            }
            System.arraycopy(values, tensor.offset, to, block.offset(), block.size());
        }
    }

    private Tensor tensor(String name) throws DamagedFile {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new DamagedFile("lacks " + name);
        }
        return tensor;
    }

    private double[] doubles(String name, int length) throws DamagedFile {
        Tensor tensor = tensor(name);
        if (!(tensor.values instanceof double[] values) || values.length != length) {
            throw new DamagedFile(
                    "must have " + name + " as " + length + " doubles, but has it as " + tensor.length + " values");
        }
        return values;
    }

    private Curvature readCurvature(int length) throws DamagedFile {
        int memory = Integer.parseInt(string(CURVATURE + "memory"));
        if (memory < 0 || memory > tensors.size()) {
            throw new DamagedFile("holds what no run has");
        }
        double[][] steps = new double[memory][];
        double[][] changes = new double[memory][];
        for (int i = 0; i < memory; i++) {
            steps[i] = doubles(CURVATURE + "step." + i, length);
            changes[i] = doubles(CURVATURE + "change." + i, length);
        }
        return new Curvature(
                Integer.parseInt(string(CURVATURE + "iterations")),
                number(CURVATURE + "first"),
                doubles(CURVATURE + "at", length),
                steps,
                changes,
                doubles(CURVATURE + "values", tensor(CURVATURE + "values").length));
    }

    private void readHistory(TrainState state) throws DamagedFile {
        double[][] columns = new double[EPOCH.size()][];
        for (int j = 0; j < columns.length; j++) {
            columns[j] = doubles(HISTORY + EPOCH.get(j), state.epoch);
        }
        for (int i = 0; i < state.epoch; i++) {
            state.history.add(new Epoch(
                    i + 1,
                    columns[0][i],
                    columns[1][i],
                    columns[2][i],
                    columns[3][i],
                    columns[4][i],
                    columns[5][i],
                    (long) columns[6][i],
                    columns[7][i],
                    columns[8][i],
                    new StepTimes(columns[9][i], columns[10][i], columns[11][i], columns[12][i], columns[13][i])));
        }
    }
}
