package dev.kindling.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Hostile;
import dev.kindling.engine.StepTimes;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.safetensors.DamagedFile;
import dev.kindling.safetensors.TensorFile;
import dev.kindling.safetensors.TensorFile.Tensor;
import dev.kindling.spec.Spec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Checkpoints that are damaged, of another program, or that someone made to do harm. */
class HostileCheckpointTest {
    private static final Network NETWORK =
            Network.of(3, Spec.parseAll(Layer.class, "dense(4) batchNorm relu dense(2)"));
    private static final RunFingerprint IDENTITY = new RunFingerprint(NETWORK.layout(), "java").with("seed", 7);
    private static final int MOST_MEGABYTES = 64;

    private static TrainState blank() {
        return new TrainState(
                new FirstOrder.Adam(), new OuterOptimizer.Nesterov(), new float[NETWORK.parameterCount()], true);
    }

    private static TrainState state() {
        TrainState state = blank();
        for (int i = 0; i < state.parameters.length; i++) {
            state.parameters[i] = i + 0.5f;
        }
        state.step = 12;
        for (int i = 0; i < 2; i++) {
            state.endEpoch(new Epoch(i + 1, 1, 2, 3, 4, 0.1, 5, 6, 7, 8, new StepTimes(1, 2, 3, 4, 5)));
        }
        double[] vector = new double[state.parameters.length];
        state.curvature = new Curvature(
                3, 0.5, vector, new double[][] {vector}, new double[][] {vector.clone()}, new double[] {1});
        state.bestParameters = state.parameters.clone();
        return state;
    }

    private static byte[] bytes(TensorFile file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.write(out);
        return out.toByteArray();
    }

    private static TrainState read(byte[] file) throws IOException, DamagedFile {
        TrainState state = blank();
        CheckpointCodec.read(TensorFile.read(new ByteArrayInputStream(file), file.length), "c", IDENTITY, state);
        return state;
    }

    /** What is damaged is set aside, so it counts as refused. */
    private static TrainState readOrRefuse(byte[] file) throws IOException {
        try {
            return read(file);
        } catch (DamagedFile e) {
            throw new InvalidInput(e.getMessage());
        }
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void aDamagedCheckpointIsTheOneThatWasWrittenOrRefused(@ForAll long seed) throws IOException {
        byte[] intact = bytes(CheckpointCodec.of(state(), IDENTITY));
        Hostile.damage(List.of(intact), seed, Hostile.share(140, 10), MOST_MEGABYTES, input -> assertThat(
                        readOrRefuse(input).parameters)
                .isEqualTo(state().parameters));
    }

    /** With the checksum that belongs to it: only what is read from it can refuse it. */
    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void stringsThatNoRunHasAreRefusedWhateverTheirChecksum(@ForAll long seed) {
        TensorFile intact = CheckpointCodec.of(state(), IDENTITY);
        StringBuilder lines = new StringBuilder();
        intact.strings().forEach((key, value) -> lines.append(key + "\t" + value + "\n"));
        Hostile.damage(Hostile.bytes(lines.toString()), seed, Hostile.share(70, 10), MOST_MEGABYTES, input -> {
            Map<String, String> strings = new LinkedHashMap<>();
            for (String line : Hostile.text(input).split("\n")) {
                int tab = line.indexOf('\t');
                strings.put(line.substring(0, Math.max(tab, 0)), line.substring(tab + 1));
            }
            TrainState read = readOrRefuse(bytes(new TensorFile(strings, intact.tensors())));
            assertThat(read.epoch).isEqualTo(read.history.size());
            assertThat(read.step).isNotNegative();
            assertThat(read.taken).isNotNegative();
            assertThat(read.bestEpoch).isBetween(0, read.epoch);
        });
    }

    @Test
    void tensorsOfAnotherShapeOrTypeAreRefusedWhateverTheirChecksum() throws IOException {
        for (String name : CheckpointCodec.of(state(), IDENTITY).tensors().keySet()) {
            if (name.startsWith("lbfgs.")) {
                continue; // of any number, and of another optimizer
            }
            for (Tensor other : List.of(
                    Tensor.of(new double[7]),
                    new Tensor(new float[6], 0, 6, 6),
                    new Tensor(new float[0], 0, 0, 0, 1L << 62),
                    new Tensor(new float[12], 0, 12, 12, 1))) {
                TensorFile file = CheckpointCodec.of(state(), IDENTITY);
                file.tensors().put(name, other);
                assertRefused(bytes(file));
            }
            TensorFile file = CheckpointCodec.of(state(), IDENTITY);
            file.tensors().remove(name);
            assertRefused(bytes(file));
        }
    }

    private static void assertRefused(byte[] file) {
        assertThatThrownBy(() -> readOrRefuse(file)).isInstanceOf(InvalidInput.class);
    }

    private static byte[] file(long length, String header, int data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length < 0 ? json.length : length)
                .put(json)
                .array();
    }

    @Test
    void headersThatAskForMemoryAreRefusedWithout() {
        String sum = "\"__metadata__\":{\"sha256\":\"" + "0".repeat(64) + "\"}";
        for (byte[] input : List.of(
                file(Long.MAX_VALUE, "{}", 0),
                file(1L << 40, "{}", 0),
                file(0, "{}", 0),
                file(-1, "{" + sum + "}", 9),
                file(-1, "{" + sum + ",\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647]}}", 8),
                file(-1, "{" + sum + ",\"a\":{\"dtype\":\"F64\",\"shape\":[4294967296,4294967296]}}", 8),
                file(-1, "{" + sum + ",\"a\":{\"dtype\":\"F32\",\"shape\":[2]},\"a\":{\"shape\":[2]}}", 8),
                file(-1, "{" + sum + ",\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4),
                file(-1, "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8), // another program's
                file(-1, "[".repeat(100_000), 0),
                file(-1, "{\"a\":".repeat(100_000), 0),
                file(-1, "{\"__metadata__\":" + "9".repeat(100_000) + "}", 0),
                file(-1, "{" + sum + ",\"a\":{\"shape\":[" + "1,".repeat(100_000) + "1]}}", 4),
                new byte[0],
                new byte[7])) {
            assertRefused(input);
        }
    }
}
