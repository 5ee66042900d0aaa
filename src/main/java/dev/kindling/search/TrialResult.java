package dev.kindling.search;

import java.util.List;

/**
 * What a trial came to.
 *
 * @param number counted from 1
 * @param epochs that it trained
 * @param score mean over the folds; NaN where it has none
 * @param curve the score after each epoch that all its folds have ended
 * @param problem what ended it where it failed; else empty
 */
public record TrialResult(int number, State state, int epochs, double score, List<Double> curve, String problem) {
    public TrialResult {
        curve = List.copyOf(curve);
    }

    /** How a trial ended. */
    public enum State {
        /** It trained to the end. */
        DONE,
        /** Others were better at a rung. */
        STOPPED,
        /** Its loss was no number any more. */
        DIVERGED,
        /** It could not train. */
        REFUSED
    }
}
