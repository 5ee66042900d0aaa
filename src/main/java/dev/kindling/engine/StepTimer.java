package dev.kindling.engine;

/** Adds up where the time of steps goes, in nanoseconds. */
public final class StepTimer {
    private long broadcast;
    private long schedule;
    private long compute;
    private long reduce;
    private long update;
    private long summed; // when the last sum was there, by System.nanoTime

    public void start() {
        broadcast = 0;
        schedule = 0;
        compute = 0;
        reduce = 0;
        update = 0;
    }

    /**
     * Notes a sum over the shards, which has just arrived.
     *
     * @param slots how many shards are computed at once
     * @param total from when the parameters were sent until the sum was there
     */
    void sum(GradientSum sum, int slots, long broadcastNanos, long total, long reduceNanos) {
        long computing = Math.min(Math.max(sum.longestNanos, sum.nanos / slots), total - reduceNanos);
        broadcast += broadcastNanos;
        compute += computing;
        reduce += reduceNanos;
        schedule += total - reduceNanos - computing;
        summed = System.nanoTime();
    }

    /** Notes that the last sum has moved the parameters. */
    public void updated() {
        update += System.nanoTime() - summed;
    }

    public StepTimes perStep(long steps) {
        double each = 1e6 * Math.max(1, steps);
        return new StepTimes(schedule / each, broadcast / each, compute / each, reduce / each, update / each);
    }
}
