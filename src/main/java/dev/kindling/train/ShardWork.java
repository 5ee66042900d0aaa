package dev.kindling.train;

import java.util.function.Supplier;

/** What a run asks of its shards: sums over their rows, added in shard order whatever computes them. */
interface ShardWork extends AutoCloseable {

    /** All shards' answers to a pass, added. */
    GradientSum sum(Pass pass, float[] parameters);

    /** Lets the Spark UI tell how far a run is. */
    void announce(Supplier<String> progress);

    /** What the sums so far took. */
    Meter meter();

    /** Where it is done. */
    Place place();

    @Override
    void close();
}
