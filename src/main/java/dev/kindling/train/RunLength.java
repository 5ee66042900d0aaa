package dev.kindling.train;

/**
 * How long to train and in what batches, where the user leaves that open.
 *
 * <p>What a network learns depends on its steps more than on its epochs: 20 epochs of 800 rows are 80 steps of 256 rows, far
 * too few. So an epoch has at least {@value #FEWEST_PER_EPOCH} steps or the smallest batches, and a run at least {@value
 * #STEPS} steps, within bounds on the epochs. {@code submit/benchmark recipes} measured the numbers.
 *
 * @param epochs passes over the rows
 * @param batchSize rows in a step
 */
public record RunLength(int epochs, int batchSize) {
    /** In place of a number that is to be chosen. */
    public static final int AUTO = 0;

    private static final int SMALLEST_BATCH = 32;
    private static final int LARGEST_BATCH = 128;
    private static final int FEWEST_PER_EPOCH = 10;
    private static final int STEPS = 2000;
    private static final int FEWEST_EPOCHS = 20;
    private static final int MOST_EPOCHS = 200;

    /**
     * Chooses what is {@link #AUTO}.
     *
     * @param rows to train on
     */
    public static RunLength of(long rows, int epochs, int batchSize) {
        int batch = batchSize == AUTO ? batchSize(rows) : batchSize;
        return new RunLength(epochs == AUTO ? epochs(rows, batch) : epochs, batch);
    }

    /** The largest power of two, within the bounds, that leaves enough steps in an epoch. */
    private static int batchSize(long rows) {
        long most = Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, rows / FEWEST_PER_EPOCH));
        return (int) Long.highestOneBit(most);
    }

    private static int epochs(long rows, int batchSize) {
        long perEpoch = Math.max(1, (rows + batchSize - 1) / batchSize);
        return (int) Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, (STEPS + perEpoch - 1) / perEpoch));
    }
}
