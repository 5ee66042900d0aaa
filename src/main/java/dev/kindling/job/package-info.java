/**
 * The command line: {@code check}, {@code train}, {@code evaluate}, {@code predict}, {@code lr-range}, {@code search}
 * and {@code demo}. A command reads its options, reads data, calls one method of {@code ml} and reports; {@code demo}
 * needs no data and calls {@code teach}.
 *
 * <p>Only the options are for users; src/site/markdown/reference.md documents them. The package may import every other
 * package, and picocli.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The estimator's options are built from its params</b>: a new entry in {@code ml.params.ParamSet} is a new
 *       option, with its type, default and help. Only {@code --l1} and {@code --l2} are spelled differently.
 *   <li><b>{@code --test-fraction} assigns a row by its contents</b> (a keyed hash of features and label), as the
 *       validation fraction does, because Spark gives rows no lasting order. Copies of a row stay on one side.
 *   <li><b>The categories of text columns come from all rows that {@code --test-fraction} splits</b>, so that a rare
 *       category does not decide whether a run succeeds. A separate test file must not bring new categories.
 *   <li><b>A search does not save a model.</b> It writes the options of its best trial as a file for {@code train}, so
 *       that only one command trains models.
 *   <li><b>{@code check} accepts missing numbers</b> and counts them by column. Other commands refuse the first such
 *       row. Exit code 3 says that it found errors: the check itself succeeded, but a script should not run {@code
 *       train} next.
 * </ul>
 */
@NullMarked
package dev.kindling.job;

import org.jspecify.annotations.NullMarked;
