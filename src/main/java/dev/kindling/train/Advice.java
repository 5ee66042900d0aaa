package dev.kindling.train;

import dev.kindling.engine.ExecutionMode;
import dev.kindling.engine.StepTimes;
import dev.kindling.spark.OneJvm;
import java.util.Locale;
import java.util.Optional;

/** Advice that would make a run's epochs at least a fifth faster, judged by the times of its steps. */
final class Advice {
    private static final double WORTH = 0.2;

    private Advice() {}

    /**
     * The one piece of advice that helps most, as a sentence.
     *
     * @param movesUntouched whether steps move weights that their rows do not touch
     * @param batched whether the optimizer takes gradient steps on batches, and so can take local steps
     * @param shards in all
     * @param rows to train on
     */
    static Optional<String> of(
            StepTimes step,
            ExecutionMode place,
            TrainOptions options,
            boolean movesUntouched,
            boolean batched,
            int shards,
            long rows) {
        if (place.spilled()) {
            return Optional.of("shards are on disk and are read again at every step; more memory for executors, or more"
                    + " executors, would keep them in memory");
        }
        double total = step.total();
        if (movesUntouched && step.update() > WORTH * total) {
            return Optional.of(format(
                    "%.1f of %.1f ms per step update all weights, most of which its rows do not touch; the optimizer"
                            + " lazyAdam leaves those alone",
                    step.update(), total));
        }
        if (place.jobs() && place.local() && step.overhead() > WORTH * total) {
            return Optional.of(format(
                    "%.1f of %.1f ms per step go to Spark; without %s=false this JVM's threads would save them",
                    step.overhead(), total, OneJvm.PROPERTY));
        }
        if (shards > 2 * place.slots() && place.jobs() && step.overhead() > WORTH * total) {
            return Optional.of(format(
                    "%.1f of %.1f ms per step go to %,d tasks on %d cores; about %d shards would need fewer",
                    step.overhead(), total, shards, place.slots(), place.slots()));
        }
        double idle = 1 - (double) shards / place.slots();
        if (place.jobs() && idle * step.compute() > WORTH * total) {
            return Optional.of(format("%d shards leave some of %d cores idle; use %2$d shards", shards, place.slots()));
        }
        return batched ? larger(step, options, rows) : Optional.empty();
    }

    private static Optional<String> larger(StepTimes step, TrainOptions options, long rows) {
        double fixed = step.total() - step.compute(); // however many rows a step has
        long times = 1;
        while (fixed > WORTH * (fixed + times * step.compute()) && 2 * times * options.batchSize() <= rows) {
            times *= 2;
        }
        double faster = step.total() / (step.compute() + fixed / times);
        if (faster < 1 / (1 - WORTH)) {
            return Optional.empty();
        }
        return Optional.of(format(
                "%.1f of %.1f ms per step do not depend on its rows; if accuracy allows, batches of %,d rows or %,d"
                        + " local steps would make an epoch about %.1f times as fast; scalePlan, or train --dry-run-scale,"
                        + " predicts more executors too",
                fixed, step.total(), times * options.batchSize(), times * options.localSteps(), faster));
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
