package dev.kindling.table;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.kindling.table.profile.ColumnKind;

/**
 * What a {@link TableVectorizer} decided about a column.
 *
 * @param features the number of features it makes
 * @param missing the number of training rows without a value
 * @param reason why, and what overrides it; empty where there is nothing to tell
 */
public record ColumnDecision(String column, ColumnKind kind, int features, long missing, String reason) {

    /** Whether the column is read as its type says, and nothing else was done about it. */
    @JsonIgnore
    public boolean isPlain() {
        return reason.isEmpty();
    }
}
