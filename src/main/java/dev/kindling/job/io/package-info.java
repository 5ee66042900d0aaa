/**
 * What commands read and write: files of every format, the columns a model needs, model folders.
 *
 * <p>Internal: its types are public only so that the packages above can use them, and may change in any release.
 * Imports {@code ml} and what it stands on, spark-sql, spark-mllib and Hadoop's file systems.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A model folder is a Spark {@code PipelineModel}</b> (preparation and network, for any Spark program to load)
 *       with {@code kindling.json} beside its stages: the task and, for every column the model needs, name, kind and
 *       role. With it {@code predict} and {@code evaluate} take the same raw file as {@code train}, whatever the order
 *       of its columns, and need no guess about types.
 *   <li><b>CSV is typed once</b>, when training. Later it is read as text and cast to the kinds that the model knows,
 *       so that a column of a small file cannot turn from a number into text, and {@code predict} gives back every
 *       value as it was written.
 *   <li><b>Rows are checked before they are used</b>, in a pass of its own that also counts them: scaling, scoring and
 *       evaluation would otherwise turn a bad value into a wrong number or a stack trace, and only here the row's
 *       number in the file is known.
 *   <li><b>Nothing half-written is left</b>: folders and files are written under a temporary name beside the final one
 *       and renamed. What they replace is set aside until then, and comes back if the disk is full or the rename fails;
 *       a driver killed between the two renames leaves it as {@code .kindling-*.old}. What is in the way is refused
 *       before any work (exit code 2); what breaks while writing is told with its place (exit code 1).
 *   <li>Columns that pipelines add begin with {@code kindling_}. Spark ML cannot address columns with dots in their
 *       names, so the pipeline knows {@code sepal.length} as {@code sepal_length}.
 *   <li>Paths are Spark's: of the cluster's default file system where they name none. {@code bundled:NAME} are the data
 *       in the job jar.
 * </ul>
 */
@NullMarked
package dev.kindling.job.io;

import org.jspecify.annotations.NullMarked;
