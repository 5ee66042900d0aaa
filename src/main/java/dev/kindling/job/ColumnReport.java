package dev.kindling.job;

import dev.kindling.job.io.RowCheck;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.ColumnDecision;
import dev.kindling.table.profile.ColumnKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the table vectorizer decided about the columns, and met while scoring, in lines to print. */
final class ColumnReport {
    private static final int MOST_NAMES = 40; // of columns in one line

    private ColumnReport() {}

    /**
     * A line for each kind of column with nothing to tell, then one for each other column.
     *
     * @param redacted without the reasons, which have values of the data
     */
    static List<String> lines(List<ColumnDecision> decisions, boolean redacted) {
        List<String> lines = new ArrayList<>();
        for (ColumnKind kind : ColumnKind.values()) {
            List<ColumnDecision> plain = decisions.stream()
                    .filter(decision -> decision.kind() == kind && (redacted || decision.isPlain()))
                    .toList();
            if (!plain.isEmpty()) {
                List<String> names = plain.stream()
                        .limit(MOST_NAMES)
                        .map(ColumnReport::named)
                        .toList();
                lines.add(line(
                        kind,
                        String.join(", ", names)
                                + (plain.size() > names.size()
                                        ? " and " + (plain.size() - names.size()) + " more"
                                        : "")));
            }
        }
        decisions.stream()
                .filter(decision -> !redacted && !decision.isPlain())
                .forEach(decision -> lines.add(line(decision.kind(), told(decision))));
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
        return decision.column() + ": " + decision.reason() + rows;
    }

    private static String line(ColumnKind kind, String text) {
        return InvalidInput.printable(String.format(Locale.ROOT, "  %-8s  %s", kind, text));
    }

    /** What the rows hold that the training rows did not. */
    static List<String> unseen(RowCheck.Found found) {
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
