package dev.kindling.loss;

import dev.kindling.linalg.Require;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What the epochs of a run are compared by: the weights of the best are kept, and early stopping and a plateau wait for a
 * better one. The names are those of the metrics.
 */
@SuppressWarnings("ImmutableEnumChecker") // functions that hold nothing
public enum Monitor {
    /** The loss that is trained on. Beside it the usual metric is reported. */
    LOSS(true, true, classes -> Metric.usual(true)),
    ACCURACY(true, false, classes -> new Metric.Accuracy()),
    BALANCED_ACCURACY(true, false, Metric.BalancedAccuracy::new),
    F1(true, false, Metric.F1::new),
    AUC(true, false, Metric.RocArea::new),
    AVERAGE_PRECISION(true, false, Metric.AveragePrecision::new),
    LOG_LOSS(true, false, classes -> new Metric.LogLoss()),
    BRIER(true, false, Metric.Brier::new),
    CALIBRATION_ERROR(true, false, Metric.CalibrationError::new),
    RMSE(false, true, targets -> new Metric.RootMeanSquaredError()),
    MAE(false, true, Metric.MeanAbsoluteError::new),
    R2(false, true, Metric.RSquared::new),
    MAPE(false, true, Metric.MeanAbsolutePercentageError::new);

    private final boolean ofClasses;
    private final boolean ofValues;
    private final IntFunction<Metric> metric; // by the number of classes or targets

    Monitor(boolean ofClasses, boolean ofValues, IntFunction<Metric> metric) {
        this.ofClasses = ofClasses;
        this.ofValues = ofValues;
        this.metric = metric;
    }

    /** The names of those that suit classes, or values. */
    public static List<String> names(boolean isClassification) {
        return Arrays.stream(values())
                .filter(monitor -> monitor.suits(isClassification))
                .map(Monitor::toString)
                .toList();
    }

    /** The one of that name. */
    public static Monitor named(String name) {
        return Arrays.stream(values())
                .filter(monitor -> monitor.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no monitor " + name));
    }

    private boolean suits(boolean isClassification) {
        return isClassification ? ofClasses : ofValues;
    }

    /**
     * The metric to report beside a loss: the monitored one, or the usual one where the loss itself is monitored.
     *
     * @param outputs of the network
     */
    public Metric metric(Loss loss, int outputs) {
        boolean classifies = loss.isClassification();
        if (this == LOSS) {
            return Metric.of(loss);
        }
        Require.that(
                suits(classifies),
                "monitor must be one of " + String.join(", ", names(classifies)) + ", but is " + this);
        int count = classifies && outputs == 1 ? 2 : outputs;
        Metric chosen = metric.apply(count);
        Require.that(
                !(chosen.tally() instanceof Tally.Ranks) || count <= Tally.Ranks.MOST_CLASSES,
                "monitor " + this + " takes at most " + Tally.Ranks.MOST_CLASSES + " classes, but there are " + count
                        + ": use logLoss");
        return chosen;
    }

    /** Whether an epoch is the better, the larger this is. */
    public boolean isLargerBetter() {
        return this != LOSS && metric.apply(2).isLargerBetter();
    }

    @Override
    public String toString() {
        return this == LOSS ? "loss" : metric.apply(2).name();
    }
}
