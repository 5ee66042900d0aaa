/**
 * How a gradient becomes a step.
 *
 * <p>Imports {@code nn} and {@code linalg} only. {@link dev.kindling.optim.Optimizer}, {@link
 * dev.kindling.optim.Schedule}, {@link dev.kindling.optim.Penalty} and {@link dev.kindling.optim.Clip} are
 * configuration; {@link dev.kindling.optim.Slots} is an optimizer's state, vectors with the layout of the parameters;
 * {@link dev.kindling.optim.UpdateRule} is the one place that states the order of operations.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>What varies in time is a function of the step (counted from 0), which the caller passes in: no counter is hidden
 *       in an optimizer or a schedule, so that a resumed run cannot drift from one never stopped.
 *   <li>A schedule gives a factor of the learning rate, not a rate: the rate stays one number that can be searched.
 * </ul>
 *
 * <p>To add an optimizer or a schedule: write one record inside its sealed interface; {@link dev.kindling.nn.Spec} finds
 * it there. Add its row to the golden generator's table and its name to the README's list.
 */
@NullMarked
package dev.kindling.optim;

import org.jspecify.annotations.NullMarked;
