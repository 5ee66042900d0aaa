/**
 * The command line: {@code check}, {@code train}, {@code evaluate}, {@code predict}, {@code lr-range}, {@code search} and {@code demo}. A command
 * reads its options, reads data, calls one method of {@code ml} and reports; {@code demo} needs no data, and calls {@code teach}.
 *
 * <p>Imports {@code ml} and what is below it, spark-sql, spark-mllib, Hadoop's file systems, and picocli.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The model folder is a Spark {@code PipelineModel}</b> (preparation and network, for any Spark program to load)
 *       and beside its stages {@code kindling.json}: the task and, for every column the model needs, name, kind and role.
 *       With it {@code predict} and {@code evaluate} take the same raw file as {@code train}, whatever the order of its
 *       columns, and need no guess about types.
 *   <li><b>CSV is typed once</b>, when training. Later it is read as text and cast to the kinds that the model knows, so
 *       that a column of a small file cannot turn from a number into text, and {@code predict} gives back every value as
 *       it was written.
 *   <li><b>Rows are checked before they are used</b>, in a pass of its own that also counts them: scaling, scoring and
 *       evaluation would otherwise turn a bad value into a wrong number or a stack trace, and only here the row's number
 *       in the file is known.
 *   <li><b>A row's side of {@code --test-fraction} follows from its contents</b> (a keyed hash of features and label), as
 *       for the validation fraction: Spark gives rows no lasting order. Copies of a row stay on one side.
 *   <li>The dictionaries of text columns come from all rows that {@code --test-fraction} splits: a rare category must not
 *       decide whether a run succeeds. A test file of its own must bring no new ones.
 *   <li><b>Nothing half-written is left</b>: folders and files are written under a temporary name beside the final one and
 *       renamed. What they replace is set aside until then, and comes back if the disk is full or the rename fails; a
 *       driver killed between the two renames leaves it as {@code .kindling-*.old}. What is in the way is refused before
 *       any work (exit code 2); what breaks while writing is told with its place (exit code 1).
 *   <li>Columns that pipelines add begin with {@code kindling_}. Spark ML cannot address columns with dots in their names,
 *       so the pipeline knows {@code sepal.length} as {@code sepal_length}.
 *   <li><b>A search saves no model</b> but the options of its best trial, as a file for {@code train}: one command trains.
 *   <li><b>{@code check} lets numbers be missing</b>, where other commands refuse the first such row, for it counts them by
 *       column. Errors that it finds are exit code 3: its own work is done, but a script should not go on to {@code train}.
 *   <li>Paths are Spark's: of the cluster's default file system where they name none. {@code bundled:NAME} are the data
 *       in the job jar.
 * </ul>
 */
@NullMarked
package dev.kindling.job;

import org.jspecify.annotations.NullMarked;
