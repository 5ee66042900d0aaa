/**
 * Multi-layer perceptrons, trained data-parallel on Apache Spark.
 *
 * <p>Imports point one way only; {@code HouseTest} checks it:
 *
 * <pre>
 * job ──► ml ──► live ──► diagnose ──► train ──► optim ──► nn ──► linalg
 * </pre>
 *
 * {@code linalg}, {@code nn} and {@code optim} know nothing of Spark. {@code train}, {@code diagnose} and {@code live}
 * import spark-core only. {@code ml} adds spark-sql and spark-mllib. Three kinds of thing are never mixed in one class:
 * configuration (immutable records that check themselves), state (plain arrays and counters: what a checkpoint holds) and
 * scratch (a workspace per task, never serialised).
 */
@NullMarked
package dev.kindling;

import org.jspecify.annotations.NullMarked;
