/**
 * The state of a run, and the files that hold it.
 *
 * <p>Imports {@code engine} and what it stands on, and Hadoop's file systems. Users read {@link
 * dev.kindling.checkpoint.Epoch} and {@link dev.kindling.checkpoint.TrainState} in a listener; the rest is internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A checkpoint is all of {@link dev.kindling.checkpoint.TrainState}</b> and the run's {@code RunFingerprint},
 *       in one safetensors file with a checksum. The checksum tells whether the file is complete; there is no commit
 *       marker. A checkpoint may lie between any two steps.
 *   <li><b>One run writes to a folder</b> ({@code CheckpointLock}). Readers need no lock: a checkpoint appears as a whole.
 *   <li><b>Older formats are migrated when they are read</b> ({@code CheckpointVersions}): one version at a time, before
 *       the codec sees the file. So the codec knows only the newest version. Unknown versions are refused.
 *   <li><b>Nothing read from disk is deserialized.</b> What L-BFGS remembers is Breeze's; its parts are stored as
 *       arrays ({@code Curvature}) and handed back to it.
 *   <li><b>A checkpoint that cannot be written ends the run</b>: whoever asked for checkpoints should not lose hours
 *       later what could be saved now. Training goes on while a checkpoint is being written.
 * </ul>
 */
@NullMarked
package dev.kindling.checkpoint;

import org.jspecify.annotations.NullMarked;
