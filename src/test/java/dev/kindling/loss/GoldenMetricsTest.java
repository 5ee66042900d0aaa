package dev.kindling.loss;

import static dev.kindling.GoldenFile.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.Numeric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Metrics are scikit-learn's on the same predictions, however the rows are split: golden_metrics.py made the file. */
@Numeric
final class GoldenMetricsTest {
    private static final double EXACT = 1e-12;
    private static final double[][] SPLITS = {{1}, {0.3, 1}, {0, 0.01, 0.5, 0.5, 0.51, 0.9, 1}};

    static List<Named<JsonNode>> classes() {
        return golden("classes");
    }

    static List<Named<JsonNode>> values() {
        return golden("values");
    }

    private static List<Named<JsonNode>> golden(String kind) {
        JsonNode all = GoldenFile.read("metrics.json").get(kind);
        return StreamSupport.stream(all.spliterator(), false)
                .map(golden -> Named.of(golden.get("name").asText(), golden))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("classes")
    void metricsOfClasses(JsonNode golden) {
        int classes = golden.get("probabilities").get(0).size();
        // of probabilities that are all tied or all in different bins, rankings are exact too
        boolean exact = golden.get("name").asText().contains("ties");
        Metric auc = new Metric.RocArea(classes);
        Metric averagePrecision = new Metric.AveragePrecision(classes);
        List<Metric> sure = List.of(
                new Metric.Accuracy(),
                new Metric.BalancedAccuracy(classes),
                new Metric.F1(classes),
                new Metric.LogLoss(),
                new Metric.Brier(classes),
                new Metric.CalibrationError(classes));
        Tally.Ranks ranks = new Tally.Ranks(classes);
        Tally.ByClass byClass = new Tally.ByClass(classes);
        List<Tally> all = new ArrayList<>(List.of(ranks));
        sure.forEach(metric -> all.add(metric.tally()));
        Tallies tallies = new Tallies(all);
        assertThat(tallies.sums()).isEqualTo(1 + 3 * classes + 1 + 1 + 2 * 15 + ranks.sums());
        for (double[] split : SPLITS) {
            double[] sums = sums(golden, tallies, split);
            for (Metric metric : sure) {
                assertThat(tallies.of(metric, sums, weight(golden)))
                        .as(metric.name())
                        .isCloseTo(golden.get(metric.name()).asDouble(), within(EXACT));
            }
            assertIs(tallies.of(auc, sums, weight(golden)), golden.get("auc"), exact ? EXACT : 1e-4);
            assertIs(
                    tallies.of(averagePrecision, sums, weight(golden)),
                    golden.get("averagePrecision"),
                    exact ? EXACT : 2e-3);
            for (int c = ranks.first(); c < classes; c++) {
                Ranking ranking = ranks.ranking(tallies.sumsOf(ranks, sums), 0, c);
                assertIs(ranking.rocArea(), golden.get("aucOfEach").get("" + c), exact ? EXACT : 1e-3);
                assertIs(
                        ranking.averagePrecision(),
                        golden.get("averagePrecisionOfEach").get("" + c),
                        exact ? EXACT : 5e-3);
            }
            for (int c = 0; c < classes; c++) {
                ClassFigures figures =
                        byClass.figures(tallies.sumsOf(byClass, sums)).get(c);
                assertThat(new double[] {figures.precision(), figures.recall(), figures.f1(), figures.support()})
                        .containsExactly(doubles(golden.get("ofEach").get(c)), within(1e-9));
            }
        }
    }

    /** A number, or NaN where scikit-learn has none. */
    private static void assertIs(double value, @Nullable JsonNode golden, double tolerance) {
        if (golden == null || golden.isNull()) {
            assertThat(value).isNaN();
        } else {
            assertThat(value).isCloseTo(golden.asDouble(), within(tolerance));
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void metricsOfValues(JsonNode golden) {
        int targets = golden.get("targets").get(0).size();
        List<Metric> metrics = List.of(
                new Metric.RootMeanSquaredError(),
                new Metric.MeanAbsoluteError(targets),
                new Metric.RSquared(targets),
                new Metric.MeanAbsolutePercentageError(targets));
        Tallies tallies = Tallies.of(metrics);
        Tally.Errors errors = new Tally.Errors(targets);
        for (double[] split : SPLITS) {
            double[] all = sums(golden, tallies, split);
            for (Metric metric : metrics) {
                assertThat(tallies.of(metric, all, weight(golden)))
                        .as(metric.name())
                        .isCloseTo(golden.get(metric.name()).asDouble(), withinPercentage(1e-7));
            }
            double[] sums = tallies.sumsOf(errors, all);
            for (int j = 0; j < targets; j++) {
                assertThat(Math.sqrt(errors.meanSquare(sums, j))).isCloseTo(each(golden, "rmse", j), within(1e-9));
                assertThat(errors.meanAbsolute(sums, j)).isCloseTo(each(golden, "mae", j), within(1e-9));
                assertThat(errors.rSquared(sums, j)).isCloseTo(each(golden, "r2", j), within(1e-9));
                assertThat(errors.meanRelative(sums, j)).isCloseTo(each(golden, "mape", j), withinPercentage(1e-7));
            }
        }
    }

    private static double each(JsonNode golden, String name, int target) {
        return golden.get(name + "OfEach").get(target).asDouble();
    }

    private static double weight(JsonNode golden) {
        return Arrays.stream(doubles(golden.get("weights"))).sum();
    }

    /** @param split the fractions of the rows at which parts of them end */
    private static double[] sums(JsonNode golden, Tallies tallies, double[] split) {
        double[] total = new double[tallies.sums()];
        int from = 0;
        for (double end : split) {
            int to = (int) Math.round(end * golden.get("weights").size());
            double[] part = new double[tallies.sums()];
            int middle = from + (to - from) / 3; // in two blocks
            tallies.add(new GoldenRows(golden, from, middle), part);
            tallies.add(new GoldenRows(golden, middle, to), part);
            tallies.join(total, part);
            from = to;
        }
        return total;
    }

    private record GoldenRows(JsonNode golden, int from, int to) implements Scored {
        @Override
        public int rows() {
            return to - from;
        }

        private JsonNode at(String name, int row) {
            return golden.get(name).get(from + row);
        }

        @Override
        public double weight(int row) {
            return at("weights", row).asDouble();
        }

        @Override
        public int actualClass(int row) {
            return at("actual", row).asInt();
        }

        @Override
        public int predictedClass(int row) {
            double[] probabilities = doubles(at("probabilities", row));
            int best = 0;
            for (int c = 1; c < probabilities.length; c++) {
                best = probabilities[c] > probabilities[best] ? c : best;
            }
            return best;
        }

        @Override
        public double probability(int row, int ofClass) {
            return at("probabilities", row).get(ofClass).asDouble();
        }

        @Override
        public int targets() {
            return at("targets", 0).size();
        }

        @Override
        public double target(int row, int place) {
            return at("targets", row).get(place).asDouble();
        }

        @Override
        public double prediction(int row, int place) {
            return at("predictions", row).get(place).asDouble();
        }
    }
}
