package dev.kindling.table;

import dev.kindling.table.profile.ColumnKind;

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
        String column, ColumnKind kind, String encoded, int features, long missing, String filled, String reason) {}
