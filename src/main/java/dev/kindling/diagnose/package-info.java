/**
 * What training does, shown: reports, event files for TensorBoard, a checkup before it, and runs that find what is best.
 *
 * <p>Imports {@code train} and what it stands on; of Spark, spark-core alone. What is shown comes from {@link
 * dev.kindling.train.TrainListener}, which hears each step, and each epoch with the parameters at its end.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The learning-rate range test is a run of the trainer</b> with an exponential schedule that grows, and a listener
 *       that ends it: what it measures is what training does. Below the rate where the loss begins to move lies noise, so
 *       the fall is measured from the median of the first quarter of the steps.
 *   <li><b>Trials are compared in rounds</b>: all come to a rung before any goes on. ASHA lets fast ones run ahead, and so gives
 *       another result each time. What waits gives its place to others.
 *   <li><b>Over folds a trial's score is that of its last epoch</b>, which is what a fit on all rows, with none to validate on, ends
 *       with, and what Spark's CrossValidator compares; with rows set aside it is the best epoch's, whose weights a fit keeps.
 *   <li><b>The report is one file</b>: style, script, Chart.js (from its webjar) and data are put into a template, and a
 *       content security policy keeps the browser from fetching anything. Names of columns, classes and files are data:
 *       no character of them that could end or begin markup stands in the file as it is, and the script makes text nodes
 *       of them.
 *   <li><b>The curves of a run are drawn by a script of their own</b>, {@code charts.js}, which the Spark UI's tab uses too
 *       ({@link dev.kindling.diagnose.PageParts}).
 *   <li><b>Curves of scores come from histograms</b> of the probability, in bins of equal width in the log of the odds: one pass, in
 *       memory that does not grow with the rows, in sums that add up. Scatter plots are of a sample.
 *   <li>An epoch's update-to-weight ratio is divided by its steps, as the rule of thumb of 0.001 is of a step. It is a
 *       lower bound of what single steps do, which costs a norm an epoch instead of one a step. An epoch is compared with
 *       what it began with, so that one in whose midst a run was resumed has none.
 *   <li><b>Layers are looked at on the driver</b>, with 256 rows, there and back as in training: batch norm by these rows,
 *       dropout by a key that is the same each time, so that nothing differs from look to look but the parameters, and the
 *       run's own randomness is not touched. How often follows from sizes, not from the clock, so that two runs show the
 *       same: each epoch where a look is at most 2<sup>24</sup> products of a parameter and a row, some milliseconds, else
 *       so seldom that it takes at most a twentieth of the rows that a shard trains on between looks; at most 64 are kept,
 *       and those that would not be are not taken. No look at more than 2<sup>26</sup> parameters or 2<sup>16</sup> outputs. A
 *       look that fails ends the looking, not the run.
 *   <li>Outputs are shown of activations and gradients of dense layers: those of a dense layer and of its activation tell
 *       the same but for the slope.
 *   <li><b>A search's parallel coordinates are lines of Chart.js</b> over normalised values: no plugin for them is in Maven's
 *       repository here. Colours go by rank, as scores may lie decades apart.
 *   <li>Without test rows the report shows the rows trained on, and says that this flatters.
 * </ul>
 *
 * <p>Decisions on {@link dev.kindling.diagnose.Doctor}:
 *
 * <ul>
 *   <li><b>A cure is tried before it is advised.</b> Another rate, scaled features or targets, other first weights, relu:
 *       the check that failed runs again with each in turn, and the first that passes it is the finding's fix. Where none
 *       does, what is said is advice only.
 *   <li><b>A finding has its fix twice</b>, as options and as Java, since neither reader knows the other's names.
 *   <li><b>Data are judged by sums</b> over the packed shards: one job, a few numbers a column, and nothing that grows with
 *       pairs of columns. Where columns times classes are very many, leaks are not looked for.
 *   <li><b>A leak</b> is a feature of which 99.8 % of the variance is the label's: its squared correlation with a target,
 *       or η², the share of its variance between classes of ten rows or more. Two values that tell a class without
 *       exception are one, too; functions of the label that bend are not found.
 *   <li><b>Networks are tried on the driver</b>, on a thousand rows at most, in steps that are bounded by their
 *       multiplications, not by a clock: the same rows give the same findings, to the bit.
 *   <li><b>The gradient check is of the code</b>: normal features, at most 64 of them, and weights as they should begin, so
 *       that unscaled data, whose rounding looks like an error, is not found under a wrong name. What it compares with,
 *       {@link dev.kindling.nn.ReferenceNetwork}, shares no arithmetic with what trains.
 *   <li><b>The first loss is that without the outputs' prior bias</b>, since ln k is; the one with it is told beside. It may
 *       be three times as much: weights as they begin by default give outputs a variance of about 2.
 *   <li>Overfitting is at the constant learning rate; the forty steps that may kill units follow the schedule, as training
 *       does. Both leave class weights aside, and an optimizer that takes no gradient steps has Adam stand in.
 *   <li>No finding tells seconds: they would differ from run to run. The command says how long all took.
 * </ul>
 *
 * <p>Decisions on {@link dev.kindling.diagnose.TensorBoard}:
 *
 * <ul>
 *   <li><b>Its messages are encoded by hand</b> ({@code ProtoMessage}): a dozen fields, where protobuf's runtime would have
 *       to agree with whichever one Spark's other jars bring. What TensorBoard's own writer makes of the same events is a
 *       golden file, equal to ours to the byte.
 *   <li><b>Scalars and histograms have their older form</b>, which every version reads, and PyTorch writes too. A
 *       histogram's buckets are of equal width, so that TensorBoard turns them into just what TensorFlow 2 would have written.
 *   <li><b>One file a run of the program and folder, held open</b>, not opened anew each epoch: {@code s3a:} cannot append,
 *       and local files only without checksums. {@code TrainListener.closed()} tells when to close it, however a fit ends.
 *   <li><b>An event that cannot be written does not end the run</b>, other than a checkpoint: nothing is lost that training
 *       would need.
 *   <li><b>A session that failed has no end</b> in the hyper-parameters: it may be resumed, and TensorBoard believes the
 *       first end that it finds.
 *   <li><b>A session log says {@code START}</b> where a folder is written to again, with the step from which on earlier
 *       events are void, as TensorFlow's Supervisor did: a run killed after its last checkpoint has told epochs that come again.
 * </ul>
 */
@NullMarked
package dev.kindling.diagnose;

import org.jspecify.annotations.NullMarked;
