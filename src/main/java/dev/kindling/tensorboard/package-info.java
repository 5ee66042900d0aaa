/**
 * Event files for TensorBoard, written while a run trains.
 *
 * <p>Imports {@code report} (for layer statistics and weight changes), {@code train}, and what they import. Users may
 * build on {@link dev.kindling.tensorboard.TensorBoard}; the rest is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Messages are encoded by hand</b> ({@code protobuf}): there are only a dozen fields. A golden file holds the output of
 *       TensorBoard's own writer for the same events; ours is equal to the byte.
 *   <li><b>Scalars and histograms use their older form</b>, which every version reads and PyTorch writes too. A
 *       histogram's buckets have equal widths, so that TensorBoard converts them to exactly what TensorFlow 2 would
 *       have written.
 *   <li><b>One file per run of the program and folder, held open</b>, not reopened each epoch: {@code s3a:} cannot
 *       append, and local files can only without checksums. {@code TrainListener.closed()} says when to close it,
 *       however a fit ends.
 *   <li><b>An event that cannot be written does not end the run</b>, unlike a checkpoint: training does not need
 *       it.
 *   <li><b>A failed session has no end</b> in the hyper-parameters: it may be resumed, and TensorBoard uses the first
 *       end that it finds.
 *   <li><b>A session log says {@code START}</b> when a folder is written to again, with the step from which earlier
 *       events are void, as TensorFlow's Supervisor did: a run killed after its last checkpoint has logged epochs that
 *       a resumed run repeats.
 * </ul>
 */
@NullMarked
package dev.kindling.tensorboard;

import org.jspecify.annotations.NullMarked;
