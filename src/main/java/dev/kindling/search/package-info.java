/**
 * The search for hyper-parameters: trials, successive halving, and the page that shows them.
 *
 * <p>Imports {@code engine} (for the Spark jobs that trials share), {@code report} (for the page), and what they
 * import. Users read {@link dev.kindling.search.TrialResult}; the search itself is {@code ml.MlpSearch}. The rest is
 * internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Trials are compared in rounds</b>: all trials reach a rung before any continues. ASHA lets fast trials run
 *       ahead, so each search gives a different result. A waiting trial gives its slot to others.
 *   <li><b>With folds, the score of a trial is that of its last epoch</b>: a fit on all rows, without validation rows,
 *       ends with it, and Spark's CrossValidator compares it. With validation rows it is the score of the best epoch,
 *       whose weights a fit keeps.
 *   <li><b>Parallel coordinates are lines of Chart.js</b> over normalised values, because no plugin for them is
 *       available from Maven here. Colours show the rank, because scores may lie decades apart.
 * </ul>
 */
@NullMarked
package dev.kindling.search;

import org.jspecify.annotations.NullMarked;
