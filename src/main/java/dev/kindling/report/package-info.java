/**
 * A page about a run: curves, layers, weights, and predictions for some rows. The pages of other packages use its
 * template.
 *
 * <p>Imports {@code train} and what it imports; of Spark, only spark-core. Users may build on {@link
 * dev.kindling.report.TrainingReport}; the rest is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A page is one file</b>: style, scripts, Chart.js (from its webjar) and data are put into a template, and a
 *       content security policy keeps the browser from fetching anything. Names of columns, classes and files are data:
 *       every character in them that could begin or end markup is escaped, and the script only creates text nodes from
 *       them.
 *   <li><b>One script draws the curves</b>, {@code charts.js}; the tab in the Spark UI uses it too ({@link
 *       dev.kindling.report.PageParts}).
 *   <li><b>ROC, precision-recall and calibration curves come from histograms</b> of the probability, with bins of equal
 *       width in log odds: one pass, memory that does not grow with the rows, sums that add up. Scatter plots show a
 *       sample.
 *   <li><b>The update-to-weight ratio of an epoch is divided by its steps</b>, because the rule of thumb of 0.001 is
 *       per step. It is a lower bound for single steps, and costs one norm per epoch instead of one per step. An epoch
 *       in which a run was resumed has no ratio.
 *   <li><b>Layers are probed on the driver</b>, with 256 rows, forward and backward as in training. Batch norm uses the
 *       statistics of these rows and dropout the same key each time, so that only the parameters differ between probes,
 *       and the run's own randomness is untouched. How often to probe follows from sizes, not from the clock, so that
 *       two runs show the same: after every epoch if a probe takes at most 2<sup>24</sup> products of a parameter and a
 *       row, otherwise so rarely that it uses at most a twentieth of the rows that a shard trains on between probes. At
 *       most 64 probes are kept. Networks with more than 2<sup>26</sup> parameters or 2<sup>16</sup> outputs are not
 *       probed. A probe that fails ends probing, not the run.
 *   <li><b>Activations show their outputs, dense layers their gradients</b>: except for the slope, a dense layer and
 *       its activation show the same.
 *   <li><b>Without test rows the report shows the training rows</b>, and says that this makes the model look better
 *       than it is.
 * </ul>
 */
@NullMarked
package dev.kindling.report;

import org.jspecify.annotations.NullMarked;
