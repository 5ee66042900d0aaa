package dev.kindling.ml.persistence;

import dev.kindling.ml.internal.HasNetwork;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;

/** The thresholds of a model's classes. */
final class Thresholds {
    private Thresholds() {}

    /** Empty if it has none. */
    static double[] of(HasNetwork model) {
        return model instanceof ProbabilisticClassificationModel<?, ?> classifier
                        && classifier.isDefined(classifier.thresholds())
                ? classifier.getThresholds()
                : new double[0];
    }
}
