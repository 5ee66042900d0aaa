package dev.kindling.engine;

/** What one run asks of the shards in a round. It stays on the driver; tasks get its parts. */
@SuppressWarnings("ArrayRecordComponent") // the run's own parameters, borrowed; never compared
record RunRequest(RunSetup setup, ShardRequest request, float[] parameters) {

    /** The length of a shard's answer, apart from its sums. */
    int length() {
        return setup.length(request);
    }
}
