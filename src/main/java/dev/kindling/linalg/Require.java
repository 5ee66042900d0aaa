package dev.kindling.linalg;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks of user input. Each check returns the value it was given, or throws {@link InvalidInput} with a sentence that
 * starts with {@code what}, the user's word for the value: {@code batch size must be positive, but is -3}.
 */
public final class Require {
    private static final int LONGEST_NAME = 200;

    private Require() {}

    /** The value, if it is at least 1. */
    public static int positive(int value, String what) {
        return (int) positive((long) value, what);
    }

    /** The value, if it is at least 1. */
    public static long positive(long value, String what) {
        if (value <= 0) {
            throw new InvalidInput(what + " must be positive, but is " + value);
        }
        return value;
    }

    /** The value, if it is finite and above 0. */
    public static double positive(double value, String what) {
        if (finite(value, what) <= 0) {
            throw new InvalidInput(what + " must be positive, but is " + text(value));
        }
        return value;
    }

    /** The value, if it is at least 0. */
    public static int nonNegative(int value, String what) {
        return (int) nonNegative((long) value, what);
    }

    /** The value, if it is at least 0. */
    public static long nonNegative(long value, String what) {
        if (value < 0) {
            throw new InvalidInput(what + " must not be negative, but is " + value);
        }
        return value;
    }

    /** The value, if it is finite and at least 0. */
    public static double nonNegative(double value, String what) {
        if (finite(value, what) < 0) {
            throw new InvalidInput(what + " must not be negative, but is " + text(value));
        }
        return value;
    }

    /** The value, if it is neither infinite nor NaN. */
    public static double finite(double value, String what) {
        if (!Double.isFinite(value)) {
            throw new InvalidInput(what + " must be a finite number, but is " + value);
        }
        return value;
    }

    /** The value, if {@code low <= value <= high}. */
    public static double inRange(double value, double low, double high, String what) {
        if (!(value >= low && value <= high)) { // negated, so that NaN is refused
            throw new InvalidInput(
                    what + " must be between " + text(low) + " and " + text(high) + ", but is " + text(value));
        }
        return value;
    }

    /** The value, if it lies in [0, 1). */
    public static double fraction(double value, String what) {
        if (!(value >= 0 && value < 1)) {
            throw new InvalidInput(what + " must be at least 0 and less than 1, but is " + text(value));
        }
        return value;
    }

    /**
     * A check for anything that no other method covers.
     *
     * @param holds what must be true
     * @param message the whole sentence; a call in a loop should build it only on failure, with {@code throw}
     */
    public static void that(boolean holds, String message) {
        if (!holds) {
            throw new InvalidInput(message);
        }
    }

    /**
     * The value, if it is one of the known names, spelled exactly. Otherwise the message lists the names and suggests
     * the {@link #nearest}.
     */
    public static String oneOf(String value, Collection<String> known, String what) {
        if (known.contains(value)) {
            return value;
        }
        String suggestion = nearest(value, known)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
        throw new InvalidInput(
                what + " must be one of " + String.join(", ", known) + ", but is \"" + value + "\"" + suggestion);
    }

    /**
     * The known name that the given one is probably a misspelling of: the one with the smallest number of insertions,
     * deletions, substitutions and swaps of neighbours, ignoring case, and at most one for every three letters (one for
     * a short name). Ties go to the first; empty if none is that near. Names of more than {@value #LONGEST_NAME}
     * characters match nothing.
     */
    public static Optional<String> nearest(String name, Collection<String> known) {
        String nearest = null;
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int shorter = Math.min(name.length(), candidate.length());
            int longer = Math.max(name.length(), candidate.length());
            if (longer > LONGEST_NAME) {
                continue;
            }
            int edits = edits(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            boolean near = edits <= Math.max(1, longer / 3) && edits < shorter;
            if ((near || edits == 0) && edits < fewest) {
                nearest = candidate;
                fewest = edits;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** The optimal string alignment distance: Levenshtein's distance where a swap of two neighbours counts as one. */
    private static int edits(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1]; // [i][j]: from the first i of a to the first j of b
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least =
                        Math.min(distance[i - 1][j - 1] + change, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, 1 + distance[i - 2][j - 2]);
                }
                distance[i][j] = least;
            }
        }
        return distance[a.length()][b.length()];
    }

    /** As a user would write it: 3, not 3.0. */
    private static String text(double value) {
        return value == (int) value ? Integer.toString((int) value) : Double.toString(value);
    }
}
