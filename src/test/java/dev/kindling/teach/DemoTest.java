package dev.kindling.teach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.Browser;
import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lessons' figures, and the page that shows them. */
@Numeric
final class DemoTest {
    private static final Gemm GEMM = Gemm.named("java");
    private static final List<DeepSignal> SIGNALS = DeepSignal.all(GEMM, RandomKey.of(7));
    private static final List<String> LOG = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private static Demo demo;

    @TempDir
    Path folder;

    /** With a clock that moves by a millisecond whenever it is read. */
    private static Demo demo(long seed, List<String> log) {
        AtomicLong clock = new AtomicLong();
        return Demo.of(seed, () -> clock.addAndGet(1_000_000), log::add);
    }

    @BeforeAll
    static void compute() {
        demo = demo(1, LOG);
    }

    @Test
    void theSameSeedGivesTheSamePageAndAnotherSeedAnother() {
        assertThat(demo(1, new ArrayList<>()).page()).isEqualTo(demo.page());
        assertThat(demo(2, new ArrayList<>()).json().get("boundaries"))
                .isNotEqualTo(demo.json().get("boundaries"));
    }

    @Test
    void theLogHasEveryLesson() {
        String log = String.join("\n", LOG);
        assertThat(log).contains("two moons", "circles", "spirals", "saddle", "ravine", "bent valley");
        assertThat(log).contains("Xavier", "He", "random search", "numerical derivatives", "backpropagation");
        assertThat(LOG).hasSize(3 + 18 + 8 + 3 + 4 + 3); // rows, headings, lines between
    }

    @Test
    void networksLearnEachDataSetWhateverTheSeed() {
        for (long seed = 1; seed <= 5; seed++) {
            for (Boundary boundary : Boundary.all(GEMM, RandomKey.of(seed))) {
                String what = boundary.name() + " with seed " + seed;
                float[] accuracies = boundary.accuracies();
                assertThat(accuracies[accuracies.length - 1]).as(what).isGreaterThan(0.95f);
                assertThat(boundary.freshAccuracy()).as(what).isGreaterThan(0.93);
                float[] losses = boundary.losses();
                assertThat(losses[losses.length - 1]).as(what).isLessThan(0.2f * losses[0]);
            }
        }
    }

    @Test
    void framesAreTheNetworksWordOnEachPlace() {
        JsonNode moons = demo.json().at("/boundaries/0");
        int cells = moons.get("cells").asInt();
        int frames = moons.get("frames").size();
        assertThat(moons.at("/frameSteps/0").asInt()).isZero();
        assertThat(moons.at("/frameSteps/" + (frames - 1)).asInt())
                .isEqualTo(moons.get("losses").size() - 1);
        byte[] last =
                Base64.getDecoder().decode(moons.at("/frames/" + (frames - 1)).asText());
        assertThat(last).hasSize(cells * cells);
        int agrees = 0;
        for (int row = 0; row < 300; row++) {
            double x = moons.at("/points/" + 2 * row).asDouble()
                    - moons.get("left").asDouble();
            double y = moons.at("/points/" + (2 * row + 1)).asDouble()
                    - moons.get("bottom").asDouble();
            double cell = moons.get("side").asDouble() / cells;
            int at = (cells - 1 - (int) (y / cell)) * cells + (int) (x / cell);
            boolean second = Byte.toUnsignedInt(last[at]) > 127;
            agrees += second == (moons.at("/labels/" + row).asInt() == 1) ? 1 : 0;
        }
        assertThat(agrees / 300.0)
                .isCloseTo(moons.at("/accuracies/" + (frames - 1)).asDouble(), within(0.02));
    }

    private static DeepSignal signal(String activation, String initializer) {
        return SIGNALS.stream()
                .filter(signal -> signal.activation().equals(activation)
                        && signal.initializer().equals(initializer))
                .findFirst()
                .orElseThrow();
    }

    private static double last(double[] values) {
        return values[values.length - 1];
    }

    @Test
    void smallWeightsLoseSignalAndGradientByTheFactorOfTheirLayers() {
        DeepSignal signal = signal("tanh", "normal(0.01)");
        for (int layer = 1; layer < DeepSignal.LAYERS; layer++) {
            double kept = 0.01 * Math.sqrt(DeepSignal.UNITS); // where tanh is a line
            assertThat(signal.deviations()[layer] / signal.deviations()[layer - 1])
                    .isCloseTo(kept, within(0.1 * kept));
            assertThat(signal.gradients()[layer - 1] / signal.gradients()[layer])
                    .isCloseTo(kept, within(0.15 * kept));
        }
    }

    @Test
    void xavierKeepsTanhAndHeKeepsReluAndLargeWeightsSaturateOrExplode() {
        DeepSignal tanh = signal("tanh", "Xavier");
        assertThat(last(tanh.deviations())).isGreaterThan(0.2);
        assertThat(tanh.gradients()[0] / last(tanh.gradients())).isBetween(0.1, 10.0);
        assertThat(last(tanh.saturated())).isLessThan(0.01);
        DeepSignal relu = signal("relu", "He");
        assertThat(last(relu.deviations()) / relu.deviations()[0]).isBetween(0.5, 2.0);
        assertThat(relu.gradients()[0] / last(relu.gradients())).isBetween(0.5, 2.0);
        double halved = last(signal("relu", "Xavier").deviations()) / last(relu.deviations());
        assertThat(halved)
                .isCloseTo(Math.pow(2, -5), within(0.001)); // the same draws, √2 smaller in each of ten layers
        DeepSignal wide = signal("tanh", "normal(1)");
        assertThat(last(wide.saturated())).isGreaterThan(0.8);
        assertThat(wide.gradients()[0] / last(wide.gradients())).isGreaterThan(1000);
        assertThat(last(signal("relu", "normal(1)").deviations())).isGreaterThan(1e9);
    }

    @Test
    void histogramsCountEveryValue() {
        DeepSignal signal = signal("relu", "normal(1)");
        for (int layer = 0; layer < DeepSignal.LAYERS; layer++) {
            assertThat(Arrays.stream(signal.activationBins()[layer]).sum()).isEqualTo(512 * DeepSignal.UNITS);
            assertThat(Arrays.stream(signal.gradientBins()[layer]).sum()).isEqualTo(32 * DeepSignal.UNITS);
        }
    }

    @Test
    void threeWaysHaveOneBudgetAndNumericalStepsAreThoseOfBackpropagation() {
        List<GradientRace.Runner> runners = GradientRace.run(GEMM, RandomKey.of(5), () -> 0);
        GradientRace.Runner random = runners.get(0);
        GradientRace.Runner numerical = runners.get(1);
        GradientRace.Runner backward = runners.get(2);
        int parameters = 2 * 8 + 8 + 8 + 1;
        assertThat(runners.stream().map(GradientRace.Runner::passesPerStep)).containsExactly(1, 2 * parameters + 2, 2);
        for (GradientRace.Runner runner : runners) {
            assertThat(runner.passes()[runner.passes().length - 1]).isEqualTo(200L * (2 * parameters + 2));
            assertThat(runner.steps() * runner.passesPerStep()).isEqualTo(200L * (2 * parameters + 2));
            assertThat(runner.passes()).doesNotHaveDuplicates().isSorted();
        }
        assertThat(numerical.losses()[0]).isEqualTo(backward.losses()[0]).isEqualTo(random.losses()[0]);
        int compared = 0;
        for (int i = 0; i < numerical.passes().length; i++) {
            long step = numerical.passes()[i] / numerical.passesPerStep();
            for (int j = 0; j < backward.passes().length; j++) {
                if (backward.passes()[j] == 2 * step) {
                    assertThat(numerical.losses()[i]).isCloseTo(backward.losses()[j], within(0.005f));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(10);
        for (int i = 1; i < random.losses().length; i++) {
            assertThat(random.losses()[i]).isLessThanOrEqualTo(random.losses()[i - 1]);
        }
        assertThat(backward.passesToTarget()).isBetween(1L, numerical.passesToTarget() / 20);
    }

    @Test
    void thePageAsksNothingOfANetworkAndIsSmall() {
        String page = demo.page();
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(2 << 20);
        assertThat(Pattern.compile("<script").matcher(page).results()).hasSize(3);
        assertThat(page).contains("default-src 'none'").doesNotContain("sourceMappingURL", "@import", "fetch(", "url(");
        String markup = page.replaceAll("(?s)(<script[^>]*>).*?</script>", "$1");
        assertThat(markup).doesNotContain("src=", "href=");
    }

    /** Not among the slow tests, for which the page would be made a second time. */
    @Test
    void aBrowserDrawsEverySectionWithoutAnError() throws Exception {
        Path file = Files.writeString(folder.resolve("demo.html"), demo.page());
        String shown = Browser.onPath(file.getParent()).dom(file.toUri());
        assertThat(shown)
                .doesNotContain("data-error")
                .contains(
                        "data-films=\"6\"",
                        "A network bends the plane",
                        "Six ways down",
                        "What initial weights do to ten layers",
                        "What a gradient costs",
                        "Two moons",
                        "Bent valley");
        long canvases = Pattern.compile("<canvas").matcher(shown).results().count();
        assertThat(shown).contains("data-charts=\"" + (canvases - 6) + "\"");
        assertThat(shown.replaceAll("(?s)<script.*?</script>", "")).doesNotContain("undefined", "NaN");
        long histograms =
                Pattern.compile("class=\"layers\"").matcher(shown).results().count();
        assertThat(histograms).isEqualTo(16);
        assertThat(Pattern.compile("step (\\d+), \\d").matcher(shown).results()).hasSize(3);
    }
}
