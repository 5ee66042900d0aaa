package dev.kindling.teach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.Numeric;
import dev.kindling.linalg.RandomKey;
import org.junit.jupiter.api.Test;

/** Points where their formulas say, and where scikit-learn puts them. */
@Numeric
final class PlaneDataTest {
    private static final RandomKey KEY = RandomKey.of(3);

    static JsonNode golden() {
        return GoldenFile.read("teach.json");
    }

    @Test
    void moonsAndCirclesWithoutNoiseAreThoseOfScikitLearn() {
        assertIs(golden().get("moons"), PlaneData.moons(11, 0, KEY));
        assertIs(golden().get("circles"), PlaneData.circles(11, 0.5, 0, KEY));
    }

    private static void assertIs(JsonNode expected, PlaneData data) {
        assertThat(data.rows()).isEqualTo(11);
        assertThat(data.classes()).isEqualTo(2);
        for (int row = 0; row < 11; row++) {
            assertThat(data.labels()[row])
                    .isEqualTo((float) expected.at("/labels/" + row).asDouble());
            for (int i = 0; i < 2; i++) {
                double at = expected.at("/points/" + row + "/" + i).asDouble();
                assertThat((double) data.points()[2 * row + i]).isCloseTo(at, within(1e-7));
            }
        }
    }

    @Test
    void armsOfSpiralsAreOneArmTurned() {
        PlaneData data = PlaneData.spirals(3, 300, 1, 0, KEY);
        for (int i = 0; i < 100; i++) {
            double radius = (i + 1) / 100.0;
            for (int arm = 0; arm < 3; arm++) {
                int row = 100 * arm + i;
                assertThat(data.labels()[row]).isEqualTo(arm);
                double angle = 2 * Math.PI * (radius + arm / 3.0); // one turn
                assertThat((double) data.points()[2 * row]).isCloseTo(radius * Math.cos(angle), within(1e-6));
                assertThat((double) data.points()[2 * row + 1]).isCloseTo(radius * Math.sin(angle), within(1e-6));
            }
        }
    }

    @Test
    void noiseIsNormalWithTheDeviationAskedForAndTheKeysOwn() {
        PlaneData plain = PlaneData.circles(4000, 0.5, 0, KEY);
        PlaneData noisy = PlaneData.circles(4000, 0.5, 0.1, KEY);
        double squares = 0;
        int within = 0;
        for (int i = 0; i < 8000; i++) {
            double noise = noisy.points()[i] - plain.points()[i];
            squares += noise * noise;
            within += Math.abs(noise) < 0.1 ? 1 : 0;
        }
        assertThat(Math.sqrt(squares / 8000)).isCloseTo(0.1, within(0.003));
        assertThat(within / 8000.0).isCloseTo(0.6827, within(0.02));
        assertThat(PlaneData.circles(4000, 0.5, 0.1, KEY).points()).isEqualTo(noisy.points());
        assertThat(PlaneData.circles(4000, 0.5, 0.1, KEY.fold(1)).points()).isNotEqualTo(noisy.points());
    }
}
