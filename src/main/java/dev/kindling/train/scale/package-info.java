/**
 * The planner: how long an epoch would take on more executors, or with more local steps, predicted from the parts of a step
 * that were measured on the cluster at hand.
 *
 * <p>Imports {@code train} and what it stands on. Users may build on {@link dev.kindling.train.scale.ScalePlan}; the rest
 * is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Measured and computed are apart.</b> {@code NetworkProbe} and {@code StepProbe} measure, {@code Wire} and {@code
 *       Compute} are what they found, {@code ScaleModel} is arithmetic: tests compute its examples by hand.
 *   <li><b>The model is physical and has no fitted exponent.</b> The driver hands out tasks one after the other; its link carries
 *       a copy of the message to each executor, or less where Spark's torrent has blocks to share; it receives every task's
 *       answer; a core's time is fixed plus a part for each row; the driver adds answers one by one. Nothing overlaps.
 *   <li><b>The network is measured through Spark itself</b>, by jobs that send or return arrays of two sizes: the difference is
 *       free of what a job costs anyway. One receiver and several tell what is done once, such as serialization, from what the
 *       link does for each.
 *   <li><b>Tasks cost the driver at most its processor time.</b> Where a cluster has few cores, jobs of many tasks wait for cores,
 *       so the time of such a job would blame the driver. The lesser of that time and the driver's processor time counts.
 *   <li><b>It is held to the step at hand.</b> That is measured whole and predicted from the parts, and both are printed. Parts
 *       overlap a little: an executor fetches while the next task is launched. The difference counts as the job's, which every round
 *       has once, so the model only says what other executors and sizes change.
 *   <li><b>What a part of a network needs is counted, not modelled.</b> Where only what rows touch travels ({@code TouchedSteps}), the
 *       shards are asked what shares of a step, steps and rounds touch: columns are far from equally frequent. {@code Touches} reads
 *       between those counts. Where the optimizer moves all weights, its rounds of local steps move all.
 *   <li><b>Executors are taken to have cores of their own.</b> Stragglers, and machines that differ, are not predicted.
 * </ul>
 */
@NullMarked
package dev.kindling.train.scale;

import org.jspecify.annotations.NullMarked;
