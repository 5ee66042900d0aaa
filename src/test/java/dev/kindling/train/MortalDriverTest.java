package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("own-context")
@Tag("slow")
final class MortalDriverTest {
    @Test
    void aDriverThatIsKilledAndBegunAgainEndsWithTheSameBits(@TempDir Path folder) throws Exception {
        long seed = System.nanoTime();
        System.out.println("MortalDriverTest kills by seed " + seed);
        MortalDriver.Fate fate = MortalDriver.run(folder, 3, new Random(seed));
        assertThat(fate.kills()).isEqualTo(3);
        assertThat(fate.damaged()).isZero();
        assertThat(fate.parameters()).isEqualTo(MortalDriver.undisturbed());
    }
}
