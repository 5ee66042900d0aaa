/**
 * The command line: {@code check}, {@code train}, {@code evaluate}, {@code predict}, {@code lr-range}, {@code search}
 * and {@code demo}. A command reads its options, reads data, calls one method of {@code ml} and reports; {@code demo}
 * needs no data, and calls {@code teach}.
 *
 * <p>Internal but for its options, which src/site/markdown/reference.md documents. Imports everything, and picocli.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A row's side of {@code --test-fraction} follows from its contents</b> (a keyed hash of features and label),
 *       as for the validation fraction: Spark gives rows no lasting order. Copies of a row stay on one side.
 *   <li>The dictionaries of text columns come from all rows that {@code --test-fraction} splits: a rare category must
 *       not decide whether a run succeeds. A test file of its own must bring no new ones.
 *   <li><b>A search saves no model</b> but the options of its best trial, as a file for {@code train}: one command
 *       trains.
 *   <li><b>{@code check} lets numbers be missing</b>, where other commands refuse the first such row, because it counts
 *       them by column. Errors that it finds are exit code 3: its own work is done, but a script should not go on to
 *       {@code train}.
 * </ul>
 */
@NullMarked
package dev.kindling.job;

import org.jspecify.annotations.NullMarked;
