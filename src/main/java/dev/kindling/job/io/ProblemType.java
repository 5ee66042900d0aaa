package dev.kindling.job.io;

import java.util.Locale;

/** What a network predicts. */
public enum ProblemType {
    CLASSIFICATION,
    REGRESSION;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
