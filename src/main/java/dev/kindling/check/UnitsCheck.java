package dev.kindling.check;

import static dev.kindling.check.FindingText.figure;
import static dev.kindling.check.FindingText.percent;

import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Block;
import dev.kindling.nn.Layer;
import dev.kindling.optim.Horizon;
import dev.kindling.report.LayerProbe;
import dev.kindling.report.LayerState;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Checks that units can learn: how gradients flow through the fresh network, and what a few training steps do to it.
 */
final class UnitsCheck {
    private static final int STEPS = 40;

    /**
     * With relu, some units are off for all rows. A layer loses as many as this only if the learning rate is too high.
     */
    private static final double DEAD = 0.4;

    /** If most outputs of a layer are saturated, little gradient passes through it. */
    private static final double SATURATED = 0.5;

    /** The ratio of the gradients at the first and the last hidden layer below which the first hardly learns. */
    private static final double VANISHED = 1e-3;

    private static final double BUDGET = 2e11; // multiplications: seconds, whatever the width
    private static final int LEAST_ROWS = 16;

    private final Batch sample;
    private final Batch probed;
    private final int batchSize;
    private final long rows;

    /** @param rows the number of all rows, from which schedules know how long training is */
    UnitsCheck(Batch sample, int batchSize, long rows) {
        this.sample = sample;
        this.probed = sample.pick(first(Math.min(LayerProbe.ROWS, sample.rows())));
        this.batchSize = batchSize;
        this.rows = rows;
    }

    private static int[] first(int count) {
        int[] picked = new int[count];
        Arrays.setAll(picked, i -> i);
        return picked;
    }

    List<Finding> findings(ShortRun run, int epochs, Fixes fixes) {
        List<Finding> found = new ArrayList<>();
        fresh(run, fixes, found);
        if (found.isEmpty()) {
            found.add(after(run, epochs, fixes));
        }
        return found;
    }

    /** Checks the network before the first step. */
    private void fresh(ShortRun run, Fixes fixes, List<Finding> found) {
        Optional<Block> alike = alike(run);
        if (alike.isPresent()) {
            String name = alike.get().name();
            found.add(Finding.error(
                            "equalUnits",
                            name,
                            "all weights of " + name + " start at "
                                    + figure(run.first[alike.get().offset()])
                                    + ": units that start equal stay equal, and act as one unit")
                    .withFix("--initializer auto", "setInitializer(\"auto\")"));
            return;
        }
        List<LayerState> states = look(run, run.first);
        Optional<String> vanishing = vanishing(run, states);
        if (vanishing.isPresent()) {
            found.add(fixed(
                    Finding.error(
                            "vanishingGradients", hidden(run, states).get(0).name(), vanishing.get()),
                    fixes.ofNetwork(changed ->
                            vanishing(changed, look(changed, changed.first)).isEmpty()),
                    "--hidden with fewer layers, or --batch-norm",
                    "setBatchNorm(true)"));
        }
        Optional<LayerState> saturated = saturated(run, states);
        if (saturated.isPresent()) {
            found.add(fixed(
                    Finding.warning(
                            "saturatedUnits",
                            saturated.get().name(),
                            percent(saturated.get().saturated()) + " of the outputs of "
                                    + saturated.get().name() + " are saturated before the first step, so little"
                                    + " gradient passes through"),
                    fixes.ofNetwork(changed ->
                            saturated(changed, look(changed, changed.first)).isEmpty()),
                    "--initializer uniform",
                    "setInitializer(\"uniform\")"));
        }
        Optional<LayerState> dead = dead(states);
        if (dead.isPresent()) {
            found.add(fixed(
                    deadUnits(dead.get(), "before the first step"),
                    fixes.ofNetwork(
                            changed -> dead(look(changed, changed.first)).isEmpty()),
                    "--activation leakyRelu",
                    "setActivation(\"leakyRelu\")"));
        }
    }

    private Finding after(ShortRun run, int epochs, Fixes fixes) {
        ShortRun.Outcome outcome = steps(run, epochs);
        String rate = "at learning rate " + Spec.print(run.rule.learningRate());
        Predicate<ShortRun> fixed = changed -> {
            ShortRun.Outcome other = steps(changed, epochs);
            List<LayerState> states = look(changed, other.parameters);
            return isFinite(other)
                    && dead(states).isEmpty()
                    && saturated(changed, states).isEmpty();
        };
        if (!isFinite(outcome)) {
            return fixed(
                    Finding.error(
                            "diverges", "", "the loss is no longer finite after " + outcome.steps + " steps " + rate),
                    fixes.any(fixed),
                    "--learning-rate, a hundredth of the current one",
                    "setStepSize, a hundredth of the current one");
        }
        List<LayerState> states = look(run, outcome.parameters);
        Optional<LayerState> dead = dead(states);
        if (dead.isPresent()) {
            return fixed(
                    deadUnits(dead.get(), "after " + outcome.steps + " steps " + rate),
                    fixes.any(fixed),
                    "--activation leakyRelu",
                    "setActivation(\"leakyRelu\")");
        }
        Optional<LayerState> saturated = saturated(run, states);
        if (saturated.isPresent()) {
            return fixed(
                    Finding.warning(
                            "saturatedUnits",
                            saturated.get().name(),
                            percent(saturated.get().saturated()) + " of the outputs of "
                                    + saturated.get().name() + " are saturated after " + outcome.steps + " steps "
                                    + rate),
                    fixes.any(fixed),
                    "--learning-rate, a tenth of the current one",
                    "setStepSize, a tenth of the current one");
        }
        double worst = states.stream()
                .mapToDouble(LayerState::dead)
                .filter(share -> !Double.isNaN(share))
                .max()
                .orElse(0);
        return Finding.ok(
                "units",
                "gradients reach the first layer; after " + outcome.steps + " steps " + rate
                        + (worst == 0
                                ? " no unit is dead"
                                : " at most " + percent(worst) + " of a layer's units are dead")
                        + ", and no layer is saturated");
    }

    private static Finding fixed(
            Finding finding, Optional<Fixes.Fix> passing, String otherwise, String otherwiseInCode) {
        return passing.map(fix -> finding.withFix(fix.option(), fix.code()))
                .orElseGet(() -> finding.withFix(otherwise, otherwiseInCode));
    }

    private static Finding deadUnits(LayerState state, String when) {
        return Finding.error(
                "deadUnits",
                state.name(),
                percent(state.dead()) + " of the units of " + state.name() + " are dead " + when
                        + ": off for every row, so they no longer learn");
    }

    private static boolean isFinite(ShortRun.Outcome outcome) {
        if (!Double.isFinite(outcome.loss)) {
            return false;
        }
        for (float value : outcome.parameters) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private ShortRun.Outcome steps(ShortRun run, int epochs) {
        int size =
                (int) Math.max(LEAST_ROWS, Math.min(batchSize, BUDGET / (6.0 * STEPS * run.network.parameterCount())));
        int each = Math.min(size, sample.rows());
        long perEpoch = Math.max(1, rows / batchSize);
        SplitMix64 random = RandomKey.of(3).generator();
        int[][] picked = new int[STEPS][each];
        for (int[] step : picked) {
            Arrays.setAll(step, i -> random.nextInt(sample.rows()));
        }
        return run.train(
                STEPS,
                new Horizon(perEpoch, (double) perEpoch * epochs),
                step -> sample.pick(picked[step]),
                loss -> false);
    }

    private List<LayerState> look(ShortRun run, float[] parameters) {
        return new LayerProbe(run.network, run.loss, run.gemm, probed).look(parameters);
    }

    private static Optional<LayerState> dead(List<LayerState> states) {
        return states.stream().filter(state -> state.dead() > DEAD).findFirst();
    }

    private static Optional<LayerState> saturated(ShortRun run, List<LayerState> states) {
        List<Layer> layers = run.network.layers();
        for (int i = 0; i < states.size(); i++) {
            if (Fixes.saturates(layers.get(i)) && states.get(i).saturated() > SATURATED) {
                return Optional.of(states.get(i));
            }
        }
        return Optional.empty();
    }

    /** The states of the hidden activations, from the first. */
    private static List<LayerState> hidden(ShortRun run, List<LayerState> states) {
        List<LayerState> hidden = new ArrayList<>();
        for (int i = 0; i < states.size() - 1; i++) {
            if (run.network.layers().get(i) instanceof Activation
                    && Double.isFinite(states.get(i).gradientSize())) {
                hidden.add(states.get(i));
            }
        }
        return hidden;
    }

    private static Optional<String> vanishing(ShortRun run, List<LayerState> states) {
        List<LayerState> hidden = hidden(run, states);
        if (hidden.size() < 2) {
            return Optional.empty();
        }
        LayerState lowest = hidden.get(0);
        LayerState highest = hidden.get(hidden.size() - 1);
        double ratio = lowest.gradientSize() / highest.gradientSize();
        return ratio >= VANISHED
                ? Optional.empty()
                : Optional.of(
                        "the gradient shrinks from " + figure(highest.gradientSize()) + " at " + highest.name() + " to "
                                + figure(lowest.gradientSize()) + " at " + lowest.name()
                                + ": the first layers hardly learn");
    }

    /** A block of hidden weights that are all equal. */
    private static Optional<Block> alike(ShortRun run) {
        List<Block> weights = run.network.layout().stream()
                .filter(block -> block.role() == Block.Role.WEIGHT)
                .toList();
        return weights.subList(0, weights.size() - 1).stream()
                .filter(block -> block.columns() > 1 && isConstant(run.first, block))
                .findFirst();
    }

    private static boolean isConstant(float[] parameters, Block block) {
        for (int i = block.offset(); i < block.offset() + block.size(); i++) {
            if (parameters[i] != parameters[block.offset()]) {
                return false;
            }
        }
        return true;
    }
}
