package dev.kindling.engine;

/** What one run asks of the shards in a round. It stays on the driver; tasks get its parts. */
final class RunRequest {
    final RunSetup setup;
    final ShardRequest request;
    final float[] parameters;

    RunRequest(RunSetup setup, ShardRequest request, float[] parameters) {
        this.setup = setup;
        this.request = request;
        this.parameters = parameters;
    }

    /** The length of a shard's answer, apart from its sums of loss, metric and weight. */
    int length() {
        return request.length(setup.network.parameterCount());
    }
}
