package dev.kindling.engine;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run's use of an engine: the sums that it asks for, and the time that they take. */
public final class ShardWork implements AutoCloseable {
    private final ShardEngine engine;
    private final RunSetup setup;
    private final StepTimer meter = new StepTimer();

    /** @param engine closed with this */
    public ShardWork(ShardEngine engine, RunSetup setup) {
        this.engine = engine;
        this.setup = setup;
    }

    /** The sum of all shards' answers to a request. */
    public GradientSum sum(ShardRequest request, float[] parameters) {
        return sum(request, null, parameters);
    }

    /**
     * The same, of a part of the network.
     *
     * @param part that the rows of the request touch; null: the whole
     * @param parameters of the part
     */
    public GradientSum sum(ShardRequest request, @Nullable TouchedPart part, float[] parameters) {
        ShardEngine.Answers answers = engine.sums(List.of(new RunRequest(setup, request, part, parameters)));
        GradientSum sum = answers.sums().get(0);
        meter.sum(sum, place().slots(), answers.broadcastNanos(), answers.nanos(), answers.reduceNanos());
        return sum;
    }

    /** Takes back a sum that nobody reads any more, for a later one. */
    public void free(GradientSum sum) {
        engine.free(setup, sum);
    }

    /** Shows the run's progress in the Spark UI. */
    public void announce(Supplier<String> progress) {
        engine.announce(progress);
    }

    /** Where the time of the sums went. */
    public StepTimer meter() {
        return meter;
    }

    public ExecutionMode place() {
        return engine.place();
    }

    @Override
    public void close() {
        engine.close();
    }
}
