package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class TooLargeTest {
    private final Shell shell = new Shell();

    @BeforeAll
    static void startSpark() {
        LocalSpark.session();
    }

    @Test
    void hiddenLayersThatNoMemoryHoldsAreRefusedBeforeTheDataAreLookedFor() {
        int width = (int) Math.sqrt(Runtime.getRuntime().maxMemory() / 8.0); // two vectors are a whole heap
        int code = shell.run(
                "train",
                "--train",
                "missing.csv",
                "--label",
                "y",
                "--task",
                "classification",
                "--hidden",
                width + "," + width);
        assertThat(code).isEqualTo(2);
        assertThat(shell.err())
                .startsWith("kindling: the memory of the driver must hold 4 vectors of the hidden layers' ")
                .contains("--driver-memory ")
                .hasLineCount(1);
    }
}
