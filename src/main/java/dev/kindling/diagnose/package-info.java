/**
 * What training does, shown: reports, event files for TensorBoard, and runs that find what is wrong or best.
 *
 * <p>Imports {@code train} and what it stands on; of Spark, spark-core alone. What is shown comes from {@link
 * dev.kindling.train.TrainListener}, which hears each epoch with the parameters at its end.
 */
@NullMarked
package dev.kindling.diagnose;

import org.jspecify.annotations.NullMarked;
