/**
 * What a table's columns hold: what one pass over the rows tells of each column.
 *
 * <p>Imports {@code linalg}, {@code spark}, {@code table.value} and {@code table.cache}, and spark-mllib. Users meet {@link dev.kindling.table.profile.ColumnKind}; the rest serves {@code
 * table}.
 *
 * <p>Nothing here depends on the order of rows or on partitions: sums are exact, counts of many values are those of the smallest
 * hashes, quantiles are order statistics.
 *
 * <p>A value costs some 14 ns. Numbers wait until some thousand of a column are counted at once, because the hash tables of thirty columns
 * are larger than a processor's cache; a sum takes some thousand numbers as whole numbers of one unit, of which a single one would wait for
 * the one before.
 */
@NullMarked
package dev.kindling.table.profile;

import org.jspecify.annotations.NullMarked;
