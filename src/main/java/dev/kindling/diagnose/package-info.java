/**
 * What training does, shown: reports, event files for TensorBoard, and runs that find what is wrong or best.
 *
 * <p>Imports {@code train} and what it stands on; of Spark, spark-core alone. What is shown comes from {@link
 * dev.kindling.train.TrainListener}, which hears each epoch with the parameters at its end.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The report is one file</b>: style, script, Chart.js (from its webjar) and data are put into a template, and a
 *       content security policy keeps the browser from fetching anything. Names of columns, classes and files are data:
 *       no character of them that could end or begin markup stands in the file as it is, and the script makes text nodes
 *       of them.
 *   <li><b>Curves come from histograms</b> of the probability, in bins of equal width in the log of the odds: one pass, in
 *       memory that does not grow with the rows, in sums that add up. Scatter plots are of a sample.
 *   <li>An epoch's update-to-weight ratio is divided by its steps, as the rule of thumb of 0.001 is of a step. It is a
 *       lower bound of what single steps do, which costs a norm an epoch instead of one a step. An epoch is compared with
 *       the one before, so that the first of a run, or after it was resumed, has none.
 *   <li>Without test rows the report shows the rows trained on, and says that this flatters.
 * </ul>
 */
@NullMarked
package dev.kindling.diagnose;

import org.jspecify.annotations.NullMarked;
