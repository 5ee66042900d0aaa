package dev.kindling.report;

import org.jspecify.annotations.Nullable;

/**
 * What one layer made of some rows.
 *
 * @param name such as {@code relu1}
 * @param units its width
 * @param mean of its outputs
 * @param deviation of its outputs
 * @param outputs their histogram
 * @param gradientSize root mean square of the gradient of a row's loss with respect to its outputs; NaN where no layer below
 *     needs one
 * @param gradients their histogram; null where there are none
 * @param saturated the share of its outputs at which the function is nearly flat, with a slope of less than
 *     {@value LayerProbe#FLAT} of its steepest, so that little gradient passes; of relu, those that are off. NaN for what is
 *     no activation
 * @param dead the share of its units that are as good as flat, below {@value LayerProbe#DEAD}, for every row: no gradient
 *     reaches them, and they learn no more. NaN for what is no activation
 */
public record LayerState(
        String name,
        int units,
        double mean,
        double deviation,
        Histogram outputs,
        double gradientSize,
        @Nullable Histogram gradients,
        double saturated,
        double dead) {}
