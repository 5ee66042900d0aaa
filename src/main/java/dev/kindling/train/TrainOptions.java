package dev.kindling.train;

import dev.kindling.linalg.Require;
import java.io.Serializable;

/**
 * How long and in what portions to train.
 *
 * @param batchSize rows in a step, over all shards together
 * @param aggregationDepth 1: the driver adds all shards' gradients; 2: executors add them in groups first, once there are
 *     many shards. The sum is the same to the bit.
 */
public record TrainOptions(int epochs, int batchSize, long seed, EarlyStopping earlyStopping, int aggregationDepth)
        implements Serializable {

    public TrainOptions {
        Require.positive(epochs, "the number of epochs");
        Require.positive(batchSize, "the batch size");
        Require.that(
                aggregationDepth == 1 || aggregationDepth == 2,
                "the aggregation depth must be 1 or 2, but is " + aggregationDepth);
    }
}
