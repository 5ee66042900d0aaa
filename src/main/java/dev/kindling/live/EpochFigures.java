package dev.kindling.live;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.kindling.checkpoint.Epoch;
import org.jspecify.annotations.Nullable;

/** An epoch's figures as JSON: figures that are not finite are left out. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record EpochFigures(
        int number,
        @Nullable Double trainingLoss,
        @Nullable Double trainingMetric,
        @Nullable Double validationLoss,
        @Nullable Double validationMetric,
        @Nullable Double learningRate,
        @Nullable Double gradientNorm,
        long steps,
        @Nullable Double seconds) {

    static EpochFigures of(Epoch epoch) {
        return new EpochFigures(
                epoch.number(),
                finite(epoch.trainingLoss()),
                finite(epoch.trainingMetric()),
                finite(epoch.validationLoss()),
                finite(epoch.validationMetric()),
                finite(epoch.learningRate()),
                finite(epoch.gradientNorm()),
                epoch.steps(),
                finite(epoch.seconds()));
    }

    /** The number, or null if it is not finite. */
    static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
