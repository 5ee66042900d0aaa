/**
 * What a path of data means before its columns are used: which files, in which format, and text, CSV in all its spellings.
 *
 * <p>Internal: its types are public only so that the packages above can use them, and may change in any release.
 * Imports {@code linalg}, {@code spark}, {@code table.cache}, spark-sql with univocity, the parser of CSV that it uses, and Hadoop's file systems.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Nothing about CSV is guessed</b>: RFC 4180 in UTF-8 is read as it is, and what looks different is refused with the
 *       option that reads it. A guess is right for most files and silently wrong for the others.
 *   <li><b>Each file's own header counts.</b> Files with the same names in another order are read apart and matched by name; files
 *       with other names are refused.
 *   <li><b>The ordinary file costs one more look at its first bytes.</b> Lines are looked at as they were written only after
 *       a value with U+FFFD or with a quote was read.
 *   <li><b>Plain lines are cut byte by byte</b> ({@code CsvLines}): without quotes, escapes and control characters, with as many values
 *       as there are columns. Every other line goes to the parser that Spark uses, with Spark's settings. Spark's reader makes several
 *       objects for each value; it still reads folders named COLUMN=VALUE, headers of different orders, several files in order, and
 *       text that is not in UTF-8. {@code CsvLinesTest} compares both.
 *   <li><b>Types are inferred from texts that were read</b> ({@code CsvTypes}), by Spark's own rules, so that no pass over the files
 *       is needed for it.
 *   <li><b>A path is first taken literally</b>, then as a pattern.
 * </ul>
 */
@NullMarked
package dev.kindling.job.input;

import org.jspecify.annotations.NullMarked;
