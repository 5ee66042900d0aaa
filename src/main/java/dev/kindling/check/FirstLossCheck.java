package dev.kindling.check;

import static dev.kindling.check.FindingText.figure;

import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Batch;
import dev.kindling.nn.Block;
import dev.kindling.optim.Penalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks that a fresh network has the expected loss. It knows nothing, so its outputs should be near 0, where the loss
 * of k classes is ln k. Training initialises the output bias from the class shares or the mean target; here it is 0.
 * Karpathy, <a href="https://cs231n.github.io/neural-networks-3/#sanitycheck">CS231n</a>, sanity checks.
 */
final class FirstLossCheck {
    /**
     * For classes, outputs with variance v have a loss of about ln k + v/2, and default initial weights give v = 2.
     * Three times ln k means a v far from 2, even with two classes.
     */
    private static final double CLASSES = 3;

    /**
     * For values, the limit is a multiple of the loss of outputs of about 1. It varies more, because there is one
     * output.
     */
    private static final double VALUES = 10;

    /** A first loss this many times the limit will not be repaired by a few more steps. */
    private static final double HOPELESS = 5;

    /** A penalty larger than the loss shrinks weights to 0. */
    private static final double OUTWEIGHS = 1;

    /** The relative rounding error of losses in float32. */
    private static final double ROUNDING = 1e-5;

    private final Batch rows;
    private final boolean fresh;

    /** @param fresh whether training starts from fresh parameters: only for those is the loss known in advance */
    FirstLossCheck(Batch rows, boolean fresh) {
        this.rows = rows;
        this.fresh = fresh;
    }

    List<Finding> findings(ShortRun given, Fixes fixes) {
        List<Finding> found = new ArrayList<>();
        ShortRun run = given.plain();
        double actual = loss(run, run.first);
        if (!fresh) {
            found.add(Finding.ok(
                    "firstLoss",
                    "first loss " + figure(actual)
                            + " with the given initial parameters; no expected value is known for" + " those"));
        } else {
            found.add(isAsExpected(run) ? fine(run, actual) : far(run, fixes));
        }
        found.add(regularisation(given, actual));
        return found;
    }

    private Finding fine(ShortRun run, double actual) {
        return Finding.ok(
                "firstLoss",
                "first loss " + figure(withoutBias(run)) + ", expected "
                        + formula(run)
                        + figure(expected(run)) + "; " + figure(actual) + " with the output bias set from the "
                        + (run.loss.isClassification() ? "class shares" : "mean target"));
    }

    private Finding far(ShortRun run, Fixes fixes) {
        String message = "first loss " + figure(withoutBias(run)) + ", but expected "
                + formula(run) + figure(expected(run))
                + ": the initial outputs are far too large";
        Finding finding = withoutBias(run) <= HOPELESS * most(run)
                ? Finding.warning("firstLossFarOff", "", message)
                : Finding.error("firstLossFarOff", "", message);
        Optional<Fixes.Fix> passing = fixes.ofNetwork(changed -> isAsExpected(changed.plain()));
        return passing.map(fix -> finding.withFix(fix.option(), fix.code()))
                .orElseGet(() -> finding.withFix(
                        "--initializer uniform, or fewer or narrower layers",
                        "setInitializer(\"uniform\"), or fewer or narrower layers"));
    }

    /** How the expected loss is derived: the entropy of equally likely classes, or the loss of outputs of 0. */
    private String formula(ShortRun run) {
        int classes = Math.max(2, run.network.outputs());
        boolean isEntropy = run.loss.isClassification()
                && Math.abs(expected(run) - Math.log(classes)) < ROUNDING * Math.log(classes);
        return isEntropy ? "ln " + classes + " = " : "the loss of outputs of 0, ";
    }

    private boolean isAsExpected(ShortRun run) {
        return withoutBias(run) <= most(run); // NaN is not
    }

    private double most(ShortRun run) {
        return run.loss.isClassification() ? CLASSES * expected(run) : VALUES * (expected(run) + ofConstant(run, 1));
    }

    private double expected(ShortRun run) {
        return ofConstant(run, 0);
    }

    /** The loss if all outputs are this value. */
    private double ofConstant(ShortRun run, float output) {
        float[] logits = new float[rows.rows() * run.network.outputs()];
        Arrays.fill(logits, output);
        return run.loss.evaluate(rows, run.network.outputs(), logits, new float[logits.length]) / rows.weight();
    }

    private double withoutBias(ShortRun run) {
        float[] parameters = run.first.clone();
        Optional<Block> bias = run.network.outputBias();
        bias.ifPresent(block -> Kernels.fill(block.size(), 0f, parameters, block.offset()));
        return loss(run, parameters);
    }

    private double loss(ShortRun run, float[] parameters) {
        return run.network.trainingLoss(
                        parameters,
                        rows,
                        run.loss,
                        RandomKey.of(0),
                        run.network.workspace(GemmBackend.follow(run.gemm), rows.rows()))
                / rows.weight();
    }

    private static Finding regularisation(ShortRun run, double loss) {
        Penalty penalty = run.rule.penalty();
        List<Block> layout = run.network.layout();
        if (penalty.equals(Penalty.NONE)) {
            return Finding.ok(
                    "regularisation",
                    "no penalty; an L2 penalty of 0.001 would add "
                            + figure(new Penalty(0, 0.001).of(layout, run.first)) + " to the first loss");
        }
        double adds = penalty.of(layout, run.first);
        String message =
                "L1 " + penalty.l1() + " and L2 " + penalty.l2() + " add " + figure(adds) + " to the first loss";
        String stronger = "; ten times as strong, they would add "
                + figure(new Penalty(10 * penalty.l1(), 10 * penalty.l2()).of(layout, run.first));
        if (!(adds > OUTWEIGHS * loss)) {
            return Finding.ok("regularisation", message + stronger);
        }
        double fitting = OUTWEIGHS * loss / adds / 10;
        return Finding.warning(
                        "penaltyOutweighsLoss",
                        "",
                        message + ", more than the loss itself (" + figure(loss) + "), so weights shrink to 0"
                                + stronger)
                .withFix(
                        "--l1 " + rounded(fitting * penalty.l1()) + " --l2 " + rounded(fitting * penalty.l2()),
                        "setRegParam(" + rounded(fitting * (penalty.l1() + penalty.l2())) + ")");
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.1g", value);
    }
}
