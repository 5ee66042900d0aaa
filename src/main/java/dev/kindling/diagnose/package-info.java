/**
 * What training does, shown: reports, event files for TensorBoard, and runs that find what is wrong or best.
 *
 * <p>Imports {@code train} and what it stands on; of Spark, spark-core alone. What is shown comes from {@link
 * dev.kindling.train.TrainListener}, which hears each step, and each epoch with the parameters at its end.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The learning-rate range test is a run of the trainer</b> with an exponential schedule that grows, and a listener
 *       that ends it: what it measures is what training does. Below the rate where the loss begins to move lies noise, so
 *       the fall is measured from the median of the first quarter of the steps.
 * </ul>
 */
@NullMarked
package dev.kindling.diagnose;

import org.jspecify.annotations.NullMarked;
