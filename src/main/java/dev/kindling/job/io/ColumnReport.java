package dev.kindling.job.io;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.ColumnDecision;
import dev.kindling.table.profile.ColumnKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the table vectorizer decided about the columns, and met while scoring, in lines to print. */
public final class ColumnReport {
    private static final int MOST_NAMES = 40; // of columns in one line

    private ColumnReport() {}

    /**
     * A line for each kind of column, and for each reason of those that there is more to tell of.
     *
     * @param redacted without the reasons, which have values of the data
     */
    public static List<String> lines(List<ColumnDecision> decisions, boolean redacted) {
        Map<String, List<ColumnDecision>> groups = new TreeMap<>(); // those without a reason come first
        for (ColumnDecision decision : decisions) {
            String reason = redacted ? "" : told(decision);
            groups.computeIfAbsent(reason + "\n" + decision.kind(), key -> new ArrayList<>())
                    .add(decision);
        }
        List<String> lines = new ArrayList<>();
        groups.forEach((key, group) -> {
            String reason = key.substring(0, key.indexOf('\n'));
            List<String> names =
                    group.stream().limit(MOST_NAMES).map(ColumnReport::named).toList();
            String more = group.size() > names.size() ? " and " + (group.size() - names.size()) + " more" : "";
            String text = String.join(", ", names) + more + (reason.isEmpty() ? "" : ": " + reason);
            lines.add(InvalidInput.printable(
                    String.format(Locale.ROOT, "  %-8s  %s", group.get(0).kind(), text)));
        });
        return lines;
    }

    private static String named(ColumnDecision decision) {
        return decision.kind() == ColumnKind.CATEGORY
                ? decision.column() + " (" + decision.features() + ")"
                : decision.column();
    }

    private static String told(ColumnDecision decision) {
        String rows =
                decision.missing() == 0 ? "" : String.format(Locale.ROOT, " (missing in %,d rows)", decision.missing());
        String between = decision.reason().isEmpty() || decision.filled().isEmpty() ? "" : "; ";
        return decision.reason() + between + decision.filled() + rows;
    }

    /** What the rows hold that the training rows did not. */
    public static List<String> unseen(RowCheck.Found found) {
        List<String> lines = new ArrayList<>();
        found.unseen()
                .forEach((column, rows) -> lines.add(InvalidInput.printable(String.format(
                        Locale.ROOT,
                        "column \"%s\": %,d of %,d rows have a category that training did not know; they are scored without it",
                        column,
                        rows,
                        found.rows()))));
        return lines;
    }
}
