/**
 * Kindling as Spark ML knows estimators: {@link dev.kindling.ml.MlpClassifier} and {@link
 * dev.kindling.ml.MlpRegressor}, with their models.
 *
 * <p>Imports {@code train} and what it stands on, spark-sql and spark-mllib. Names follow Spark ML's bean conventions
 * where the rest of the house has none.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The uid.</b> Spark's Scala traits build their params inside {@code super()}, and read {@code uid()} for it
 *       before a Java constructor's body runs. So the field has no initialiser, {@code uid()} makes it when first asked,
 *       and a uid given to a constructor waits in {@link dev.kindling.ml.Uid} meanwhile.
 *   <li><b>Params are shared by interfaces</b> with default methods over a {@link dev.kindling.ml.ParamSet} that each
 *       instance makes lazily; Spark finds params by reflection on public methods. They hold plain values: specs,
 *       numbers, arrays.
 *   <li><b>Scoring runs in blocks of rows</b> through {@code mapPartitions}, for a matrix product of many rows costs a
 *       fraction of as many products of one. The price is that Spark cannot move a filter from behind {@code transform}
 *       to before it.
 *   <li><b>Spark's own schema check knows vectors alone</b>: columns of arrays pass it as vectors, and are read as they are.
 *   <li><b>A listener is no param</b>: params are plain values, which are saved. Copies take it along, as CrossValidator and
 *       {@code fit(dataset, paramMap)} fit copies.
 *   <li><b>Files</b> are Spark ML's metadata, a JSON text that describes the network, and the weights in Parquet rows of
 *       at most a million values. Only what is stable in Spark 3.5 and 4.1 is called.
 * </ul>
 */
@NullMarked
package dev.kindling.ml;

import org.jspecify.annotations.NullMarked;
