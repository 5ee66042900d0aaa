/**
 * How a gradient becomes a step.
 *
 * <p>Imports {@code nn}, {@code spec} and {@code linalg} only. {@link dev.kindling.optim.Optimizer}, {@link
 * dev.kindling.optim.Schedule}, {@link dev.kindling.optim.Plateau}, {@link dev.kindling.optim.Penalty} and {@link
 * dev.kindling.optim.Clip} are configuration; {@link dev.kindling.optim.Slots} and {@link
 * dev.kindling.optim.Plateau.State} are state; {@link dev.kindling.optim.UpdateRule} is the one place that states the
 * order of operations.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>What varies in time is a function of the step (counted from 0), which the caller passes in: no counter is hidden
 *       in an optimizer or a schedule, so that a resumed run cannot drift from one never stopped.
 *   <li>A schedule gives a factor of the learning rate, not a rate: the rate stays one number that can be searched.
 *   <li>The lengths of schedules say their unit, {@code warmup(steps(500), then=cosine)}, where DESIGN had {@code
 *       warmup(steps=500, …)}: an argument {@code epochs} beside each {@code steps}, of which one must be left out, would
 *       be two ways to say one thing, and a bare number would leave the reader to guess.
 *   <li>Optimizers that step along gradients ({@link dev.kindling.optim.FirstOrder}) are apart from those that evaluate
 *       the loss elsewhere, which the trainer runs.
 *   <li>Statistics that travel in the gradient are taken by the rule itself, and their gradient is 0 from then on: no
 *       optimizer needs to know of them, as each leaves alone what has neither gradient nor state.
 * </ul>
 *
 * <p>CONTRIBUTING.md lists the files to touch to add an optimizer or a schedule.
 */
@NullMarked
package dev.kindling.optim;

import org.jspecify.annotations.NullMarked;
