/**
 * Scoring without Spark: {@link dev.kindling.score.Scorer} reads a saved model and predicts. The jar {@code kindling-score} holds
 * this package and what it stands on, and needs nothing but Java 17.
 *
 * <p>Imports {@code linalg}, {@code loss}, {@code nn}, {@code nn.ensemble}, {@code model}, {@code table.value} and {@code table.encoding}; no Spark.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Nothing is computed here</b>: the values are read, the features made and the network run by the code that {@code
 *       transform} runs, so the bits are the same where the JVM has the model's GEMM backend.
 *   <li><b>A row that a model refuses is an {@code InvalidInput}</b>, whatever {@code handleInvalid} says of rows in Spark: one
 *       row's caller wants to know.
 * </ul>
 */
@NullMarked
package dev.kindling.score;

import org.jspecify.annotations.NullMarked;
