package dev.kindling.checkpoint;

import dev.kindling.linalg.Require;

/**
 * Where checkpoints go, and when. A run that finds some there goes on from the newest.
 *
 * @param folder of any file system that Hadoop knows; empty for none
 * @param everyEpochs a checkpoint after every so many epochs; 0: none by epochs
 * @param everyMinutes a checkpoint, between two steps, once the last is so old; 0: none by time
 * @param keep how many of the newest to keep, besides that of the best epoch
 */
public record CheckpointPolicy(String folder, int everyEpochs, double everyMinutes, int keep) {
    /** No checkpoints. */
    public static final CheckpointPolicy NONE = new CheckpointPolicy("", 0, 0, 1);

    public CheckpointPolicy {
        Require.nonNegative(everyEpochs, "the epochs between checkpoints");
        Require.nonNegative(everyMinutes, "the minutes between checkpoints");
        Require.positive(keep, "the number of checkpoints to keep");
    }

    /** Whether a file in such a folder is a checkpoint, by its name. */
    public static boolean isCheckpoint(String name) {
        return CheckpointStore.NAME.matcher(name).matches();
    }
}
