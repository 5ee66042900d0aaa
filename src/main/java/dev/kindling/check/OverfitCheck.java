package dev.kindling.check;

import static dev.kindling.check.FindingText.figure;

import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Batch;
import dev.kindling.loss.ScoredBatch;
import dev.kindling.loss.Tally;
import dev.kindling.nn.Workspace;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Horizon;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Checks that the network can overfit a small batch: a network that cannot will learn nothing from many rows. Dropout,
 * penalties and the schedule are switched off. All rows have different features, because no network can tell equal rows
 * apart, and the classes take turns. Karpathy, <a href="https://karpathy.github.io/2019/04/25/recipe/">A recipe for
 * training neural networks</a>, 2019.
 */
final class OverfitCheck {
    static final int ROWS = 32;
    private static final int MOST_STEPS = 1000;
    private static final int LEAST_STEPS = 50;
    private static final double BUDGET = 1e11; // multiplications: seconds, whatever the width

    /**
     * The batch counts as fitted if this share remains of the loss of a constant output, above the lowest possible
     * loss.
     */
    private static final double FITTED = 0.05;

    /** With less than this share left, the network is still learning, and training has more steps. */
    private static final double UNDER_WAY = 0.5;

    private final Batch rows;

    OverfitCheck(Batch sample, boolean classes) {
        this.rows = few(sample, classes);
    }

    private static Batch few(Batch sample, boolean classes) {
        Set<Integer> seen = new HashSet<>();
        List<List<Integer>> byClass = new ArrayList<>();
        float[] values = new float[sample.features().columns()];
        for (int row = 0; row < sample.rows(); row++) {
            sample.features().pick(new int[] {row}).copyTo(values);
            if (sample.weight(row) > 0 && seen.add(Arrays.hashCode(values))) {
                int group = classes ? (int) sample.target(row) : 0;
                while (byClass.size() <= group) {
                    byClass.add(new ArrayList<>());
                }
                byClass.get(group).add(row);
            }
        }
        int[] picked = new int[ROWS];
        int count = 0;
        for (int turn = 0; turn < sample.rows() && count < ROWS; turn++) {
            for (List<Integer> group : byClass) {
                if (turn < group.size() && count < ROWS) {
                    picked[count++] = group.get(turn);
                }
            }
        }
        Batch some = sample.pick(Arrays.copyOf(picked, count));
        float[] targets = new float[count * some.targets()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = some.target(i / some.targets(), i % some.targets());
        }
        return new Batch(some.features(), targets, 0, some.targets(), null, 0); // all rows have weight 1
    }

    Finding finding(ShortRun given, Fixes fixes) {
        ShortRun run = given.plain();
        double constant = constant(run);
        double floor = floor(run);
        if (!(constant - floor > 1e-6 * Math.abs(constant))) {
            return Finding.ok("overfit", "not checked: the " + rows.rows() + " rows all have the same label");
        }
        Fit fit = fit(run);
        String steps = fit.steps + (stepsAlong(run) ? " steps" : " steps of adam");
        String against = "; a constant output has loss " + figure(constant)
                + (floor > 0 ? ", and no loss is below " + figure(floor) : "");
        if (fit.isGood()) {
            return Finding.ok(
                    "overfit",
                    "overfits " + rows.rows() + " rows in " + steps + ": loss " + figure(fit.loss)
                            + (run.loss.isClassification() ? ", all classes right" : "") + against);
        }
        String message = "cannot overfit " + rows.rows() + " rows: after " + steps + " at learning rate "
                + Spec.print(run.rule.learningRate()) + " the loss is " + figure(fit.loss) + against;
        Predicate<ShortRun> fixed = changed -> fit(changed.plain()).isGood();
        Optional<Fixes.Fix> passing = fixes.any(fixed);
        Finding finding = fit.left < UNDER_WAY
                ? Finding.warning("overfitsSlowly", "", message)
                : Finding.error("cannotOverfit", "", message);
        return passing.map(fix -> finding.withFix(fix.option(), fix.code()))
                .orElseGet(() -> finding.withFix("--hidden 256,128, or other labels", "setHiddenLayers(256, 128)"));
    }

    private static boolean stepsAlong(ShortRun run) {
        return run.rule.optimizer() instanceof FirstOrder;
    }

    /**
     * How well the network fits the batch.
     *
     * @param left the remaining share of the loss of a constant output, both above the lowest possible loss
     * @param right whether all classes are predicted correctly
     */
    private record Fit(int steps, double loss, double left, boolean right) {
        boolean isGood() {
            return left <= FITTED && right;
        }
    }

    private Fit fit(ShortRun run) {
        double constant = constant(run);
        double floor = floor(run);
        int most = (int) Math.max(
                LEAST_STEPS, Math.min(MOST_STEPS, BUDGET / (6.0 * rows.rows() * run.network.parameterCount())));
        double enough = floor + FITTED / 2 * (constant - floor);
        ShortRun.Outcome outcome = run.train(most, new Horizon(1, most), step -> rows, loss -> loss <= enough);
        Workspace workspace = run.network.workspace(GemmBackend.follow(run.gemm), rows.rows());
        double loss = run.network.trainingLoss(outcome.parameters, rows, run.loss, RandomKey.of(0), workspace)
                / rows.weight();
        boolean right = !run.loss.isClassification() || correct(run, workspace.logits()) == rows.rows();
        double left = (loss - floor) / (constant - floor);
        return new Fit(outcome.steps, loss, Double.isNaN(left) ? Double.POSITIVE_INFINITY : left, right);
    }

    /** The number of rows whose class is predicted; each has weight 1. */
    private double correct(ShortRun run, float[] logits) {
        double[] sums = new double[1];
        new Tally.Correct().add(new ScoredBatch(rows, run.loss, run.network.outputs(), logits), sums, 0);
        return sums[0];
    }

    /** The loss of the best constant output. */
    private double constant(ShortRun run) {
        int outputs = run.network.outputs();
        double[] classes = new double[run.loss.isClassification() ? Math.max(2, outputs) : 0];
        double[] means = new double[rows.targets()];
        for (int row = 0; row < rows.rows(); row++) {
            if (classes.length > 0) {
                classes[(int) rows.target(row)]++;
            }
            for (int t = 0; t < means.length; t++) {
                means[t] += rows.target(row, t) / rows.rows();
            }
        }
        float[] bias = run.loss.outputBias(outputs, rows.rows(), classes, means);
        float[] logits = new float[rows.rows() * outputs];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = bias[i % outputs];
        }
        return run.loss.evaluate(rows, outputs, logits, new float[logits.length]) / rows.rows();
    }

    /** The lowest mean loss that any network can reach: for example, the entropy of smoothed labels. */
    private double floor(ShortRun run) {
        return run.loss.lowest(rows, run.network.outputs()) / rows.weight();
    }
}
