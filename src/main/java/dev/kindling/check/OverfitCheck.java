package dev.kindling.check;

import static dev.kindling.check.Wording.figure;

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
 * Whether the network learns a few rows by heart: what cannot do that learns nothing from many. Dropout, penalties and the
 * schedule are left out. Rows are of different features, as no network tells equal ones apart, and of the classes in turn.
 * Karpathy, <a href="https://karpathy.github.io/2019/04/25/recipe/">A recipe for training neural networks</a>, 2019.
 */
final class OverfitCheck {
    static final int ROWS = 32;
    private static final int MOST_STEPS = 1000;
    private static final int LEAST_STEPS = 50;
    private static final double BUDGET = 1e11; // multiplications: seconds, whatever the width

    /** Of what always saying the same costs, beyond what no network goes below: so little is nearly nothing. */
    private static final double FITTED = 0.05;

    /** With less left than this it is on its way, and training has more steps. */
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
        return new Batch(some.features(), targets, 0, some.targets(), null, 0); // each counts alike
    }

    Finding finding(Rehearsal given, Remedies remedies) {
        Rehearsal rehearsal = given.plain();
        double constant = constant(rehearsal);
        double floor = floor(rehearsal);
        if (!(constant - floor > 1e-6 * Math.abs(constant))) {
            return Finding.ok("overfit", "not checked: the " + rows.rows() + " rows have one label");
        }
        Fit fit = fit(rehearsal);
        String steps = fit.steps + (stepsAlong(rehearsal) ? " steps" : " steps of adam");
        String against = ", where always saying the same costs " + figure(constant)
                + (floor > 0 ? " and none is below " + figure(floor) : "");
        if (fit.isGood()) {
            return Finding.ok(
                    "overfit",
                    "learns " + rows.rows() + " rows by heart in " + steps + ": loss " + figure(fit.loss) + against
                            + (rehearsal.loss.isClassification() ? ", all classes right" : ""));
        }
        String message = "cannot learn " + rows.rows() + " rows by heart: after " + steps + " at learning rate "
                + Spec.print(rehearsal.rule.learningRate()) + " the loss is " + figure(fit.loss) + against;
        Predicate<Rehearsal> cured = changed -> fit(changed.plain()).isGood();
        Optional<Remedies.Remedy> cure = remedies.any(cured);
        Finding finding = fit.left < UNDER_WAY
                ? Finding.warning("overfitsSlowly", "", message)
                : Finding.error("cannotOverfit", "", message);
        return cure.map(remedy -> finding.curedBy(remedy.option(), remedy.code()))
                .orElseGet(() -> finding.curedBy("--hidden 256,128, or other labels", "setHiddenLayers(256, 128)"));
    }

    private static boolean stepsAlong(Rehearsal rehearsal) {
        return rehearsal.rule.optimizer() instanceof FirstOrder;
    }

    /**
     * How well it came to fit.
     *
     * @param left of the loss of always saying the same, beyond the least there can be
     */
    private record Fit(int steps, double loss, double left, boolean right) {
        boolean isGood() {
            return left <= FITTED && right;
        }
    }

    private Fit fit(Rehearsal rehearsal) {
        double constant = constant(rehearsal);
        double floor = floor(rehearsal);
        int most = (int) Math.max(
                LEAST_STEPS, Math.min(MOST_STEPS, BUDGET / (6.0 * rows.rows() * rehearsal.network.parameterCount())));
        double enough = floor + FITTED / 2 * (constant - floor);
        Rehearsal.Course course = rehearsal.train(most, new Horizon(1, most), step -> rows, loss -> loss <= enough);
        Workspace workspace = rehearsal.network.workspace(GemmBackend.follow(rehearsal.gemm), rows.rows());
        double loss =
                rehearsal.network.trainingLoss(course.parameters, rows, rehearsal.loss, RandomKey.of(0), workspace)
                        / rows.weight();
        boolean right = !rehearsal.loss.isClassification() || correct(rehearsal, workspace.logits()) == rows.rows();
        double left = (loss - floor) / (constant - floor);
        return new Fit(course.steps, loss, Double.isNaN(left) ? Double.POSITIVE_INFINITY : left, right);
    }

    /** The number of rows whose class is predicted: each weighs 1. */
    private double correct(Rehearsal rehearsal, float[] logits) {
        double[] sums = new double[1];
        new Tally.Correct().add(new ScoredBatch(rows, rehearsal.loss, rehearsal.network.outputs(), logits), sums, 0);
        return sums[0];
    }

    /** What always saying the same costs, the best that there is. */
    private double constant(Rehearsal rehearsal) {
        int outputs = rehearsal.network.outputs();
        double[] classes = new double[rehearsal.loss.isClassification() ? Math.max(2, outputs) : 0];
        double[] means = new double[rows.targets()];
        for (int row = 0; row < rows.rows(); row++) {
            if (classes.length > 0) {
                classes[(int) rows.target(row)]++;
            }
            for (int t = 0; t < means.length; t++) {
                means[t] += rows.target(row, t) / rows.rows();
            }
        }
        float[] bias = rehearsal.loss.outputBias(outputs, rows.rows(), classes, means);
        float[] logits = new float[rows.rows() * outputs];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = bias[i % outputs];
        }
        return rehearsal.loss.evaluate(rows, outputs, logits, new float[logits.length]) / rows.rows();
    }

    /** The mean loss that no network goes below. */
    private double floor(Rehearsal rehearsal) {
        return rehearsal.loss.lowest(rows, rehearsal.network.outputs()) / rows.weight();
    }
}
