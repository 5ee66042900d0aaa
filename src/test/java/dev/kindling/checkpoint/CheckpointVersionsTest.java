package dev.kindling.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Network;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.safetensors.DamagedFile;
import dev.kindling.safetensors.TensorFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Checkpoints of older versions are brought to the newest when they are read. */
final class CheckpointVersionsTest {
    private static final Network NETWORK = Network.of(2, List.of(new Dense(1)));
    private static final RunFingerprint IDENTITY = new RunFingerprint(NETWORK.layout(), "java").with("seed", 7);

    /** Two versions before version 1 that never were: 0 called the step "steps", and -1 counted it from 1. */
    private static final CheckpointVersions VERSIONS = new CheckpointVersions(
            CheckpointVersions.KNOWN.newest() - 2,
            List.of(
                    (strings, tensors) -> strings.merge("steps", "-1", CheckpointVersionsTest::sum),
                    (strings, tensors) -> strings.put("step", required(strings.remove("steps")))));

    private static String sum(String one, String other) {
        return String.valueOf(Long.parseLong(one) + Long.parseLong(other));
    }

    private static String required(@Nullable String value) throws DamagedFile {
        if (value == null) {
            throw new DamagedFile("lacks steps");
        }
        return value;
    }

    private static TrainState state(float... parameters) {
        return new TrainState(new FirstOrder.Sgd(), new OuterOptimizer.Average(), parameters, false);
    }

    /** A file at step 12, but with these strings in place of its own. */
    private static TensorFile file(Map<String, String> replaced) {
        TrainState state = state(1, 2, 3);
        state.step = 12;
        TensorFile file = CheckpointCodec.of(state, IDENTITY);
        Map<String, String> strings = new LinkedHashMap<>(file.strings());
        strings.remove("step");
        strings.putAll(replaced);
        return new TensorFile(strings, file.tensors());
    }

    private static TrainState read(TensorFile file) throws DamagedFile {
        TrainState state = state(0, 0, 0);
        CheckpointCodec.read(file, "a file", IDENTITY, state, VERSIONS);
        return state;
    }

    private static String version(int before) {
        return String.valueOf(CheckpointVersions.KNOWN.newest() - before);
    }

    @Test
    void anOlderVersionIsMigratedStepByStep() throws DamagedFile {
        assertThat(read(file(Map.of("version", version(0), "step", "12"))).step).isEqualTo(12);
        assertThat(read(file(Map.of("version", version(1), "steps", "12"))).step)
                .isEqualTo(12);
        TrainState oldest = read(file(Map.of("version", version(2), "steps", "13")));
        assertThat(oldest.step).isEqualTo(12);
        assertThat(oldest.parameters).containsExactly(1, 2, 3);
    }

    @Test
    void migratingDoesNotChangeTheFileThatWasRead() throws DamagedFile {
        TensorFile file = file(Map.of("version", version(1), "steps", "12"));
        Map<String, String> before = Map.copyOf(file.strings());
        read(file);
        assertThat(file.strings()).isEqualTo(before);
    }

    @Test
    void aVersionThatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> read(file(Map.of("version", version(-1), "step", "12"))))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("a file must have checkpoint version " + version(2) + " or " + version(1) + " or "
                        + version(0) + ", the ones this Kindling reads, but has " + version(-1));
        assertThatThrownBy(() -> CheckpointVersions.KNOWN.migrated(file(Map.of("version", "0")), "a file"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("a file must have checkpoint version 1")
                .hasMessageEndingWith("but has 0");
    }

    @Test
    void aFileThatLacksWhatItsVersionHasIsDamaged() {
        assertThatThrownBy(() -> read(file(Map.of("version", version(1)))))
                .isInstanceOf(DamagedFile.class)
                .hasMessage("lacks steps");
    }
}
