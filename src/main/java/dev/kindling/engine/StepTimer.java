package dev.kindling.engine;

/** Where the time of steps goes, in nanoseconds, added up. */
public final class StepTimer {
    private long broadcast;
    private long schedule;
    private long compute;
    private long reduce;
    private long update;

    public void start() {
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
    public void sum(GradientSum sum, int slots, long broadcastNanos, long total, long reduceNanos) {
        long computing = Math.min(Math.max(sum.longestNanos, sum.nanos / slots), total - reduceNanos);
        broadcast += broadcastNanos;
        compute += computing;
        reduce += reduceNanos;
        schedule += total - reduceNanos - computing;
    }

    /** Notes what moved the parameters, since a reading of {@link System#nanoTime}. */
    public void updateSince(long start) {
        update += System.nanoTime() - start;
    }

    public StepTimes perStep(long steps) {
        double each = 1e6 * Math.max(1, steps);
        return new StepTimes(schedule / each, broadcast / each, compute / each, reduce / each, update / each);
    }
}
