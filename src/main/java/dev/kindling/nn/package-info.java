/**
 * Networks: their layers, and one forward and backward pass.
 *
 * <p>Imports {@code loss}, {@code spec}, {@code linalg} and {@code nn.embedding} only. Configuration ({@link dev.kindling.nn.Layer},
 * {@link dev.kindling.nn.Activation}, {@link dev.kindling.nn.Initializer}, {@link dev.kindling.loss.Loss}) is records.
 * State is one flat {@code float[]} of parameters, laid out by {@link dev.kindling.nn.Network#layout()}. Scratch is a
 * {@link dev.kindling.nn.Workspace}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Weights are stored (inputs, outputs), row-major. A row of inputs times the weights is then one product without
 *       transposition, and a sparse input row touches whole contiguous rows of the weights and of their gradient.
 *   <li>An activation is a layer of its own and not a part of the dense layer, so that
 *       {@code dense(256) batchNorm relu} can be written. Its input and its output both stay in the workspace until the
 *       backward pass.
 *   <li>All activations are in one file, {@link dev.kindling.nn.Activation}: each is a few lines, and the rules for
 *       gains and NaN that hold for all of them are stated next to them once.
 *   <li>Batch norm's moving averages are parameter blocks like any others, with role {@code STATISTIC}. A shard's
 *       measurements travel in the place of their gradient, as {@code momentum · (old - measured)} times the total
 *       weight of the rows. So the sum over shards, the checkpoint and the model file need no special case for them.
 *   <li>{@code standardize} is a layer of two such blocks. They get no gradient and are measured before the first step.
 *   <li>{@code embed} takes one-hot inputs, not indices, so that rows, files and all that explains a model keep one form. It
 *       comes before {@code standardize}, which then never sees its inputs: they may be sparse and many. Its columns are
 *       known at fit only; the layer that a network has states them.
 *   <li>{@code plr} and {@code pbld} embed numbers behind {@code standardize}, as their frequencies suit a deviation of 1: the
 *       inputs that it scales, which have a value other than 0 and 1 in the training rows. {@code ple} comes there too: its
 *       edges are measured before the first step, as standardize's blocks are, from what the layers below hand on.
 *   <li>Maxout is a layer that takes the largest of neighbouring inputs, not a dense layer of its own kind. Other
 *       layers may then stand between it and the dense layer, and no second kind of layer has weights.
 *   <li>Sums travel: losses and gradients are weighted sums over rows. The update rule does the one division by the
 *       total weight.
 * </ul>
 *
 * <p>CONTRIBUTING.md lists the files to touch to add a layer, an activation or an initializer.
 */
@NullMarked
package dev.kindling.nn;

import org.jspecify.annotations.NullMarked;
