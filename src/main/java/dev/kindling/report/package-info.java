/**
 * A page about a run: curves, layers, weights, and what the network makes of rows. Other packages' pages share its
 * template.
 *
 * <p>Imports {@code train} and what it stands on; of Spark, spark-core alone. Users may build on {@link
 * dev.kindling.report.TrainingReport}; the rest is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A page is one file</b>: style, scripts, Chart.js (from its webjar) and data are put into a template, and a
 *       content security policy keeps the browser from fetching anything. Names of columns, classes and files are data:
 *       no character of them that could begin or end markup stands in the file as it is, and the script makes text
 *       nodes of them.
 *   <li><b>Curves are drawn by one script</b>, {@code charts.js}, which the tab in the Spark UI uses too ({@link
 *       dev.kindling.report.PageParts}).
 *   <li><b>Curves of scores come from histograms</b> of the probability, with bins of equal width in log odds: one
 *       pass, memory that does not grow with the rows, sums that add up. Scatter plots show a sample.
 *   <li><b>The update-to-weight ratio of an epoch is divided by its steps</b>, because the rule of thumb of 0.001 is
 *       per step. It is a lower bound of what single steps do, and costs one norm per epoch instead of one per step. An
 *       epoch in which a run was resumed has no ratio.
 *   <li><b>Layers are looked at on the driver</b>, with 256 rows, forward and backward as in training. Batch norm uses
 *       the statistics of these rows and dropout a key that is the same each time, so that only the parameters differ
 *       from look to look, and the run's own randomness is untouched. How often follows from sizes, not from the clock,
 *       so that two runs show the same: every epoch where a look is at most 2<sup>24</sup> products of a parameter and
 *       a row, otherwise so seldom that it takes at most a twentieth of the rows that a shard trains on between looks.
 *       At most 64 looks are kept. There is none with more than 2<sup>26</sup> parameters or 2<sup>16</sup> outputs. A
 *       look that fails ends the looking, not the run.
 *   <li><b>Activations show their outputs, dense layers their gradients</b>: a dense layer and its activation tell the
 *       same apart from the slope.
 *   <li><b>Without test rows the report shows the training rows</b>, and says that this flatters.
 * </ul>
 */
@NullMarked
package dev.kindling.report;

import org.jspecify.annotations.NullMarked;
