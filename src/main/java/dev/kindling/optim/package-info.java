/**
 * How a gradient becomes a step of the parameters.
 *
 * <p>Imports {@code nn}, {@code nn.embedding}, {@code loss}, {@code spec} and {@code linalg} only. {@link dev.kindling.optim.GradientSource} says how a
 * gradient is computed. {@link dev.kindling.optim.Optimizer}, {@link
 * dev.kindling.optim.Schedule}, {@link dev.kindling.optim.Plateau}, {@link dev.kindling.optim.Penalty} and {@link
 * dev.kindling.optim.Clip} are configuration; {@link dev.kindling.optim.Slots} and {@link
 * dev.kindling.optim.Plateau.State} are state; {@link dev.kindling.optim.UpdateRule} is the one place that states the
 * order of operations.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Anything that varies in time is a function of the step (counted from 0), which the caller passes in. No
 *       optimizer or schedule hides a counter, so a resumed run cannot drift from an uninterrupted one.
 *   <li>A schedule returns a factor of the learning rate, not a rate, so the rate stays one number that can be
 *       searched.
 *   <li>The lengths in schedules state their unit: {@code warmup(steps(500), then=cosine)}, not
 *       {@code warmup(steps=500, …)}. An argument {@code epochs} next to every {@code steps}, one of which must be left
 *       out, would be two ways to say one thing; a bare number would leave the reader to guess the unit.
 *   <li>Optimizers that step along gradients ({@link dev.kindling.optim.FirstOrder}) are separate from those that
 *       evaluate the loss elsewhere, which the trainer runs.
 *   <li>All first-order optimizers are in one file, {@link dev.kindling.optim.FirstOrder}, as in optax's
 *       {@code alias.py}: most are variants of a neighbour, and a reader compares their recurrences side by side.
 *   <li>The update rule itself applies statistics that travel in the gradient, and then sets their gradient to 0. No
 *       optimizer needs to know about them, because an optimizer does not move a parameter that has neither gradient
 *       nor state.
 * </ul>
 *
 * <p>CONTRIBUTING.md lists the files to touch to add an optimizer or a schedule.
 */
@NullMarked
package dev.kindling.optim;

import org.jspecify.annotations.NullMarked;
