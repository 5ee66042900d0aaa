package dev.kindling.train.scale;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What limits a run on more executors, and what would help, as sentences. */
final class Limit {
    private static final double WORTH = 1.2; // times as fast
    private static final double NEAR = 1.1; // times as slow as the fastest: not worth twice the executors
    private static final int LARGER = 8; // times the rows of a batch

    private Limit() {}

    /** @param executors numbers of them to choose from, ascending */
    static List<String> of(ScaleModel model, List<Integer> executors) {
        RunShape run = model.run();
        Prediction one = model.of(executors.get(0), run.localSteps());
        Prediction best = enough(model, executors, run.localSteps());
        Map.Entry<String, Double> largest = best.largest();
        List<String> lines = new ArrayList<>();
        String gain = best.executors() == one.executors()
                ? format("more executors than %d gain little: %.3g s an epoch", one.executors(), one.epoch())
                : format(
                        "%d executors do: %.3g s an epoch, %.1f times as fast as %d",
                        best.executors(), best.epoch(), one.epoch() / best.epoch(), one.executors());
        lines.add(format(
                "as it is (--local-steps %d, batches of %,d rows) %s; %.0f %% of a round's time is %s",
                run.localSteps(), run.batch(), gain, 100 * largest.getValue(), largest.getKey()));
        List<String> changes = new ArrayList<>();
        for (int steps : ScalePlan.LOCAL_STEPS) {
            if (steps > run.localSteps() && steps <= run.steps()) {
                add(changes, "--local-steps " + steps, enough(model, executors, steps), best);
            }
        }
        long larger = (long) LARGER * run.batch();
        if (larger <= run.rows()) {
            ScaleModel wider =
                    new ScaleModel(model.wire(), model.compute(), run.withBatch((int) larger), model.cores());
            add(changes, format("--batch-size %d", larger), enough(wider, executors, run.localSteps()), best);
        }
        lines.add(
                changes.isEmpty()
                        ? "neither local steps nor larger batches would make it much faster"
                        : "if accuracy allows: " + String.join("; ", changes));
        return lines;
    }

    /** The fewest executors that are nearly as fast as any number. */
    private static Prediction enough(ScaleModel model, List<Integer> executors, int steps) {
        List<Prediction> all =
                executors.stream().map(each -> model.of(each, steps)).toList();
        double fastest = all.stream().mapToDouble(Prediction::epoch).min().orElseThrow();
        return all.stream()
                .filter(each -> each.epoch() <= NEAR * fastest)
                .findFirst()
                .orElseThrow();
    }

    private static void add(List<String> changes, String option, Prediction changed, Prediction best) {
        if (best.epoch() > WORTH * changed.epoch()) {
            changes.add(format(
                    "%s, %.3g s on %d %s, %.1f times as fast",
                    option,
                    changed.epoch(),
                    changed.executors(),
                    changed.executors() == 1 ? "executor" : "executors",
                    best.epoch() / changed.epoch()));
        }
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
