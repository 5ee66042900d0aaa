/**
 * What a network is, and one forward and backward pass through it.
 *
 * <p>Imports {@code linalg} only. Configuration ({@link dev.kindling.nn.Layer}, {@link dev.kindling.nn.Activation},
 * {@link dev.kindling.nn.Initializer}, {@link dev.kindling.nn.Loss}) is records; state is one flat {@code float[]} of
 * parameters laid out by {@link dev.kindling.nn.Network#layout()}; scratch is a {@link dev.kindling.nn.Workspace}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Weights are stored (inputs, outputs), row-major: a row of inputs times the weights is then one product without
 *       transposition, and a sparse input row touches whole contiguous rows of weights and of their gradient.
 *   <li>An activation is a layer of its own rather than a part of the dense layer, so that {@code dense(256) batchNorm
 *       relu} can be said. Both its input and its output stay in the workspace until the backward pass.
 *   <li>Sums travel: losses and gradients are weighted sums over rows. The one division by the total weight is the
 *       update rule's.
 * </ul>
 *
 * <p>To add an activation, an initialiser or a loss: write one record inside its sealed interface. {@link
 * dev.kindling.nn.Spec} finds it there, so it can be named on the command line, in Spark ML and in files at once. Then its
 * tests, red until they know it: {@code SpecTest} (an arbitrary member) and, for an activation or a loss, its formula in
 * {@code ReferenceNetwork} and its rows in {@code GradientTest} and {@code golden_nn.py}. Add a sign to flip in {@code
 * mutate.py}, for an initialiser a row in {@code NetworkTest}, and its name to the README's list.
 */
@NullMarked
package dev.kindling.nn;

import org.jspecify.annotations.NullMarked;
