package dev.kindling.check;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats numbers and names in findings. */
final class FindingText {
    private static final int NAMED = 5;

    private FindingText() {}

    /** Three significant digits. */
    static String figure(double value) {
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e6)) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        if (size >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        int before = size < 1 ? 0 : (int) Math.floor(Math.log10(size));
        return String.format(Locale.ROOT, "%." + Math.max(0, 3 - before) + "f", value);
    }

    static String percent(double share) {
        return (share > 0 && share < 0.01 ? String.format(Locale.ROOT, "%.2g", 100 * share) : Math.round(100 * share))
                + " %";
    }

    static String count(long rows) {
        return String.format(Locale.ROOT, "%,d", rows);
    }

    /** The first few names, and how many more there are. */
    static String few(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return names.size() <= NAMED ? shown : shown + " and " + count(names.size() - NAMED) + " more";
    }

    /** Columns as the value of an option, for a shell, and for the commas between columns. */
    static String list(List<String> columns) {
        return quoted(columns.stream()
                .map(column -> column.contains(",") ? "\"" + column + "\"" : column)
                .collect(Collectors.joining(",")));
    }

    /** A value of an option, for a shell. */
    static String quoted(String value) {
        return value.matches("[\\w.,=/-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    /** {@code feature a is} or {@code features a, b are}. */
    static String features(List<String> names, String verb, String verbs) {
        return (names.size() == 1 ? "feature " : count(names.size()) + " features ") + few(names) + " "
                + (names.size() == 1 ? verb : verbs);
    }
}
