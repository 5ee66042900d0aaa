package dev.kindling.train;

/** Where the time of steps goes, in nanoseconds, added up. */
final class Meter {
    private long broadcast;
    private long schedule;
    private long compute;
    private long reduce;
    private long update;

    void start() {
        broadcast = 0;
        schedule = 0;
        compute = 0;
        reduce = 0;
        update = 0;
    }

    /**
     * Notes a sum over the shards.
     *
     * @param slots how many shards are computed at once
     * @param total from when the parameters were there until the sum was
     */
    void sum(GradientSum sum, int slots, long broadcastNanos, long total, long reduceNanos) {
        long computing = Math.min(Math.max(sum.longestNanos, sum.nanos / slots), total - reduceNanos);
        broadcast += broadcastNanos;
        compute += computing;
        reduce += reduceNanos;
        schedule += total - reduceNanos - computing;
    }

    /** Notes what moved the parameters, since a reading of {@link System#nanoTime}. */
    void updateSince(long start) {
        update += System.nanoTime() - start;
    }

    Anatomy perStep(long steps) {
        double each = 1e6 * Math.max(1, steps);
        return new Anatomy(schedule / each, broadcast / each, compute / each, reduce / each, update / each);
    }
}
