package dev.kindling.checkpoint;

import dev.kindling.linalg.Require;

/**
 * Where checkpoints are written, and when. A run that finds checkpoints there resumes from the newest.
 *
 * @param folder in any file system that Hadoop knows; empty for no checkpoints
 * @param everyEpochs write one after this many epochs; 0: none by epochs
 * @param everyMinutes write one between two steps once the last is this old; 0: none by time
 * @param keep how many of the newest to keep, besides the best epoch's
 */
public record CheckpointPolicy(String folder, int everyEpochs, double everyMinutes, int keep) {
    /** No checkpoints. */
    public static final CheckpointPolicy NONE = new CheckpointPolicy("", 0, 0, 1);

    private static final String MEMBER = "member-";

    public CheckpointPolicy {
        Require.nonNegative(everyEpochs, "the epochs between checkpoints");
        Require.nonNegative(everyMinutes, "the minutes between checkpoints");
        Require.positive(keep, "the number of checkpoints to keep");
    }

    /** Whether a file of that name in a checkpoint folder is a checkpoint, or a folder of that name holds those of a member. */
    public static boolean isCheckpoint(String name) {
        return CheckpointStore.NAME.matcher(name).matches() || name.matches(MEMBER + "\\d+");
    }

    /** The name of the folder for the checkpoints of one of several networks that train at once, counted from 0. */
    public static String ofMember(int member) {
        return MEMBER + (member + 1);
    }
}
