/**
 * How each kind of a table's columns becomes features: what is kept of a column, what it makes of a row's value, and the same as
 * nodes of an ONNX graph.
 *
 * <p>Imports {@code linalg}, {@code export} and {@code table.value}, and Jackson; no Spark, because {@code score} makes features with it. Internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Rows and graphs stand side by side in one class</b>, so that a new kind of column cannot be without a graph.
 *   <li><b>In a graph, numbers, booleans and dates are doubles</b>, because NaN tells a missing one, and features are centred in
 *       double, from the source's values. A date is seconds since 1970 on the clocks of the model's time zone: no operator reads
 *       texts as dates. Categories are texts; an empty one is missing.
 * </ul>
 */
@NullMarked
package dev.kindling.table.encoding;

import org.jspecify.annotations.NullMarked;
