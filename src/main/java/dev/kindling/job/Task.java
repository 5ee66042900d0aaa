package dev.kindling.job;

import java.util.Locale;

/** What a network is to predict. */
enum Task {
    CLASSIFICATION,
    REGRESSION;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
