package dev.kindling.job.scores;

import dev.kindling.job.io.RowCheck;
import dev.kindling.linalg.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a table vectorizer met while scoring, in lines to print. */
public final class ColumnReport {
    private ColumnReport() {}

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
        if (found.unknown() > 0) {
            lines.add(InvalidInput.printable(String.format(
                    Locale.ROOT,
                    "label: %,d of %,d rows have a class that training did not know, the first in row %,d; no model can"
                            + " predict it, so the figures leave them out",
                    found.unknown(),
                    found.rows(),
                    found.firstUnknown())));
        }
        return lines;
    }
}
