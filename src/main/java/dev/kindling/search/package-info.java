/**
 * The search for hyper-parameters: trials, successive halving, and the page that shows them.
 *
 * <p>Imports {@code engine}, for rounds that trials share, {@code report}, for the page, and what they stand on. Users
 * read {@link dev.kindling.search.TrialResult}; the search itself is {@code ml.MlpSearch}. The rest is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Trials are compared in rounds</b>: all trials reach a rung before any goes on. ASHA lets fast ones run
 *       ahead, and so gives another result each time. A trial that waits gives its slot to others.
 *   <li><b>Over folds, the score of a trial is that of its last epoch</b>, which is what a fit on all rows, without
 *       validation rows, ends with, and what Spark's CrossValidator compares. With validation rows it is the best
 *       epoch's, whose weights a fit keeps.
 *   <li><b>Parallel coordinates are lines of Chart.js</b> over normalised values: Maven's repository has no plugin for
 *       them here. Colours go by rank, because scores may lie decades apart.
 * </ul>
 */
@NullMarked
package dev.kindling.search;

import org.jspecify.annotations.NullMarked;
