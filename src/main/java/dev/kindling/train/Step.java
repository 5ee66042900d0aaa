package dev.kindling.train;

/**
 * The figures of one step of a run, or of one round of local steps.
 *
 * @param number counted from 1 over all epochs
 * @param loss mean over its rows, before the update
 * @param learningRate of the step
 * @param gradientNorm of its mean gradient, before clipping
 */
public record Step(long number, double loss, double learningRate, double gradientNorm) {}
