package dev.kindling.check;

import static dev.kindling.check.Wording.figure;

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
 * Whether a fresh network loses what theory says: it knows nothing, so its outputs should be near 0, at which k classes
 * cost ln k. The outputs' bias, which training begins with the class shares or the mean target, is left at 0 for that.
 * Karpathy, <a href="https://cs231n.github.io/neural-networks-3/#sanitycheck">CS231n</a>, sanity checks.
 */
final class FirstLossCheck {
    /**
     * Outputs of variance v cost classes about v/2 more than ln k; weights as they begin by default give a v of 2. Three
     * times ln k means a v far from that, even of two classes.
     */
    private static final double CLASSES = 3;

    /** Values cost what outputs of about 1 cost, and that varies more, as there is but one of them. */
    private static final double VALUES = 10;

    /** So many times what is allowed is no matter of some more steps. */
    private static final double HOPELESS = 5;

    /** A penalty that weighs more than the loss has weights shrink to 0. */
    private static final double OUTWEIGHS = 1;

    /** Of losses in float32. */
    private static final double ROUNDING = 1e-5;

    private final Batch rows;
    private final boolean fresh;

    /** @param fresh whether training begins with fresh parameters, of which alone theory knows */
    FirstLossCheck(Batch rows, boolean fresh) {
        this.rows = rows;
        this.fresh = fresh;
    }

    List<Finding> findings(Rehearsal given, Remedies remedies) {
        List<Finding> found = new ArrayList<>();
        Rehearsal rehearsal = given.plain();
        double actual = loss(rehearsal, rehearsal.first);
        if (!fresh) {
            found.add(Finding.ok(
                    "firstLoss",
                    "first loss " + figure(actual) + " of the given parameters, of which theory says nothing"));
        } else {
            found.add(isAsExpected(rehearsal) ? fine(rehearsal, actual) : far(rehearsal, remedies));
        }
        found.add(regularisation(given, actual));
        return found;
    }

    private Finding fine(Rehearsal rehearsal, double actual) {
        return Finding.ok(
                "firstLoss",
                "first loss " + figure(withoutBias(rehearsal)) + ", theory says "
                        + theory(rehearsal)
                        + figure(expected(rehearsal)) + "; " + figure(actual) + " with the outputs' bias from the "
                        + (rehearsal.loss.isClassification() ? "class shares" : "mean target"));
    }

    private Finding far(Rehearsal rehearsal, Remedies remedies) {
        String message = "first loss " + figure(withoutBias(rehearsal)) + ", but theory says "
                + theory(rehearsal) + figure(expected(rehearsal))
                + ": the first outputs are far too large";
        Finding finding = withoutBias(rehearsal) <= HOPELESS * most(rehearsal)
                ? Finding.warning("firstLossFarOff", "", message)
                : Finding.error("firstLossFarOff", "", message);
        Optional<Remedies.Remedy> cure = remedies.ofNetwork(changed -> isAsExpected(changed.plain()));
        return cure.map(remedy -> finding.curedBy(remedy.option(), remedy.code()))
                .orElseGet(() -> finding.curedBy(
                        "--initializer uniform, or fewer or narrower layers",
                        "setInitializer(\"uniform\"), or fewer or narrower layers"));
    }

    private String theory(Rehearsal rehearsal) {
        int classes = Math.max(2, rehearsal.network.outputs());
        boolean isEntropy = rehearsal.loss.isClassification()
                && Math.abs(expected(rehearsal) - Math.log(classes)) < ROUNDING * Math.log(classes);
        return isEntropy ? "ln " + classes + " = " : "that outputs of 0 lose ";
    }

    private boolean isAsExpected(Rehearsal rehearsal) {
        return withoutBias(rehearsal) <= most(rehearsal); // NaN is not
    }

    private double most(Rehearsal rehearsal) {
        return rehearsal.loss.isClassification()
                ? CLASSES * expected(rehearsal)
                : VALUES * (expected(rehearsal) + ofConstant(rehearsal, 1));
    }

    private double expected(Rehearsal rehearsal) {
        return ofConstant(rehearsal, 0);
    }

    /** The loss of outputs that are all the same. */
    private double ofConstant(Rehearsal rehearsal, float output) {
        float[] logits = new float[rows.rows() * rehearsal.network.outputs()];
        Arrays.fill(logits, output);
        return rehearsal.loss.evaluate(rows, rehearsal.network.outputs(), logits, new float[logits.length])
                / rows.weight();
    }

    private double withoutBias(Rehearsal rehearsal) {
        float[] parameters = rehearsal.first.clone();
        Optional<Block> bias = rehearsal.network.outputBias();
        bias.ifPresent(block -> Kernels.fill(block.size(), 0f, parameters, block.offset()));
        return loss(rehearsal, parameters);
    }

    private double loss(Rehearsal rehearsal, float[] parameters) {
        return rehearsal.network.trainingLoss(
                        parameters,
                        rows,
                        rehearsal.loss,
                        RandomKey.of(0),
                        rehearsal.network.workspace(GemmBackend.follow(rehearsal.gemm), rows.rows()))
                / rows.weight();
    }

    private static Finding regularisation(Rehearsal rehearsal, double loss) {
        Penalty penalty = rehearsal.rule.penalty();
        List<Block> layout = rehearsal.network.layout();
        if (penalty.equals(Penalty.NONE)) {
            return Finding.ok(
                    "regularisation",
                    "no penalty; an L2 of 0.001 would raise the first loss by "
                            + figure(new Penalty(0, 0.001).of(layout, rehearsal.first)));
        }
        double adds = penalty.of(layout, rehearsal.first);
        String message = "L1 " + penalty.l1() + " and L2 " + penalty.l2() + " raise the first loss by " + figure(adds)
                + ", ten times as strong by "
                + figure(new Penalty(10 * penalty.l1(), 10 * penalty.l2()).of(layout, rehearsal.first));
        if (!(adds > OUTWEIGHS * loss)) {
            return Finding.ok("regularisation", message);
        }
        double fitting = OUTWEIGHS * loss / adds / 10;
        return Finding.warning(
                        "penaltyOutweighsLoss",
                        "",
                        message + ": more than the loss itself, " + figure(loss) + ", so that weights shrink to 0")
                .curedBy(
                        "--l1 " + rounded(fitting * penalty.l1()) + " --l2 " + rounded(fitting * penalty.l2()),
                        "setRegParam(" + rounded(fitting * (penalty.l1() + penalty.l2())) + ")");
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.1g", value);
    }
}
