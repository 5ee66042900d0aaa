package dev.kindling.engine;

/**
 * Where the shards are computed on.
 *
 * @param slots how many at once
 * @param jobs whether each step is a Spark job, instead of this JVM's threads
 * @param local whether the master is
 * @param spilled whether shards lie on disk for want of memory
 */
public record ExecutionMode(int slots, boolean jobs, boolean local, boolean spilled) {

    /** In words, for reports. */
    @Override
    public String toString() {
        if (jobs) {
            return "Spark jobs";
        }
        return slots + (slots == 1 ? " thread" : " threads") + " of this JVM";
    }
}
