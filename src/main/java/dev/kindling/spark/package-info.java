/**
 * Wrappers for the few parts of Spark that need one: jobs that end with the work that started them and tell how far they are,
 * arrays of floats that travel in bulk, and what columns' metadata hold: names, and notes on what they were made of.
 *
 * <p>Imports spark-core and nothing of ours. Users may build on {@link dev.kindling.spark.ColumnNote} and {@link
 * dev.kindling.spark.ColumnDoubt}, which listeners hear of; the rest is internal: public only so that the packages above can use it, and may change in any release.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Floats write themselves to the wire in bulk</b> ({@link dev.kindling.spark.FloatWire}), because both Java
 *       serialization and Kryo write an array of floats one value at a time. Runs of zeros are left out: the gradient
 *       of a wide sparse layer is mostly zeros.
 *   <li><b>A cancelled thread cancels its jobs</b> ({@link dev.kindling.spark.JobScope}): Spark leaves the jobs of an
 *       interrupted thread running.
 *   <li><b>What of Spark is not public is reached here</b>, one class each, and in {@code live}. A version that lacks it costs
 *       what it was good for and one line of the log ({@code Convenience}), never a fit. {@code LinkageTest} resolves all that
 *       our classes refer to in the jars of each version.
 *   <li><b>A build knows its Spark and Scala</b> ({@link dev.kindling.spark.SparkLine}): a jar of another line is refused with a
 *       sentence, where the JVM would end in a linkage error.
 *   <li><b>A limit that ends a job is told with the option that raises it</b> ({@link dev.kindling.spark.ResourceLimit}).
 * </ul>
 */
@NullMarked
package dev.kindling.spark;

import org.jspecify.annotations.NullMarked;
