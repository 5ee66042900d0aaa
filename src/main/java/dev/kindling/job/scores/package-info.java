/**
 * What the commands say of a model's predictions: the lines they print, the columns that {@code predict} adds, and the JSON of {@code
 * --metrics}.
 *
 * <p>The data's columns are written beside those that {@code predict} adds ({@code ScoredTable}) as rows of a relation. In the plan that
 * scores the rows, each of its steps compiled and copied every column: of 1,000 columns that took twice as long as all else.
 *
 * <p>Internal; {@code job} may use it. Imports {@code table.cache}, {@code job.io} and what it imports. It is a room of its own because {@code job} is full.
 */
@NullMarked
package dev.kindling.job.scores;

import org.jspecify.annotations.NullMarked;
