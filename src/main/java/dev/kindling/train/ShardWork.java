package dev.kindling.train;

/** What a run asks of its shards: sums over their rows, added in shard order whatever computes them. */
interface ShardWork extends AutoCloseable {

    /** The gradient, loss and metric of the rows of one step, as they are while training. */
    GradientSum gradient(float[] parameters, int epoch, int step, int steps);

    /** The same without the gradient. */
    GradientSum loss(float[] parameters, int epoch, int step, int steps);

    /** The loss and metric of the validation rows. */
    GradientSum validation(float[] parameters);

    /** Where it is done, for reports. */
    String place();

    @Override
    void close();
}
