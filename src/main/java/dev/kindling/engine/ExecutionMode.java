package dev.kindling.engine;

/**
 * Where sums over the shards are computed.
 *
 * @param slots how many shards are computed at once
 * @param jobs whether each step is a Spark job; else this JVM's threads compute it
 * @param local whether the master is local
 * @param spilled whether shards are on disk because memory was short
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
