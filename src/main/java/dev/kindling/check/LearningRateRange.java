package dev.kindling.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.data.Shards;
import dev.kindling.linalg.Require;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.Span;
import dev.kindling.optim.UpdateRule;
import dev.kindling.report.ReportPage;
import dev.kindling.spec.Spec;
import dev.kindling.train.DivergenceException;
import dev.kindling.train.EarlyStopping;
import dev.kindling.train.RunConfig;
import dev.kindling.train.Step;
import dev.kindling.train.TrainListener;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the loss goes where the learning rate grows from step to step: at first it hardly moves, then it falls, then it
 * explodes. Smith, <a href="https://arxiv.org/abs/1506.01186">Cyclical learning rates</a>, WACV 2017, section 3.3, with
 * the rate growing exponentially as in fastai.
 *
 * @param points in the order of their rates
 * @param suggested the rate where the smoothed loss falls fastest by the logarithm of the rate; NaN where it never falls
 * @param low below which the loss hardly moves; NaN where it never falls
 * @param high from which it explodes; infinite where it does not up to the largest rate tried
 */
public record LearningRateRange(List<Point> points, double suggested, double low, double high) {
    static final double LOWEST = 1e-7;
    static final double HIGHEST = 10;
    private static final int LEAST_STEPS = 100;
    private static final int MOST_STEPS = 1000;
    private static final double SMOOTHING = 0.9; // of an exponential moving average
    private static final double EXPLODED = 4; // times the least loss: there is no more to see
    private static final double FALLS = 0.05; // of the first loss: less is noise
    private static final int NEIGHBOURS = 2; // on each side, over which a slope is taken

    /**
     * One step.
     *
     * @param loss mean over its rows
     * @param smoothed a moving average of the losses so far
     */
    public record Point(double learningRate, double loss, double smoothed) {}

    public LearningRateRange {
        points = List.copyOf(points);
    }

    /**
     * One pass over the rows, or as many as make {@value #LEAST_STEPS} steps, from {@value #LOWEST} to {@value #HIGHEST}.
     *
     * @param run its learning rate, schedule, plateau, moving average and local steps are left out
     * @param initial parameters to begin with; null for fresh ones
     */
    public static LearningRateRange of(Shards shards, RunConfig run, float @Nullable [] initial) {
        UpdateRule rule = run.rule();
        Require.that(
                rule.optimizer() instanceof FirstOrder,
                Spec.name(rule.optimizer())
                        + " takes no learning rate that could be looked for: use another optimizer");
        long perEpoch = run.stepsPerEpoch(shards.rows());
        int steps = (int) Math.max(LEAST_STEPS, Math.min(MOST_STEPS, perEpoch));
        Schedule growth = new Schedule.Exponential(new Span.Steps(steps - 1), HIGHEST / LOWEST);
        TrainOptions once = run.options()
                .withEpochs((int) ((steps + perEpoch - 1) / perEpoch))
                .withEarlyStopping(EarlyStopping.NEVER)
                .withPlateau(new Plateau.None())
                .withEmaDecay(0)
                .withLocalSteps(1, new OuterOptimizer.Average());
        RunConfig growing =
                run.withRule(rule.withLearningRate(LOWEST).withSchedule(growth)).withOptions(once);
        Watch watch = new Watch(steps);
        try {
            new Trainer(growing, watch).fit(shards, initial, CheckpointPolicy.NONE);
        } catch (SeenEnough | DivergenceException e) { // what explodes is what was looked for
            watch.exploded |= e instanceof DivergenceException;
        }
        return judge(watch.points, watch.exploded);
    }

    private static final class SeenEnough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SeenEnough() {
            super("seen enough", null, false, false);
        }
    }

    /** Notes the steps, and ends the run once there is no more to see. */
    private static final class Watch implements TrainListener {
        private final int steps;
        private final List<Point> points = new ArrayList<>();
        private double average;
        private double decay = 1;
        private double least = Double.POSITIVE_INFINITY;
        private boolean exploded;

        Watch(int steps) {
            this.steps = steps;
        }

        @Override
        public void stepped(Step step) {
            average = SMOOTHING * average + (1 - SMOOTHING) * step.loss();
            decay *= SMOOTHING;
            double smoothed = average / (1 - decay); // as Adam's moments, without the bias to 0
            points.add(new Point(step.learningRate(), step.loss(), smoothed));
            least = Math.min(least, smoothed);
            exploded = smoothed > EXPLODED * Math.abs(least) + 1e-6;
            if (exploded || points.size() == steps) {
                throw new SeenEnough();
            }
        }
    }

    /** What the curve tells. */
    static LearningRateRange judge(List<Point> points, boolean exploded) {
        Require.that(
                points.size() > 2 * NEIGHBOURS,
                "the loss must be finite for some steps, but training diverged after " + points.size()
                        + " at the learning rate " + LOWEST + ": look for features of huge size");
        int least = 0;
        for (int i = 1; i < points.size(); i++) {
            least = points.get(i).smoothed < points.get(least).smoothed ? i : least;
        }
        double level = level(points);
        double fallen = level - FALLS * Math.abs(level);
        int high = points.size();
        while (high - 1 > least && points.get(high - 1).smoothed > level) {
            high--;
        }
        double explodes = high < points.size()
                ? points.get(high).learningRate
                : exploded ? points.get(high - 1).learningRate : Double.POSITIVE_INFINITY;
        if (!(points.get(least).smoothed < fallen)) {
            return new LearningRateRange(points, Double.NaN, Double.NaN, explodes);
        }
        int low = least;
        while (low > 0 && points.get(low - 1).smoothed < fallen) {
            low--;
        }
        int steepest = low;
        for (int i = low; i <= least; i++) {
            steepest = slope(points, i) < slope(points, steepest) ? i : steepest;
        }
        return new LearningRateRange(points, points.get(steepest).learningRate, points.get(low).learningRate, explodes);
    }

    /** The loss where the rate is still too low to move it: the median over the first quarter of the steps. */
    private static double level(List<Point> points) {
        double[] first = points.stream()
                .limit(Math.max(1, points.size() / 4))
                .mapToDouble(Point::loss)
                .sorted()
                .toArray();
        return first[first.length / 2];
    }

    private static double slope(List<Point> points, int at) {
        Point before = points.get(Math.max(0, at - NEIGHBOURS));
        Point after = points.get(Math.min(points.size() - 1, at + NEIGHBOURS));
        return (after.smoothed - before.smoothed) / Math.log(after.learningRate / before.learningRate);
    }

    /** One sentence: what to use, and why. */
    public String advice() {
        String explodes = Double.isInfinite(high)
                ? "it does not explode up to " + number(points.get(points.size() - 1).learningRate)
                : "from " + number(high) + " on it explodes";
        if (Double.isNaN(suggested)) {
            return "no learning rate lowered the loss by more than " + Math.round(100 * FALLS) + " %, and " + explodes
                    + ": look at the labels, standardize the features, or use another initializer";
        }
        return "suggested learning rate " + number(suggested) + ", where the loss falls fastest; below " + number(low)
                + " it hardly moves, " + explodes;
    }

    /** Two digits: no more are meant. */
    private static String number(double rate) {
        return Spec.print(Double.parseDouble(String.format(Locale.ROOT, "%.1e", rate)));
    }

    /** The curve and what it tells, for machines. */
    public String toJson() {
        return json().toPrettyString();
    }

    /** The same as one HTML page, which needs nothing but a browser: the curve with its zones and the suggested rate. */
    public String page() {
        return ReportPage.of(LearningRateRange.class, "range", "Learning-rate range", json());
    }

    /** Writes the page in the place of what is there, which stays where that fails. */
    public void write(Path file) throws IOException {
        ReportPage.write(page(), file);
    }

    private ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        finite(json, "suggested", suggested);
        finite(json, "low", low);
        finite(json, "high", high);
        json.put("advice", advice());
        ArrayNode curve = json.putArray("points");
        for (Point point : points) {
            ObjectNode each = curve.addObject().put("learningRate", point.learningRate);
            finite(each, "loss", point.loss);
            finite(each, "smoothed", point.smoothed);
        }
        return json;
    }

    /** JSON has no numbers but finite ones. */
    private static void finite(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }
}
