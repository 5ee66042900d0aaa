package dev.kindling.engine;

import org.jspecify.annotations.Nullable;

/**
 * What one run asks of the shards in a round. It stays on the driver; tasks get what they need of it.
 *
 * @param part of the network that the request is about; null: the whole
 * @param parameters of that part
 */
@SuppressWarnings("ArrayRecordComponent") // the run's own parameters, borrowed; never compared
record RunRequest(RunSetup setup, ShardRequest request, @Nullable TouchedPart part, float[] parameters) {

    /** The length of a shard's answer, apart from its sums. */
    int length() {
        return request.length((part == null ? setup.network : part.network).parameterCount());
    }
}
