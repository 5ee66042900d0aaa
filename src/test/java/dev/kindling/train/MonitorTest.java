package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.loss.Metric;
import dev.kindling.loss.Monitor;
import dev.kindling.loss.ValueLoss;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Epochs are compared by what is monitored. */
@InOneJvm
@Tag("one-line")
final class MonitorTest {
    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    private TrainState fit(List<Sample> samples, double validation, EarlyStopping stopping) {
        Packing packing = new Packing(3, 7, new Loss.SoftmaxCrossEntropy(), 0, validation, Samples.COLUMNS);
        try (Shards shards = Samples.pack(context, samples, 3, packing)) {
            return Samples.trainer(60, 16, stopping, 2).fit(shards);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loss",
                "accuracy",
                "balancedAccuracy",
                "f1",
                "auc",
                "averagePrecision",
                "logLoss",
                "brier",
                "calibrationError"
            })
    void theFirstBestEpochIsKeptAndEarlyStoppingWaitsForABetterOne(String name) {
        Monitor monitor = Monitor.named(name);
        TrainState state = fit(Samples.clusters(150, 10), 0.3, new EarlyStopping(5, 0, monitor));
        ToDoubleFunction<Epoch> figure = monitor == Monitor.LOSS ? Epoch::validationLoss : Epoch::validationMetric;
        boolean larger = monitor != Monitor.LOSS
                && monitor.metric(new Loss.SoftmaxCrossEntropy(), 3).isLargerBetter();
        Comparator<Epoch> worst = Comparator.comparingDouble(figure);
        Epoch best =
                state.history().stream().min(larger ? worst.reversed() : worst).orElseThrow();
        assertThat(figure.applyAsDouble(best)).isNotNaN();
        assertThat(state.bestEpoch()).isEqualTo(best.number()).isGreaterThan(1);
        assertThat(state.stopReason()).isEqualTo(TrainState.StopReason.EARLY_STOPPING);
        assertThat(state.history()).hasSize(state.bestEpoch() + 5);
        assertThat(state.result()).isNotEqualTo(state.parameters);
    }

    @Tag("smoke")
    @Test
    void withoutRowsToValidateOnTheTrainingMetricIsMonitored() {
        TrainState state = fit(Samples.clusters(150, 10), 0, new EarlyStopping(4, 1e-3, Monitor.AUC));
        List<Epoch> history = state.history();
        assertThat(state.stopReason()).isEqualTo(TrainState.StopReason.EARLY_STOPPING);
        double best = history.get(state.bestEpoch() - 1).trainingMetric();
        assertThat(history.subList(state.bestEpoch(), history.size()))
                .hasSize(4)
                .allSatisfy(epoch -> assertThat(epoch.trainingMetric()).isLessThanOrEqualTo(best + 1e-3));
    }

    @Test
    void aMetricThatTheRowsDoNotDefineIsRefused() {
        List<Sample> all = new ArrayList<>(Samples.clusters(60, 1));
        for (int row = 0; row < 30; row += 3) {
            all.set(row, all.get(row).held()); // all of class 0
        }
        assertThatThrownBy(() -> fit(all, 0, new EarlyStopping(0, 0, Monitor.AUC)))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(
                        "monitor auc needs rows of every class, but the rows to validate on lack one: use logLoss, or"
                                + " set more rows aside");
        assertThat(fit(all, 0, new EarlyStopping(0, 0, Monitor.BALANCED_ACCURACY))
                        .bestEpoch())
                .isPositive();
    }

    @Test
    void aMetricOfTheOtherTaskAndOneOfTooManyClassesAreRefused() {
        assertThatThrownBy(() -> Monitor.RMSE.metric(new Loss.SoftmaxCrossEntropy(), 3))
                .hasMessageContaining("monitor must be one of loss, accuracy,")
                .hasMessageEndingWith("but is rmse");
        assertThatThrownBy(() -> Monitor.AUC.metric(new ValueLoss.SquaredError(), 1))
                .hasMessage("monitor must be one of loss, rmse, mae, r2, mape, but is auc");
        assertThatThrownBy(() -> Monitor.AUC.metric(new Loss.SoftmaxCrossEntropy(), 101))
                .hasMessage("monitor auc takes at most 100 classes, but there are 101: use logLoss");
        assertThat(Monitor.AUC.metric(new Loss.SigmoidCrossEntropy(), 1)).isEqualTo(new Metric.RocArea(2));
    }

    @Test
    void theSumsOfAHundredThousandClassesStayLinear() {
        int classes = 100_000;
        for (String name : List.of("accuracy", "balancedAccuracy", "f1", "logLoss", "brier", "calibrationError")) {
            Metric metric = Monitor.named(name).metric(new Loss.SoftmaxCrossEntropy(), classes);
            assertThat(metric.tally().sums()).as(name).isLessThanOrEqualTo(3 * classes);
        }
    }
}
