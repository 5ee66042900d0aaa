package dev.kindling.search;

import java.util.List;

/**
 * The result of a trial.
 *
 * @param number counted from 1
 * @param epochs the number of epochs trained
 * @param score the mean over the folds; NaN if there is none
 * @param curve the score after each epoch that all its folds have completed
 * @param problem why it failed; empty if it did not
 */
public record TrialResult(int number, State state, int epochs, double score, List<Double> curve, String problem) {
    public TrialResult {
        curve = List.copyOf(curve);
    }

    /** How a trial ended. */
    public enum State {
        /** It trained to the end. */
        DONE,
        /** Other trials were better at a rung. */
        STOPPED,
        /** Its loss was no longer finite. */
        DIVERGED,
        /** Its params were refused. */
        REFUSED
    }
}
