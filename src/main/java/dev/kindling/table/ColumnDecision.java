package dev.kindling.table;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.profile.ColumnKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link TableVectorizer} decided about a column.
 *
 * @param encoded what its features are, in words; empty if it has none
 * @param features how many it has
 * @param missing the number of training rows without a value
 * @param filled what a missing value becomes; empty if no training row had one
 * @param reason why, and what overrides it; empty where there is nothing to tell
 */
public record ColumnDecision(
        String column, ColumnKind kind, String encoded, int features, long missing, String filled, String reason) {
    private static final int MOST_NAMES = 40; // of columns in one line

    /**
     * A line to print for each kind of column, and for each reason of those that there is more to tell of.
     *
     * @param redacted without the reasons, which have values of the data
     */
    public static List<String> lines(List<ColumnDecision> decisions, boolean redacted) {
        Map<String, List<ColumnDecision>> groups = new TreeMap<>(); // those without a reason come first
        for (ColumnDecision decision : decisions) {
            String reason = redacted ? "" : decision.told();
            groups.computeIfAbsent(reason + "\n" + decision.kind(), key -> new ArrayList<>())
                    .add(decision);
        }
        List<String> lines = new ArrayList<>();
        groups.forEach((key, group) -> {
            String reason = key.substring(0, key.indexOf('\n'));
            List<String> names =
                    group.stream().limit(MOST_NAMES).map(ColumnDecision::named).toList();
            String more = group.size() > names.size() ? " and " + (group.size() - names.size()) + " more" : "";
            String text = String.join(", ", names) + more + (reason.isEmpty() ? "" : ": " + reason);
            lines.add(InvalidInput.printable(
                    String.format(Locale.ROOT, "  %-8s  %s", group.get(0).kind(), text)));
        });
        return lines;
    }

    private String named() {
        return kind == ColumnKind.CATEGORY ? column + " (" + features + ")" : column;
    }

    private String told() {
        String rows = missing == 0
                ? ""
                : String.format(Locale.ROOT, " (missing in %,d row%s)", missing, missing == 1 ? "" : "s");
        return reason + (reason.isEmpty() || filled.isEmpty() ? "" : "; ") + filled + rows;
    }
}
