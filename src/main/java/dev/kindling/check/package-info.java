/**
 * Checks before training: {@code Doctor} looks for what would make training fail or its figures wrong, and the
 * learning-rate range test finds a rate to begin with.
 *
 * <p>Imports {@code report}, for its page and its look at layers, {@code train} and what it stands on. Users may build
 * on {@link dev.kindling.check.Checkup}, {@link dev.kindling.check.Doctor}, {@link dev.kindling.check.Finding} and
 * {@link dev.kindling.check.LearningRateRange}; the rest is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A fix is tried before it is advised.</b> Another rate, scaled features or targets, other first weights,
 *       relu: the check that failed runs again with each in turn, and the first that passes becomes the finding's fix.
 *       Where none does, the finding gives advice only.
 *   <li><b>A finding states its fix twice</b>, as options and as Java, because readers of one do not know the other's
 *       names.
 *   <li><b>Data are judged by sums</b> over the packed shards: one job, a few numbers per column, and nothing that
 *       grows with pairs of columns. Leaks are not searched where columns times classes are very many.
 *   <li><b>A leak</b> is a feature that shares 99.8 % of its variance with the label: its squared correlation with a
 *       target, or η², the share of its variance between classes of ten rows or more. Two values that tell a class
 *       without exception are a leak too; non-linear functions of the label are not found.
 *   <li><b>Networks are tried on the driver</b>, on at most a thousand rows, in steps bounded by their multiplications,
 *       not by a clock: the same rows give the same findings, to the bit.
 *   <li><b>The gradient check tests the code</b>: normal features, at most 64 of them, and well-scaled weights, so that
 *       unscaled data, whose rounding looks like an error, is not found under a wrong name. It compares with {@link
 *       dev.kindling.nn.ReferenceNetwork}, which shares no arithmetic with what trains.
 *   <li><b>The first loss is the one without the prior bias of the outputs</b>, because ln k is; the one with it is
 *       told beside it. It may be three times as large: default initial weights give outputs a variance of about 2.
 *   <li><b>Overfitting is tried at the constant learning rate</b>; the forty steps that may kill units follow the
 *       schedule, as training does. Both ignore class weights, and Adam stands in for an optimizer that takes no
 *       gradient steps.
 *   <li><b>No finding tells seconds</b>: they would differ from run to run. The command says how long everything took.
 *   <li><b>The range test is a run of the trainer</b> with an exponentially growing schedule and a listener that ends
 *       it: it measures what training does. Below the rate where the loss begins to move lies noise, so the fall is
 *       measured from the median of the first quarter of the steps.
 * </ul>
 */
@NullMarked
package dev.kindling.check;

import org.jspecify.annotations.NullMarked;
