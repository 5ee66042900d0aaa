/**
 * How estimators and models do their work: reading rows, fitting, scoring, evaluating, saving.
 *
 * <p>Internal: its types are public only so that the packages above can use them, and may change in any release.
 * Imports {@code ml.params}, {@code check}, {@code live}, {@code train} and what they stand on, spark-sql and
 * spark-mllib; nothing of {@code ml}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The uid.</b> Spark's Scala traits build their params inside {@code super()} and read {@code uid()} for it
 *       before a Java constructor's body runs. So the field has no initialiser, {@code uid()} makes it when first
 *       asked, and a uid given to a constructor waits in {@link dev.kindling.ml.internal.Uid} meanwhile.
 *   <li><b>Scoring runs in blocks of rows</b> through {@code mapPartitions}: one matrix product of many rows costs a
 *       fraction of as many products of one row. The price is that Spark cannot move a filter from behind {@code
 *       transform} to before it.
 *   <li><b>Spark's own schema check knows only top-level vectors and numbers.</b> It is shown arrays as vectors,
 *       several labels as one number, and fields within structs as columns ({@link
 *       dev.kindling.ml.internal.ColumnPath}); so estimators have a {@code fit} of their own, as Spark's would cast the
 *       label.
 *   <li><b>A check reads all rows once</b>, for missing values and partitions, because training would stop at any row
 *       without a value; the rest of it looks at a part. Rows in both train and test are found by hashes of their
 *       features. Of large data the hashes choose the part, the same on both sides.
 *   <li><b>Model files</b> are Spark ML's metadata, a JSON text that describes the network, and the weights in Parquet
 *       rows of at most a million values. Only what is stable in Spark 3.5 and 4.1 is called.
 * </ul>
 */
@NullMarked
package dev.kindling.ml.internal;

import org.jspecify.annotations.NullMarked;
