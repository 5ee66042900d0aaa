package dev.kindling.train;

/**
 * How long to train and in what batches, where the user leaves that open.
 *
 * <p>What a network learns depends on its steps more than on its epochs: 20 epochs of 800 rows are 80 steps of 256 rows, far
 * too few. So small tables get small batches and many epochs, {@value #STEPS} steps within bounds. Tables of some 10,000 rows
 * get up to {@value #USUAL_EPOCHS} epochs, for where rows are many and say much, these steps are too few still. Large ones get
 * larger batches, so that an epoch has about {@value #MOST_PER_EPOCH} steps, because on a cluster each costs a Spark job. {@code
 * submit/benchmark recipes} measures what the numbers gain.
 *
 * @param epochs passes over the rows
 * @param batchSize rows in a step
 */
public record RunLength(int epochs, int batchSize) {
    /** In place of a number that is to be chosen. */
    public static final int AUTO = 0;

    private static final int SMALLEST_BATCH = 32;
    private static final int USUAL_BATCH = 128;
    private static final int LARGEST_BATCH = 4096;
    private static final int FEWEST_PER_EPOCH = 10;
    private static final int MOST_PER_EPOCH = 1000;
    private static final int STEPS = 3000;
    private static final int FEWEST_EPOCHS = 20;
    private static final int USUAL_EPOCHS = 100;
    private static final long USUAL_ROWS = 1_500_000; // of all epochs
    private static final int MOST_EPOCHS = 300;

    /**
     * Chooses what is {@link #AUTO}.
     *
     * @param rows to train on
     */
    public static RunLength of(long rows, int epochs, int batchSize) {
        int batch = batchSize == AUTO ? batchSize(rows) : batchSize;
        return new RunLength(epochs == AUTO ? epochs(rows, batch) : epochs, batch);
    }

    /** A power of two. */
    private static int batchSize(long rows) {
        long small = Math.min(USUAL_BATCH, rows / FEWEST_PER_EPOCH);
        long large = Math.min(LARGEST_BATCH, rows / MOST_PER_EPOCH);
        return (int) Long.highestOneBit(Math.max(SMALLEST_BATCH, Math.max(small, large)));
    }

    private static int epochs(long rows, int batchSize) {
        long perEpoch = Math.max(1, (rows + batchSize - 1) / batchSize);
        long bySteps = Math.min(MOST_EPOCHS, (STEPS + perEpoch - 1) / perEpoch);
        long byRows = Math.min(USUAL_EPOCHS, USUAL_ROWS / Math.max(1, rows));
        return (int) Math.max(FEWEST_EPOCHS, Math.max(bySteps, byRows));
    }
}
