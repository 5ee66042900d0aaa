package dev.kindling.linalg;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Checks at the door. Each throws {@link InvalidInput} in the caller's words. */
public final class Require {
    private Require() {}

    public static void that(boolean holds, String message) {
        if (!holds) {
            throw new InvalidInput(message);
        }
    }

    public static void positive(long value, String what) {
        if (value <= 0) {
            throw new InvalidInput(what + " must be positive, but is " + value);
        }
    }

    public static void nonNegative(long value, String what) {
        if (value < 0) {
            throw new InvalidInput(what + " must not be negative, but is " + value);
        }
    }

    /** Finite and above 0. */
    public static void positive(double value, String what) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new InvalidInput(what + " must be positive and finite, but is " + value);
        }
    }

    /** Finite and not below 0. */
    public static void nonNegative(double value, String what) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new InvalidInput(what + " must be finite and not negative, but is " + value);
        }
    }

    /** In [low, high]. */
    public static void inRange(double value, double low, double high, String what) {
        if (!(value >= low && value <= high)) {
            throw new InvalidInput(what + " must be in [" + low + ", " + high + "], but is " + value);
        }
    }

    /** In [0, 1). */
    public static void fraction(double value, String what) {
        if (!(value >= 0 && value < 1)) {
            throw new InvalidInput(what + " must be in [0, 1), but is " + value);
        }
    }

    /** One of the names that exist. */
    public static void oneOf(String name, Collection<String> known, String what) {
        if (!known.contains(name)) {
            throw new InvalidInput("there is no " + what + " \"" + name + "\""
                    + nearest(name, known)
                            .map(near -> "; did you mean \"" + near + "\"?")
                            .orElse(";")
                    + " There are: " + String.join(", ", known));
        }
    }

    /** The name that was probably meant: the one with the fewest edits, if they are at most a third of its letters. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        String best = null;
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int edits = edits(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (edits < fewest && 3 * edits <= Math.max(3, Math.max(name.length(), candidate.length()))) {
                fewest = edits;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other. */
    private static int edits(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
