/**
 * A table that is read once: rows are packed column by column as they arrive and kept by the executors, mostly on disk, and whatever looks at
 * the table later, at all columns or few, reads them from there.
 *
 * <p>Imports {@code spark}, {@code table.value}, spark-core, spark-sql and spark-mllib. Internal: {@code job.io} caches what the commands read, {@code table} learns from it without a plan of each column.
 *
 * <p>A task looks at {@code BlockRows}: a {@code BlockColumn} gives its numbers as one array. Loops over one column's array are
 * short, so that HotSpot soon compiles each of them; row by row, half of the time of a pass over two million rows went before it had.
 * Most texts of a table are short decimals: a block keeps eight bytes for each, from which the number and the text come back ({@code
 * ShortDecimal}), so that text is parsed once, and takes less room. A column with another text in a block keeps the bytes of its
 * texts there, and beside them the doubles of those that are numbers: numbers with all of their 17 digits, which are most of what programs
 * write, were parsed in each of five passes before.
 *
 * <p>Rows come in as {@code BlockRow}s, which write themselves into a {@code BlockBuilder}: those of a dataset, and lines of text from
 * {@code job.input.CsvLines} without an object for a value. Rows as Spark's plans have them ({@code InternalRow}), in and out, would save
 * another seventh of the time to the first epoch from CSV, and nothing from Parquet; but they are no public interface of Spark.
 *
 * <p>A command makes datasets of rows with vectors, for estimators and models. These read the rows past the dataset ({@code KnownRows}): Spark
 * would write each vector into its own format and read it again, which was 40 % of the processor time of packing. Where Spark
 * changes the rows, such as by a filter, the dataset is another one and is read itself.
 *
 * <p>Why not {@code Dataset.persist}: Kryo, which the commands require classes to be registered with, does not know the private class
 * that Spark caches, and each look would go through a plan of all columns. Why on disk: what training needs in memory is the packed
 * shards. Where a local master has several times the memory that the table may need, it is kept there: reading blocks from files, which
 * the operating system keeps in memory, took a sixth of the processor time to the first epoch. If the guess is wrong, Spark moves
 * blocks to disk.
 */
@NullMarked
package dev.kindling.table.cache;

import org.jspecify.annotations.NullMarked;
