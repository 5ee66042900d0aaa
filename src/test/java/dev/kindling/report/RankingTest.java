package dev.kindling.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.LocalSpark;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Ranking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** What a tally of two classes says, beside Spark's own figures and those worked out by hand. */
final class RankingTest {
    private static final int ROWS = 4000;

    private final double[] probabilities = new double[ROWS];
    private final boolean[] own = new boolean[ROWS];

    /** @param certainty by how much the log of the odds differs between the classes */
    private Ranking ranking(double certainty, double shift) {
        SplitMix64 random = new SplitMix64(3);
        PredictedRows rows = new PredictedRows(2);
        for (int row = 0; row < ROWS; row++) {
            own[row] = random.nextDouble() < 0.3;
            double logit = random.nextGaussian() + shift + (own[row] ? certainty : 0);
            probabilities[row] = 1 / (1 + Math.exp(-logit));
            rows.add(new double[] {1 - probabilities[row], probabilities[row]}, own[row] ? 1 : 0, logit > 0 ? 1 : 0);
        }
        return rows.ranking(1);
    }

    private double sparksArea() {
        List<Tuple2<Object, Object>> scored = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            scored.add(new Tuple2<>(probabilities[row], own[row] ? 1.0 : 0.0));
        }
        JavaRDD<Tuple2<Object, Object>> rows =
                new JavaSparkContext(LocalSpark.session().sparkContext()).parallelize(scored, 2);
        BinaryClassificationMetrics metrics = new BinaryClassificationMetrics(rows.rdd(), 0);
        try {
            return metrics.areaUnderROC();
        } finally {
            metrics.unpersist();
        }
    }

    @Tag("one-line")
    @Test
    void theAreaUnderTheRocCurveIsSparksEvenWhereAllProbabilitiesCrowdAtOneEnd() {
        assertThat(ranking(1.5, 0).rocArea()).isCloseTo(sparksArea(), within(1e-3));
        // all are below 0.001
        assertThat(ranking(1.5, -12).rocArea()).isCloseTo(sparksArea(), within(1e-3));
    }

    @Test
    void theAveragePrecisionIsThatOfRowsInTheirOrder() {
        Ranking ranking = ranking(1.5, 0);
        Integer[] order = new Integer[ROWS];
        Arrays.setAll(order, row -> row);
        Arrays.sort(order, (one, other) -> Double.compare(probabilities[other], probabilities[one]));
        double sum = 0;
        int found = 0;
        for (int i = 0; i < ROWS; i++) {
            if (own[order[i]]) {
                found++;
                sum += (double) found / (i + 1);
            }
        }
        assertThat(ranking.averagePrecision()).isCloseTo(sum / found, within(5e-3));
    }

    @Test
    void figuresOfFourRowsAreScikitLearns() {
        // roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) = 0.75, average_precision_score = 0.8333…
        PredictedRows rows = new PredictedRows(2);
        double[] scores = {0.1, 0.4, 0.35, 0.8};
        for (int row = 0; row < 4; row++) {
            rows.add(new double[] {1 - scores[row], scores[row]}, row / 2, scores[row] > 0.5 ? 1 : 0);
        }
        Ranking ranking = rows.ranking(1);
        assertThat(ranking.rocArea()).isEqualTo(0.75);
        assertThat(ranking.averagePrecision()).isCloseTo(0.8333333, within(1e-6));
        assertThat(ranking.roc(0)[0]).startsWith(0).endsWith(1).isSorted();
        assertThat(ranking.roc(0)[1]).startsWith(0).endsWith(1).isSorted();
    }

    @Test
    void probabilitiesThatComeTrueAreCalibratedAndOthersAreNot() {
        SplitMix64 random = new SplitMix64(8);
        PredictedRows honest = new PredictedRows(2);
        PredictedRows boastful = new PredictedRows(2);
        for (int row = 0; row < 20_000; row++) {
            double truth = random.nextDouble();
            boolean isOwn = random.nextDouble() < truth;
            double more = truth < 0.5 ? truth / 2 : (1 + truth) / 2;
            honest.add(new double[] {1 - truth, truth}, isOwn ? 1 : 0, 1);
            boastful.add(new double[] {1 - more, more}, isOwn ? 1 : 0, 1);
        }
        assertThat(distance(honest)).isLessThan(0.02);
        assertThat(distance(boastful)).isCloseTo(0.125, within(0.02));
    }

    /** The mean distance of what is predicted from what is observed, weighted by rows. */
    private static double distance(PredictedRows rows) {
        Ranking.Reliability groups = rows.ranking(1).reliability(10);
        double sum = 0;
        for (int i = 0; i < 10; i++) {
            double distance = Math.abs(groups.predicted()[i] - groups.observed()[i]);
            sum += groups.weights()[i] == 0 ? 0 : groups.weights()[i] * distance; // NaN without rows
        }
        return sum / Arrays.stream(groups.weights()).sum();
    }
}
