package dev.kindling.engine;

import dev.kindling.data.CvFold;
import dev.kindling.data.Shard;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a run asks of the shards at one time, parameters aside. It travels in closures.
 *
 * @param fold as which the run sees the shards; null: as they are
 */
record Ask(Plan plan, @Nullable CvFold fold, Pass pass) implements Serializable {

    /** The length of what a shard answers with, beside the sums. */
    int length() {
        return pass.length(plan.network.parameterCount());
    }

    /**
     * Adds one shard's part.
     *
     * @param sum zero so far
     */
    void answer(Shard shard, float[] parameters, Scratch scratch, GradientSum sum) {
        pass.add(plan, fold == null ? shard : shard.of(fold), parameters, scratch, sum);
    }
}
