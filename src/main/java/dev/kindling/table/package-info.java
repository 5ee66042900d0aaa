/**
 * A raw table as features: {@link dev.kindling.table.TableVectorizer} looks at each column, decides how to read it, and makes
 * one vector column.
 *
 * <p>Imports {@code linalg}, {@code spark}, {@code table.value}, {@code table.cache}, {@code table.profile} and {@code table.encoding}, and spark-mllib. Estimators, commands and Spark ML pipelines use this one class.
 *
 * <p>How a column becomes features: {@code table.profile.ColumnProfile} is what one pass over the rows tells of it, {@code KindRules} decides
 * what kind of column it is, {@code TableFit} reads again what was found to be dates, booleans or numbers with marks, a {@code ColumnEncoding} is what is kept of it, {@code DoubtRules} says which decisions deserve a second look, and {@code RowEncoder} applies the encodings to
 * rows. To add a kind of column: a constant of {@code ColumnKind}, its rule in {@code KindRules}, its record in {@code
 * ColumnEncoding}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Texts are tried as plain numbers while they are counted</b>, because a table of texts, such as CSV, mostly holds numbers:
 *       their column is then known after one pass, and its texts are not kept.
 *   <li><b>One reading of values, in Java</b> ({@code Values}): texts, numbers, decimals and dates of any of Spark's types are
 *       read by the same code while training and while scoring, so that a model takes a CSV file's texts as well as the typed
 *       columns of a table.
 *   <li><b>Nothing depends on the order of rows</b> or on partitions: sums are exact ({@code ExactSum}), counts of many values are
 *       those of the smallest hashes ({@code ValueCounts}), quantiles are order statistics ({@code Quantiles}).
 *   <li><b>What was learned is one param</b> of the model, {@code encodings}, in JSON: Spark's own writers and readers of params
 *       save it, the same on each version of Spark, without a Spark job for each stage of a pipeline.
 *   <li><b>Week, year and day are sines and cosines of several frequencies</b>: three of a week tell each weekday from all
 *       others, as one-hot inputs would, and keep neighbours near.
 * </ul>
 */
@NullMarked
package dev.kindling.table;

import org.jspecify.annotations.NullMarked;
