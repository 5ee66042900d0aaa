/**
 * How estimators and models do their work: reading rows, fitting, scoring, evaluating, saving.
 *
 * <p>Internal: its types are public only so that the packages above can use them, and may change in any release.
 * Imports {@code ml.params}, {@code ml.columns}, {@code check}, {@code live}, {@code table.cache}, {@code train} and what they stand on, spark-sql and
 * spark-mllib; nothing of {@code ml}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Scoring runs in blocks of rows</b> through {@code mapPartitions}, because one matrix product of many rows
 *       costs a fraction of as many products of one row. The price: Spark cannot push a filter down through {@code
 *       transform}.
 *   <li><b>A check reads all rows once</b> to find missing values and count partitions, because training would stop at
 *       any row without a value. The other checks look at a sample. Rows in both train and test are found by hashes of
 *       their features. For large data the hashes choose the sample, the same on both sides.
 *   <li><b>Model files</b> are Spark ML's metadata, a JSON text that describes the network, and the weights in Parquet
 *       rows of at most a million values. Only what is stable in Spark 3.5 and 4.1 is called.
 * </ul>
 */
@NullMarked
package dev.kindling.ml.internal;

import org.jspecify.annotations.NullMarked;
