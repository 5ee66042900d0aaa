/**
 * Spark's own pipelines as graphs of ONNX: the stages that stand before a network of ours, from raw columns to its features.
 *
 * <p>Imports {@code linalg}, {@code export}, {@code table}, {@code ml.internal} and {@code ml.persistence}, and spark-mllib. Internal: users call
 * {@code MlpModel.exportOnnx}, or the command {@code export}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>From the network backwards</b>: a column is written when a stage reads it, so that what the network does not need, such
 *       as the label's index, is no input. But every stage must be one that can be written: Spark runs all of them.
 *   <li><b>All columns are doubles</b> of (rows, width), as in Spark; they become float32 where the network begins.
 *   <li><b>NaN is null, and a row that is refused</b>: {@code error} and {@code skip} both mean that there is no prediction, and NaN
 *       goes through every stage, as it does in Spark.
 *   <li><b>The columns' types are given</b>, because a saved pipeline does not tell them: an imputer writes a mean into whole numbers
 *       without its fraction, and an indexer reads {@code 3.0} of a double and {@code 3} of an integer.
 * </ul>
 */
@NullMarked
package dev.kindling.ml.pipeline;

import org.jspecify.annotations.NullMarked;
