/**
 * Checks before training: {@code Doctor} finds faults that would make training fail or its results misleading, and the
 * learning-rate range test suggests an initial learning rate.
 *
 * <p>Imports {@code report} (for its page template and its layer statistics), {@code stats}, {@code train}, and what they import.
 * Users may build on {@link dev.kindling.check.Checkup}, {@link dev.kindling.check.Doctor}, {@link
 * dev.kindling.check.Finding} and {@link dev.kindling.check.LearningRateRange}; the rest is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A fix is tried before it is advised.</b> The candidates are another learning rate, scaled features or
 *       targets, another initializer, and relu. The failed check runs again with each in turn, and the first candidate
 *       that passes becomes the finding's fix. If none passes, the finding only gives advice.
 *   <li><b>A finding states its fix twice</b>, as command-line options and as Java, because users of one do not know
 *       the names in the other.
 *   <li><b>Data are judged by sums</b> over the packed shards: one job, a few numbers per column, and nothing that
 *       grows with the number of column pairs. The leak check is skipped when columns times classes is very large.
 *   <li><b>A vectorizer's decisions are doubted where it made them</b> ({@code table.DoubtRules}): only there the counts
 *       of values are known. {@code ColumnCheck} words the doubts, and is silent on columns that other findings advise to
 *       leave out. Whole numbers name rows if at least ten pairs of rows would share one were they drawn at random, and none
 *       does; what a user has named is not doubted.
 *   <li><b>A column is only called constant or a copy as a whole</b>: copied flags of missing values are no reason to leave
 *       out the numbers beside them.
 *   <li><b>A leak</b> is a feature that shares 99.8 % of its variance with the label: its squared correlation with a
 *       target, or η², the share of its variance between classes of ten rows or more. A
 *       two-valued feature that identifies a class without exception is a leak too. Non-linear functions of the label
 *       are not found.
 *   <li><b>Networks are tried on the driver</b>, on at most a thousand rows, for a number of steps limited by a
 *       count of multiplications, not by a clock: the same rows give the same findings, to the bit.
 *   <li><b>The gradient check tests the code, not the data</b>: it uses at most 64 normally distributed features and
 *       well-scaled weights, because the rounding of unscaled data would be reported as a wrong gradient. It compares
 *       with {@link dev.kindling.nn.reference.ReferenceNetwork}, which shares no arithmetic with the training code.
 *   <li><b>The first loss is computed without the output bias set from the class shares</b>, because ln k holds without
 *       it; the loss with that bias is reported beside it. A first loss of up to three times ln k passes: default
 *       initial weights give outputs a variance of about 2.
 *   <li><b>The overfitting check uses a constant learning rate</b>. The forty steps of the dead-unit check follow the
 *       schedule, as training does. Both ignore class weights, and both use Adam if the optimizer takes no gradient
 *       steps.
 *   <li><b>No finding contains a duration</b>, because it would differ from run to run. The command prints how long
 *       everything took.
 *   <li><b>The range test is a run of the trainer</b> with an exponentially growing schedule and a listener that ends
 *       it, so it measures what training does. At the lowest rates the loss only shows noise, so its fall is measured
 *       from the median of the first quarter of the steps.
 * </ul>
 */
@NullMarked
package dev.kindling.check;

import org.jspecify.annotations.NullMarked;
