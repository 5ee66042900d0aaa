/**
 * What the commands say of a model's predictions: the lines they print, the columns that {@code predict} adds, and the JSON of {@code
 * --metrics}.
 *
 * <p>Internal; {@code job} may use it. It is a room of its own because {@code job} is full.
 */
@NullMarked
package dev.kindling.job.scores;

import org.jspecify.annotations.NullMarked;
