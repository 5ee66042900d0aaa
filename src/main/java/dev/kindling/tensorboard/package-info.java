/**
 * Event files for TensorBoard, written while a run trains.
 *
 * <p>Imports {@code report}, for what layers and weights do over time, {@code train} and what it stands on. Users may
 * build on {@link dev.kindling.tensorboard.TensorBoard}; the rest is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Messages are encoded by hand</b> ({@code ProtoMessage}): a dozen fields, where protobuf's runtime would have
 *       to agree with whichever one Spark's other jars bring. A golden file holds what TensorBoard's own writer makes
 *       of the same events; ours are equal to the byte.
 *   <li><b>Scalars and histograms use their older form</b>, which every version reads and PyTorch writes too. A
 *       histogram's buckets have equal widths, so that TensorBoard turns them into what TensorFlow 2 would have
 *       written.
 *   <li><b>One file per run of the program and folder, held open</b>, not reopened each epoch: {@code s3a:} cannot
 *       append, and local files can only without checksums. {@code TrainListener.closed()} tells when to close it,
 *       however a fit ends.
 *   <li><b>An event that cannot be written does not end the run</b>, unlike a checkpoint: nothing is lost that training
 *       needs.
 *   <li><b>A failed session has no end</b> in the hyper-parameters: it may be resumed, and TensorBoard believes the
 *       first end that it finds.
 *   <li><b>A session log says {@code START}</b> where a folder is written to again, with the step from which earlier
 *       events are void, as TensorFlow's Supervisor did: a run killed after its last checkpoint has told of epochs that
 *       come again.
 * </ul>
 */
@NullMarked
package dev.kindling.tensorboard;

import org.jspecify.annotations.NullMarked;
