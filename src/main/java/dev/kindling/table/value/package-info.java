/**
 * How a table's values are read, whatever type and spelling they have: as a number, a text, a truth or a date.
 *
 * <p>Imports {@code linalg}, and Jackson's annotations. Internal.
 *
 * <p>It knows nothing of Spark, because {@code kindling-score} reads rows with it: {@code table.cache} turns Spark's vectors and
 * arrays into {@code double[]}.
 */
@NullMarked
package dev.kindling.table.value;

import org.jspecify.annotations.NullMarked;
