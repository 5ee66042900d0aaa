/**
 * A table that is read once: rows are packed column by column as they arrive and kept on the executors' disks, and whatever looks at
 * the table later, at all columns or few, reads them from there.
 *
 * <p>Imports {@code spark}, {@code table.value}, spark-core, spark-sql and spark-mllib. Internal: {@code job.io} caches what the commands read, {@code table} learns from it without a plan of each column.
 *
 * <p>A task looks at {@code BlockRows}: a {@code BlockColumn} gives a number, or the bytes of a text, without an object for it. Most
 * texts of a table are numbers that are read from their bytes, time and again; rows of objects took several times as long.
 *
 * <p>Why not {@code Dataset.persist}: Kryo, which the commands require classes to be registered with, does not know the private class
 * that Spark caches, and each look would go through a plan of all columns. Why on disk: what training needs in memory is the packed
 * shards, and the operating system keeps files in memory that is not needed otherwise.
 */
@NullMarked
package dev.kindling.table.cache;

import org.jspecify.annotations.NullMarked;
