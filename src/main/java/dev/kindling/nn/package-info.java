/**
 * What a network is, and one forward and backward pass through it.
 *
 * <p>Imports {@code loss}, {@code spec} and {@code linalg} only. Configuration ({@link dev.kindling.nn.Layer}, {@link dev.kindling.nn.Activation},
 * {@link dev.kindling.nn.Initializer}, {@link dev.kindling.loss.Loss}) is records; state is one flat {@code float[]} of
 * parameters laid out by {@link dev.kindling.nn.Network#layout()}; scratch is a {@link dev.kindling.nn.Workspace}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Weights are stored (inputs, outputs), row-major: a row of inputs times the weights is then one product without
 *       transposition, and a sparse input row touches whole contiguous rows of weights and of their gradient.
 *   <li>An activation is a layer of its own rather than a part of the dense layer, so that {@code dense(256) batchNorm
 *       relu} can be said. Both its input and its output stay in the workspace until the backward pass.
 *   <li>Batch norm's moving averages are blocks of the parameters like any others, of role {@code STATISTIC}: what a
 *       shard measured travels in their place of the gradient, as {@code momentum · (old - measured)} times the rows'
 *       weight, so that the sum over shards, the checkpoint and the model file need not know of them.
 *   <li>{@code standardize} is a layer of two such blocks that no gradient reaches, measured before the first step.
 *   <li>Maxout is a layer that takes the largest of neighbouring inputs, rather than a dense layer of its own kind: other
 *       layers may then stand between it and the dense layer, and no second layer has weights.
 *   <li>The naive double network that tests measure the float32 core against is here, in the main code, because a gradient
 *       check before training must have something to compare with that shares no arithmetic with what is checked.
 *   <li>Sums travel: losses and gradients are weighted sums over rows. The one division by the total weight is the
 *       update rule's.
 * </ul>
 *
 * <p>CONTRIBUTING.md lists the files to touch to add a layer, an activation or an initializer.
 */
@NullMarked
package dev.kindling.nn;

import org.jspecify.annotations.NullMarked;
