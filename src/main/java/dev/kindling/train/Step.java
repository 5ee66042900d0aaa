package dev.kindling.train;

/**
 * What one step of a run came to, or one round of local steps.
 *
 * @param number counted from 1 over all epochs
 * @param loss mean over its rows, as they were trained on
 * @param learningRate that it was taken with
 * @param gradientNorm of its mean gradient, before clipping
 */
public record Step(long number, double loss, double learningRate, double gradientNorm) {}
