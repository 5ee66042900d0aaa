/**
 * What a table's columns hold: what one pass over the rows tells of each column.
 *
 * <p>Imports {@code linalg}, {@code spark}, {@code table.value} and {@code table.cache}, and spark-mllib. Users meet {@link dev.kindling.table.profile.ColumnKind}; the rest serves {@code
 * table}.
 *
 * <p>Nothing here depends on the order of rows or on partitions: sums are exact, counts of many values are those of the smallest
 * hashes, quantiles are order statistics.
 */
@NullMarked
package dev.kindling.table.profile;

import org.jspecify.annotations.NullMarked;
