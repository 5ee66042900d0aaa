package dev.kindling.report;

import org.jspecify.annotations.Nullable;

/**
 * The state of one layer for some rows.
 *
 * @param name such as {@code relu1}
 * @param units the layer's width
 * @param mean mean of the outputs
 * @param deviation standard deviation of the outputs
 * @param outputs histogram of the outputs
 * @param gradientSize root mean square of the gradient of a row's loss with respect to the outputs; NaN if no layer
 *     below needs it
 * @param gradients histogram of those gradients; null if there are none
 * @param saturated the share of outputs at which the function is nearly flat, with a slope of less than {@value
 *     LayerProbe#FLAT} of its steepest, so that little gradient passes; for relu, the outputs that are off. NaN for
 *     layers that are no activations
 * @param dead the share of units whose slope is below {@value LayerProbe#DEAD} of the steepest for every row: no
 *     gradient reaches them, so they no longer learn. NaN for layers that are no activations
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
