/**
 * What commands read and write: files of every format, the columns a model needs, model folders.
 *
 * <p>Internal: its types are public only so that the packages above can use them, and may change in any release.
 * Imports {@code table.cache}, {@code job.input}, {@code job.storage}, {@code ml} and what it imports, spark-sql, spark-mllib and Hadoop's file systems.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A model folder is a Spark {@code PipelineModel}</b> (preprocessing and network, which any Spark program can
 *       load) with {@code kindling.json} beside its stages: the task and, for every column the model needs, its name,
 *       kind and role. So {@code predict} and {@code evaluate} take the same raw file as {@code train}, with columns in
 *       any order, and need not guess types.
 *   <li><b>Data are read once</b> ({@code table.cache.CachedTable}), however often they are looked at: parsing text takes longer than
 *       all that is done with the values.
 *   <li><b>CSV is typed once</b>, when training. Later it is read as text and cast to the kinds that the model knows,
 *       so that the type of a column cannot change in a small file, and {@code predict} returns every value as it was
 *       written.
 *   <li><b>The kind of a column decides what a value means</b>, not the type that a file happens to have: true, True and 1
 *       are one boolean; 1, 01 and 1.0 one class. A value that is none of the kind is refused.
 *   <li><b>A numeric label names classes.</b> If its values are exactly 0, 1, 2, …, they are class indices as they stand, as in
 *       Spark ML. Otherwise their texts are indexed in the order of the numbers, so that the network has no output for a
 *       class that no row has.
 *   <li><b>Prepared rows name their source</b> in the metadata of columns, so that messages and findings have the data's
 *       names where the pipeline needs its own.
 *   <li><b>Rows are checked before they are used</b>, in a pass over the cache that also counts them: otherwise scaling, scoring
 *       and evaluation would turn a bad value into a wrong number or a stack trace. Where a label of few values is all to check,
 *       those are, which the first pass collected; only if one is bad, a pass over the rows finds the row's number in the file.
 *   <li><b>Nothing half-written is left</b>: folders and files are written under a temporary name beside the final one
 *       and renamed. What they replace is set aside until then, and is restored if the disk is full or the rename
 *       fails; a driver killed between the two renames leaves it as {@code .kindling-*.old}. If the target may not be
 *       replaced, the command refuses before any work (exit code 2); if writing fails, the message names the target
 *       (exit code 1).
 *   <li>Columns that pipelines add begin with {@code kindling_}. Spark ML cannot address columns with dots in their
 *       names, so the pipeline knows {@code sepal.length} as {@code sepal_length}.
 *   <li>Paths are resolved as in Spark: a path without a scheme is in the cluster's default file system. {@code
 *       bundled:NAME} is a data set in the job jar.
 * </ul>
 */
@NullMarked
package dev.kindling.job.io;

import org.jspecify.annotations.NullMarked;
