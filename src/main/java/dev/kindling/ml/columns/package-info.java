/**
 * The columns that params name: how names are read, what the columns must hold, and where features come from.
 *
 * <p>Internal: its types are public only so that {@code ml} and {@code ml.internal} can use them, and may change in any release.
 * Imports {@code ml.params}, {@code table}, {@code linalg}, spark-sql and spark-mllib.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A table's columns become a column of vectors first</b> ({@link dev.kindling.ml.columns.FeatureRows}), in front of
 *       everything that trains, checks, scores or evaluates: nothing behind it knows of tables, and the bits are those of a
 *       pipeline of a table vectorizer and the estimator. The column is taken out of what {@code transform} returns.
 *   <li><b>What was learned of the columns is a param of the model</b>, so that copies and saved models have it, and a later fit
 *       can continue with the same features.
 *   <li><b>Spark's own schema check knows only top-level vectors and numbers.</b> We show it arrays and tables as vectors, several
 *       labels as one number, and fields within structs as columns ({@link dev.kindling.ml.columns.ColumnPath}).
 *       Estimators have their own {@code fit}, because Spark's would cast the label.
 * </ul>
 */
@NullMarked
package dev.kindling.ml.columns;

import org.jspecify.annotations.NullMarked;
