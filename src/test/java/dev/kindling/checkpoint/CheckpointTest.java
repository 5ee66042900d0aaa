package dev.kindling.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.loss.Monitor;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.Clip;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.RateFactors;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.UpdateRule;
import dev.kindling.safetensors.DamagedFile;
import dev.kindling.safetensors.TensorFile;
import dev.kindling.spec.Spec;
import dev.kindling.train.ClassWeights;
import dev.kindling.train.DivergenceException;
import dev.kindling.train.EarlyStopping;
import dev.kindling.train.RunConfig;
import dev.kindling.train.Setting;
import dev.kindling.train.TrainListener;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.Trainer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is resumed from any of its checkpoints ends with the bits of one that was never interrupted. */
@Tag("end-to-end")
@Tag("one-line")
class CheckpointTest {
    private static final JavaSparkContext CONTEXT =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    private static final int SHARDS = 3;

    private static Shards shards;

    @TempDir
    private Path folder;

    @BeforeAll
    static void pack() {
        Packing packing = new Packing(SHARDS, 7, new Loss.SoftmaxCrossEntropy(), 0, 0.2, Samples.COLUMNS);
        shards = Samples.pack(CONTEXT, Samples.clusters(250, 4), 2, packing);
    }

    @AfterAll
    static void unpack() {
        shards.close();
    }

    private static Trainer trainer(
            String layers, UpdateRule rule, int epochs, EarlyStopping stopping, double emaDecay, int localSteps) {
        boolean steps = rule.optimizer() instanceof FirstOrder;
        TrainOptions options = new TrainOptions(epochs, 32, 11, stopping, 2)
                .withClassWeights(new ClassWeights.Balanced())
                .withPlateau(steps ? new Plateau.Reduce(0.5, 0, 0.01, 1, 0) : new Plateau.None())
                .withEmaDecay(steps ? emaDecay : 0)
                .withLocalSteps(
                        localSteps, localSteps > 1 ? new OuterOptimizer.Nesterov() : new OuterOptimizer.Average());
        Network network = Network.of(Samples.FEATURES, Spec.parseAll(Layer.class, layers));
        return new Trainer(
                new RunConfig(network, new Loss.SoftmaxCrossEntropy(), rule, options, "java"), new TrainListener() {});
    }

    private static Trainer trainer(int epochs) {
        UpdateRule rule = new UpdateRule(new FirstOrder.Adam(), 0.01);
        return trainer("dense(5) tanh dense(3)", rule, epochs, EarlyStopping.NEVER, 0, 1);
    }

    private CheckpointPolicy every(int epochs, double minutes, int keep) {
        return new CheckpointPolicy(folder.toString(), epochs, minutes, keep);
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted(Comparator.comparing(Path::toString)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder with one of the checkpoints. */
    private Path only(Path file) throws IOException {
        Path other = Files.createTempDirectory(folder, "resumed");
        Files.copy(file, other.resolve(file.getFileName()));
        return other;
    }

    private static void assertSameBits(TrainState one, TrainState other) {
        assertThat(one.parameters).isEqualTo(other.parameters);
        assertThat(one.result()).isEqualTo(other.result());
        assertThat(one.step).isEqualTo(other.step);
        assertThat(one.bestEpoch()).isEqualTo(other.bestEpoch());
        assertThat(one.stopReason()).isEqualTo(other.stopReason());
        assertThat(one.history()).hasSameSizeAs(other.history());
        for (int i = 0; i < one.history().size(); i++) {
            Epoch a = one.history().get(i);
            Epoch b = other.history().get(i);
            assertThat(new double[] {
                        a.number(),
                        a.trainingLoss(),
                        a.trainingMetric(),
                        a.validationLoss(),
                        a.validationMetric(),
                        a.learningRate(),
                        a.gradientNorm(),
                        a.steps()
                    })
                    .isEqualTo(new double[] {
                        b.number(),
                        b.trainingLoss(),
                        b.trainingMetric(),
                        b.validationLoss(),
                        b.validationMetric(),
                        b.learningRate(),
                        b.gradientNorm(),
                        b.steps()
                    });
        }
    }

    private static Stream<Arguments> runs() {
        List<Arguments> runs = new ArrayList<>();
        for (String optimizer : Spec.names(Optimizer.class)) {
            boolean steps = Spec.parse(Optimizer.class, optimizer) instanceof FirstOrder;
            String front = optimizer.equals("lazyAdam") ? "" : "standardize "; // it needs weights at the front
            String layers = steps ? front + "dense(5) batchNorm prelu dropout(0.2) dense(3)" : "dense(5) tanh dense(3)";
            runs.add(Arguments.of(optimizer, layers, "none", 0.0, 1));
            if (optimizer.equals("adam")) {
                runs.add(Arguments.of(optimizer, layers, "auc", 0.0, 1));
                runs.add(Arguments.of(optimizer, layers, "calibrationError", 0.9, 3));
            }
            if (List.of("adam", "nesterov", "lamb", "adadelta").contains(optimizer)) {
                runs.add(Arguments.of(optimizer, layers, "cosine", 0.9, 3));
            } else if (optimizer.equals("lbfgs")) {
                runs.add(Arguments.of("lbfgs(memory=2)", layers, "l1", 0.0, 1));
                runs.add(Arguments.of("lbfgs(tolerance=0.05)", layers, "none", 0.0, 1));
            }
        }
        return runs.stream();
    }

    @InOneJvm
    @ParameterizedTest
    @MethodSource("runs")
    void aResumedRunEqualsAnUninterruptedOne(
            String optimizer, String layers, String extra, double emaDecay, int localSteps) throws IOException {
        UpdateRule rule = new UpdateRule(
                Spec.parse(Optimizer.class, optimizer),
                0.01,
                extra.equals("cosine") ? new Schedule.Cosine() : new Schedule.Constant(),
                extra.equals("l1") ? new Penalty(0.02, 0.01) : Penalty.NONE,
                new Clip.None(),
                0);
        Monitor monitor = Monitor.names(true).contains(extra) ? Monitor.named(extra) : Monitor.LOSS;
        Trainer trainer = trainer(layers, rule, 5, new EarlyStopping(3, 1e-3, monitor), emaDecay, localSteps);
        TrainState expected = trainer.fit(shards);
        assertSameBits(trainer.fit(shards, every(1, 1e-12, 1000)), expected);
        List<Path> checkpoints = files(folder);
        assertThat(checkpoints).hasSizeGreaterThanOrEqualTo(2);
        for (int i : new int[] {0, checkpoints.size() * 2 / 3}) {
            Path from = only(checkpoints.get(i));
            boolean[] resumed = new boolean[1];
            Trainer again = new Trainer(
                    new RunConfig(
                            trainer.run().network(),
                            new Loss.SoftmaxCrossEntropy(),
                            rule,
                            trainer.run().options(),
                            "java"),
                    new TrainListener() {
                        @Override
                        public void resumed(String checkpoint, TrainState state) {
                            resumed[0] = checkpoint.endsWith(".safetensors");
                        }
                    });
            TrainState state = again.fit(shards, new CheckpointPolicy(from.toString(), 2, 0, 1));
            assertThat(resumed[0]).isTrue();
            assertSameBits(state, expected);
        }
    }

    @InOneJvm
    @Test
    void aRunResumedWithinAnEpochEqualsAnUninterruptedOne() throws IOException {
        TrainState expected = trainer(3).fit(shards);
        trainer(3).fit(shards, every(0, 1e-12, 1000));
        int within = 0;
        for (Path file : files(folder)) {
            int[] taken = new int[1];
            Trainer again = new Trainer(
                    new RunConfig(
                            trainer(3).run().network(),
                            new Loss.SoftmaxCrossEntropy(),
                            trainer(3).run().rule(),
                            trainer(3).run().options(),
                            "java"),
                    new TrainListener() {
                        @Override
                        public void resumed(String checkpoint, TrainState state) {
                            taken[0] = state.taken;
                        }
                    });
            assertSameBits(again.fit(shards, new CheckpointPolicy(only(file).toString(), 0, 0, 1)), expected);
            within += taken[0] > 0 ? 1 : 0;
        }
        assertThat(within).isPositive();
    }

    @Tag("smoke")
    @Test
    void moreEpochsGoOnFromWhatHadEnded() {
        trainer(3).fit(shards, every(1, 0, 2));
        assertSameBits(trainer(5).fit(shards, every(1, 0, 2)), trainer(5).fit(shards));
    }

    @InOneJvm
    @Test
    void aRunThatHadEndedIsReadAndNotTrained() {
        TrainState ended = trainer(3).fit(shards, every(1, 0, 2));
        assertSameBits(trainer(3).fit(shards, every(1, 0, 2)), ended);
        assertThatThrownBy(() -> trainer(2).fit(shards, every(1, 0, 2)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("at most the 2 epochs that the run is to have, but has already 3");
    }

    @InOneJvm
    @Test
    void theNewestAndTheBestAreKept() {
        UpdateRule rule = new UpdateRule(
                new FirstOrder.Sgd(),
                0.1,
                Spec.parse(Schedule.class, "piecewise([epochs(4)], [1 1e5])"),
                Penalty.NONE,
                new Clip.None(),
                0);
        Trainer trainer = trainer("dense(3)", rule, 12, EarlyStopping.NEVER, 0, 1);
        TrainState state = trainer.fit(shards, every(1, 0, 2));
        List<String> names = files(folder).stream()
                .map(file -> file.getFileName().toString().substring(0, 10))
                .toList();
        assertThat(state.bestEpoch()).isLessThan(11);
        assertThat(names)
                .hasSizeLessThanOrEqualTo(3)
                .contains(String.format("epoch-%04d", state.bestEpoch()), "epoch-0012");
    }

    @InOneJvm
    @ParameterizedTest
    @ValueSource(strings = {"cut", "flipped", "emptied", "grown"})
    void aDamagedNewestFallsBackToTheOneBefore(String damage) throws IOException {
        TrainState expected = trainer(4).fit(shards, every(1, 0, 9));
        Path newest = files(folder).get(files(folder).size() - 1);
        byte[] bytes = Files.readAllBytes(newest);
        switch (damage) {
            case "cut" -> bytes = Arrays.copyOf(bytes, bytes.length - 5);
            case "flipped" -> bytes[bytes.length / 2] ^= 4;
            case "emptied" -> bytes = new byte[0];
            default -> bytes = Arrays.copyOf(bytes, bytes.length + 1);
        }
        Files.write(newest, bytes);
        assertSameBits(trainer(4).fit(shards, every(1, 0, 9)), expected);
        assertThat(files(folder)).contains(newest, newest.resolveSibling(newest.getFileName() + ".damaged"));
    }

    @InOneJvm
    @Test
    void anotherRunIsRefusedWithWhatDiffers() {
        trainer(2).fit(shards, every(1, 0, 2));
        UpdateRule rule = new UpdateRule(new FirstOrder.Adam(), 0.02);
        EarlyStopping monitoring = new EarlyStopping(0, 0, Monitor.F1);
        Trainer other = trainer("dense(4) tanh dense(3)", rule, 3, monitoring, 0, 1);
        assertThatThrownBy(() -> other.fit(shards, every(1, 0, 2)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("must be one of this run to resume from")
                .hasMessageContaining("learning rate 0.01 and not 0.02")
                .hasMessageContaining("network 6 inputs: dense(5")
                .hasMessageContaining("monitor loss and not f1")
                .hasMessageNotContaining("batch size");
    }

    @InOneJvm
    @Test
    void otherRowsAreRefused() {
        trainer(2).fit(shards, every(1, 0, 2));
        Packing packing = new Packing(SHARDS, 7, new Loss.SoftmaxCrossEntropy(), 0, 0.2, Samples.COLUMNS);
        try (Shards others = Samples.pack(CONTEXT, Samples.clusters(250, 5), 2, packing)) {
            assertThatThrownBy(() -> trainer(3).fit(others, every(1, 0, 2)))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageContaining("fingerprint of the rows");
        }
    }

    @InOneJvm
    @Test
    void whatADriverThatDiedWasWritingIsClearedAway() throws IOException {
        trainer(2).fit(shards, every(1, 0, 2));
        Path draft = folder.resolve(".epoch-0003-step-000000024.safetensors.draft");
        Files.write(draft, new byte[] {1, 2, 3});
        trainer(3).fit(shards, every(1, 0, 2));
        assertThat(draft).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[1]);
        assertThatThrownBy(() -> trainer(1).fit(shards, new CheckpointPolicy(file + "/below", 1, 0, 1)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("checkpoints must go to a folder that can be written to");
    }

    @InOneJvm
    @Test
    void whatDivergedSaysWhereTheLastGoodWeightsAre() {
        UpdateRule calm = new UpdateRule(
                new FirstOrder.Sgd(),
                1,
                Spec.parse(Schedule.class, "piecewise([epochs(2)], [0.1 1e30])"),
                Penalty.NONE,
                new Clip.None(),
                0);
        Trainer trainer = trainer("dense(5) relu dense(3)", calm, 5, EarlyStopping.NEVER, 0, 1);
        assertThatThrownBy(() -> trainer.fit(shards, every(1, 0, 3)))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("largest gradient norm before")
                .hasMessageContaining("the last good weights are in ")
                .hasMessageContaining(".safetensors");
        assertThat(files(folder)).isNotEmpty();
    }

    /** The run whose second epoch's checkpoint is the golden file of a version. */
    private static Trainer golden(int version) {
        UpdateRule rule = new UpdateRule(new FirstOrder.Adam(), 0.01)
                .withRateFactors(version < 3 ? new RateFactors.None() : new RateFactors.ByKind(1, 0.5, 2, 1, 1));
        EarlyStopping stopping = new EarlyStopping(3, 1e-3, version == 1 ? Monitor.LOSS : Monitor.AUC);
        return trainer("dense(5) batchNorm prelu dense(3)", rule, 4, stopping, 0.9, 1);
    }

    private static String goldenFile(int version) {
        return "src/test/resources/golden/checkpoint-" + version + ".safetensors";
    }

    private static TensorFile goldenTensors(int version) throws IOException, DamagedFile {
        Path file = Path.of(goldenFile(version));
        try (InputStream in = Files.newInputStream(file)) {
            return TensorFile.read(in, Files.size(file));
        }
    }

    /** Else every checkpoint that users have would be refused as one of another run. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theGoldenFileHasTheSettingsOfItsRun(int version) throws IOException, DamagedFile {
        Map<String, String> recorded = new TreeMap<>();
        CheckpointVersions.KNOWN
                .migrated(goldenTensors(version), goldenFile(version))
                .strings()
                .forEach((name, value) -> {
                    if (name.startsWith("run.")) {
                        recorded.put(name.substring("run.".length()), value);
                    }
                });
        recorded.keySet()
                .removeAll(Set.of(
                        "shards",
                        "seed of the spreading",
                        "rows to train on",
                        "rows to validate on",
                        "fingerprint of the rows"));
        Map<String, String> settings = new TreeMap<>();
        golden(version).run().settings().stream()
                .filter(Setting::changesBits)
                .forEach(setting -> settings.put(setting.name(), setting.exact()));
        assertThat(settings).isEqualTo(recorded).hasSize(23);
    }

    private static TrainState goldenState(int version) throws IOException, DamagedFile {
        TrainState state = new TrainState(new FirstOrder.Adam(), new OuterOptimizer.Average(), new float[78], true);
        RunFingerprint any = new RunFingerprint(golden(version).run().network().layout(), "java");
        CheckpointCodec.read(goldenTensors(version), goldenFile(version), any, state);
        assertThat(new long[] {
                    state.epoch, state.step, state.taken, state.history().size()
                })
                .containsExactly(2, 12, 0, 2);
        return state;
    }

    /** Written by version 1, and to be read for good. */
    @Test
    void theFirstGoldenFileIsRead() throws IOException, DamagedFile {
        TrainState state = goldenState(1);
        assertThat(new double[] {
                    state.bestEpoch,
                    state.bestCost,
                    state.plateau.best,
                    state.plateau.factor,
                    state.history().get(1).trainingMetric()
                })
                .containsExactly(2, 0.98352327934185, 0.98352327934185, 1, 0.49462365596852403);
        assertThat(hashes(state)).containsExactly(-15560589, -1418393430, -1418393430, 1102899747, 303339772);
    }

    /** Written by version 2, of a run that monitors a metric of which larger is better. */
    @Test
    void theSecondGoldenFileIsRead() throws IOException, DamagedFile {
        TrainState state = goldenState(2);
        assertThat(new double[] {
                    state.bestEpoch,
                    state.bestCost,
                    state.plateau.best,
                    state.plateau.factor,
                    state.history().get(1).trainingMetric()
                })
                .containsExactly(2, -0.690118057135999, -0.690118057135999, 1, 0.706445243959485);
        assertThat(hashes(state)).containsExactly(-15560589, -1418393430, -1418393430, 1102899747, 303339772);
    }

    /** Written by version 3, of a run with rates by kind of parameter. */
    @Test
    void theThirdGoldenFileIsRead() throws IOException, DamagedFile {
        TrainState state = goldenState(3);
        assertThat(state.bestCost).isEqualTo(-0.6958541607245222);
        assertThat(hashes(state)).containsExactly(1257873415, 143828297, 143828297, 1280670622, -1880612670);
    }

    private static int[] hashes(TrainState state) {
        return new int[] {
            Arrays.hashCode(state.parameters),
            Arrays.hashCode(state.current()),
            Arrays.hashCode(state.bestParameters),
            Arrays.hashCode(state.slots.vector(0)),
            Arrays.hashCode(state.slots.vector(1))
        };
    }
}
