package dev.kindling.nn;

import java.util.List;
import java.util.Optional;

/** Whether and how a network embeds categorical columns. */
public sealed interface Embedding permits Embedding.None, Embed {

    /**
     * The layer that does it; empty if no column is to be embedded.
     *
     * @param columns how many of the inputs, from the first to the last, each column has: 1 for a number, one for each
     *     category; empty if that is not known
     */
    Optional<Embed> over(List<Integer> columns);

    /** Categories stay one-hot. */
    record None() implements Embedding {
        @Override
        public Optional<Embed> over(List<Integer> columns) {
            return Optional.empty();
        }
    }
}
