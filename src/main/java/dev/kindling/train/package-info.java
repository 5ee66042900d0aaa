/**
 * The training loop on the driver: what a run is configured with, how an epoch moves the parameters, when it stops, and
 * who hears of it.
 *
 * <p>Imports {@code checkpoint}, {@code engine}, {@code data} and what they stand on, and spark-core; no spark-sql.
 * Users may build on {@link dev.kindling.train.TrainListener}, {@link dev.kindling.train.Step}, {@link
 * dev.kindling.train.ClassWeights} and {@link dev.kindling.train.DivergenceException}; the rest is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>{@code RunConfig} is the one record of what a run is.</b> Its {@code settings()} feed the checkpoint's
 *       fingerprint, TensorBoard's hyperparameters and the report. A new setting is added there.
 *   <li><b>A loop of epochs, and a strategy for each</b>: {@code TrainingLoop} runs epochs and judges each; an {@code
 *       EpochStrategy} is how one epoch moves the parameters; {@code ShardWork} computes the sums that both need. {@code
 *       SteppedEpoch} counts the steps of an epoch for each {@code StepStrategy}. L-BFGS is Breeze's, which Spark ships;
 *       its line search evaluates the loss of all rows, so one epoch may take several jobs.
 *   <li><b>What a batch does not touch is left alone only where nothing of it would change</b> ({@code TouchedSteps}): by {@code
 *       sgd} and {@code adagrad} without penalty, decay or max-norm, to the same bits; and by {@code lazyAdam}, which is defined
 *       so. All other optimizers move every parameter at every step, and momentum and Adam are not quietly replaced by a
 *       variant: only the message and the sum are short, the step is that of the whole network. To catch up later, when a row
 *       is touched again, would be exact too, but Adam's steps have no closed form, and replaying them costs what it should
 *       save. Moving averages of the weights pass over all of them.
 *   <li><b>The first parameters follow from the seed and the moments of the shards</b>: what {@code standardize} needs,
 *       and the bias of the outputs.
 *   <li><b>Class weights multiply the weights of training rows</b>, in the loss and in the metric; validation rows keep
 *       theirs, as in Keras.
 *   <li><b>Training loss and metric are those of the batches as they were trained on</b> (dropout on, before the
 *       update), as Keras reports them. Validation is a pass of its own. A pass over all training rows would cost a
 *       third of an epoch.
 *   <li><b>Spark metrics are the trainer's own</b> ({@code RunMetrics}), not a listener's, because they need every
 *       step. Their names are the same for every run, so concurrent runs share one source: Spark's metrics system
 *       removes a source by the prefix of its name.
 * </ul>
 */
@NullMarked
package dev.kindling.train;

import org.jspecify.annotations.NullMarked;
