package dev.kindling.engine;

import dev.kindling.data.CvFold;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run's use of an engine: what it asks of the shards, and what that takes. */
public final class ShardWork implements AutoCloseable {
    private final ShardEngine engine;
    private final Plan plan;
    private final @Nullable CvFold fold;
    private final StepTimer meter = new StepTimer();

    /** @param engine closed with this */
    public ShardWork(ShardEngine engine, Plan plan, @Nullable CvFold fold) {
        this.engine = engine;
        this.plan = plan;
        this.fold = fold;
    }

    /** All shards' answers to a pass, added. */
    public GradientSum sum(Pass pass, float[] parameters) {
        ShardEngine.Answers answers = engine.sums(List.of(new Ask(plan, fold, pass)), List.of(parameters));
        GradientSum sum = answers.sums().get(0);
        meter.sum(sum, place().slots(), answers.broadcastNanos(), answers.nanos(), answers.reduceNanos());
        return sum;
    }

    public void announce(Supplier<String> progress) {
        engine.announce(progress);
    }

    /** What the sums so far took. */
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
