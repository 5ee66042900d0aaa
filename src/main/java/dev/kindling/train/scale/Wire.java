package dev.kindling.train.scale;

/**
 * What Spark and the network cost.
 *
 * @param job seconds of a job of no work, apart from its tasks
 * @param task seconds of the driver for each task
 * @param out messages from the driver to each executor
 * @param back answers from each task to the driver
 */
record Wire(double job, double task, Transfer out, Transfer back) {
    /** Spark broadcasts in blocks of so many bytes, which executors take from one another too. */
    static final int BLOCK = 4 << 20;

    /** The same with jobs that take so many seconds more, or less. */
    Wire longer(double seconds) {
        return new Wire(Math.max(0, job + seconds), task, out, back);
    }

    /** The same beyond a network whose links take so many seconds a byte. */
    Wire over(double link) {
        return new Wire(job, task, out.over(link), back.over(link));
    }

    /** Seconds of a job's launch and end. */
    double schedule(int tasks) {
        return job + task * tasks;
    }

    /** Seconds until each of the executors has a message. */
    double sent(double bytes, int executors) {
        return out.seconds(bytes, copies(bytes, executors));
    }

    /** Seconds until the driver has each task's answer. */
    double returned(double bytes, int tasks) {
        return back.seconds(bytes, tasks);
    }

    /**
     * How often the driver's link carries a broadcast. Executors fetch its blocks in random orders. Before an executor's
     * block r of b, each other executor has r blocks, so a block has 1 + (N - 1)·r/b holders on average, of which one is asked
     * at random: N/b·Σ 1/(1 + (N - 1)·r/b) copies. A message of one block comes from the driver N times, because all ask at once.
     */
    static double copies(double bytes, int executors) {
        int blocks = (int) Math.max(1, Math.ceil(bytes / BLOCK));
        double copies = 0;
        for (int before = 0; before < blocks; before++) {
            copies += executors / (1 + (executors - 1.0) * before / blocks) / blocks;
        }
        return copies;
    }
}
