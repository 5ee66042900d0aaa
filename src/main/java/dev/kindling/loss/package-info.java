/**
 * What training minimises and what it reports: batches of labelled rows, losses and metrics.
 *
 * <p>Imports {@code linalg} and {@code spec}. Users may name the losses in specs and construct their records.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A loss owns its link</b> from logits to predictions, softmax with cross-entropy for example, so that a wrong
 *       pair cannot be built.
 *   <li><b>Losses and metrics are computed from weighted sums</b> over rows. The sums of shards join, and whoever holds all
 *       of them divides once.
 *   <li><b>Metrics are one family.</b> A {@code Metric} is a name, the {@code Tally} that it is computed from, and a formula.
 *       The epoch line, evaluations, the report, TensorBoard and {@code --metrics} all use it. Metrics with equal tallies
 *       share their sums: {@code Tallies}.
 *   <li><b>Figures are scikit-learn's</b> on the same predictions, in double. Evaluations read labels and weights as double
 *       from the source; training has them as float32. Variances come from moments that are joined by Chan, Golub and
 *       LeVeque, never from {@code Σy² - (Σy)²/n}: that gave R² above 1 for targets whose mean is large.
 *   <li><b>The confusion matrix is a tally of its own.</b> It has classes² sums, so no metric uses it: figures of classes
 *       come from three sums each.
 *   <li><b>Rankings are histograms</b>, because the area under a curve does not add up over shards and a histogram does.
 *       Few rankings have many bins; of more than 100 classes there are none.
 *   <li><b>{@code Monitor} is the list of metrics that a run can be judged by</b>: params and options name them.
 *   <li><b>{@code loss} lies below {@code nn}</b>: a loss needs logits and labels, not a network. Together they would
 *       be a room of 30 files.
 * </ul>
 *
 * <p>To add a loss, implement {@code Loss} or {@code ValueLoss}: all that is known of a loss is a method there. To add a
 * metric, implement {@code Metric}, and {@code Tally} where its sums are new. CONTRIBUTING.md lists the files to touch to add a loss or a metric.
 */
@NullMarked
package dev.kindling.loss;

import org.jspecify.annotations.NullMarked;
