package dev.kindling.check;

import static dev.kindling.check.Wording.figure;
import static dev.kindling.check.Wording.percent;

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

/** Whether units can learn: how gradients pass through the fresh network, and what a few steps as in training do to it. */
final class UnitsCheck {
    private static final int STEPS = 40;

    /** Relu has some units off for all rows; a layer that has lost so many is what a smaller rate would not have done. */
    private static final double DEAD = 0.4;

    /** Where most outputs of a layer are flat, little gradient passes it. */
    private static final double SATURATED = 0.5;

    /** Of the gradient at the last hidden layer, at the first: with so little it hardly moves while the others learn. */
    private static final double VANISHED = 1e-3;

    private static final double BUDGET = 2e11; // multiplications: seconds, whatever the width
    private static final int LEAST_ROWS = 16;

    private final Batch sample;
    private final Batch probed;
    private final int batchSize;
    private final long rows;

    /** @param rows of all the data, by which schedules know how long training is */
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

    List<Finding> findings(Rehearsal rehearsal, int epochs, Remedies remedies) {
        List<Finding> found = new ArrayList<>();
        fresh(rehearsal, remedies, found);
        if (found.isEmpty()) {
            found.add(after(rehearsal, epochs, remedies));
        }
        return found;
    }

    /** Before any step. */
    private void fresh(Rehearsal rehearsal, Remedies remedies, List<Finding> found) {
        Optional<Block> alike = alike(rehearsal);
        if (alike.isPresent()) {
            String name = alike.get().name();
            found.add(Finding.error(
                            "equalUnits",
                            name,
                            "all of " + name + " begins at "
                                    + figure(rehearsal.first[alike.get().offset()])
                                    + ": units that begin alike learn alike, and count as one")
                    .curedBy("--initializer auto", "setInitializer(\"auto\")"));
            return;
        }
        List<LayerState> states = look(rehearsal, rehearsal.first);
        Optional<String> vanishing = vanishing(rehearsal, states);
        if (vanishing.isPresent()) {
            found.add(cured(
                    Finding.error(
                            "vanishingGradients",
                            hidden(rehearsal, states).get(0).name(),
                            vanishing.get()),
                    remedies.ofNetwork(changed ->
                            vanishing(changed, look(changed, changed.first)).isEmpty()),
                    "--hidden with fewer layers, or --batch-norm",
                    "setBatchNorm(true)"));
        }
        Optional<LayerState> saturated = saturated(rehearsal, states);
        if (saturated.isPresent()) {
            found.add(cured(
                    Finding.warning(
                            "saturatedUnits",
                            saturated.get().name(),
                            percent(saturated.get().saturated()) + " of the outputs of "
                                    + saturated.get().name() + " are saturated before the first step, so that little"
                                    + " gradient passes"),
                    remedies.ofNetwork(changed ->
                            saturated(changed, look(changed, changed.first)).isEmpty()),
                    "--initializer uniform",
                    "setInitializer(\"uniform\")"));
        }
        Optional<LayerState> dead = dead(states);
        if (dead.isPresent()) {
            found.add(cured(
                    deadUnits(dead.get(), "before the first step"),
                    remedies.ofNetwork(
                            changed -> dead(look(changed, changed.first)).isEmpty()),
                    "--activation leakyRelu",
                    "setActivation(\"leakyRelu\")"));
        }
    }

    private Finding after(Rehearsal rehearsal, int epochs, Remedies remedies) {
        Rehearsal.Course course = steps(rehearsal, epochs);
        String rate = "at learning rate " + Spec.print(rehearsal.rule.learningRate());
        Predicate<Rehearsal> cured = changed -> {
            Rehearsal.Course other = steps(changed, epochs);
            List<LayerState> states = look(changed, other.parameters);
            return isFinite(other)
                    && dead(states).isEmpty()
                    && saturated(changed, states).isEmpty();
        };
        if (!isFinite(course)) {
            return cured(
                    Finding.error(
                            "diverges",
                            "",
                            "the loss is no longer a finite number after " + course.steps + " steps " + rate),
                    remedies.any(cured),
                    "--learning-rate, a hundredth of it",
                    "setStepSize, a hundredth of it");
        }
        List<LayerState> states = look(rehearsal, course.parameters);
        Optional<LayerState> dead = dead(states);
        if (dead.isPresent()) {
            return cured(
                    deadUnits(dead.get(), "after " + course.steps + " steps " + rate),
                    remedies.any(cured),
                    "--activation leakyRelu",
                    "setActivation(\"leakyRelu\")");
        }
        Optional<LayerState> saturated = saturated(rehearsal, states);
        if (saturated.isPresent()) {
            return cured(
                    Finding.warning(
                            "saturatedUnits",
                            saturated.get().name(),
                            percent(saturated.get().saturated()) + " of the outputs of "
                                    + saturated.get().name() + " are saturated after " + course.steps + " steps "
                                    + rate),
                    remedies.any(cured),
                    "--learning-rate, a tenth of it",
                    "setStepSize, a tenth of it");
        }
        double worst = states.stream()
                .mapToDouble(LayerState::dead)
                .filter(share -> !Double.isNaN(share))
                .max()
                .orElse(0);
        return Finding.ok(
                "units",
                "gradients reach the first layer; after " + course.steps + " steps " + rate
                        + (worst == 0
                                ? " no unit is dead"
                                : " at most " + percent(worst) + " of a layer's units are dead")
                        + ", and no layer is saturated");
    }

    private static Finding cured(
            Finding finding, Optional<Remedies.Remedy> cure, String otherwise, String otherwiseInCode) {
        return cure.map(remedy -> finding.curedBy(remedy.option(), remedy.code()))
                .orElseGet(() -> finding.curedBy(otherwise, otherwiseInCode));
    }

    private static Finding deadUnits(LayerState state, String when) {
        return Finding.error(
                "deadUnits",
                state.name(),
                percent(state.dead()) + " of the units of " + state.name() + " are dead " + when
                        + ": off for every row, so that they learn no more");
    }

    private static boolean isFinite(Rehearsal.Course course) {
        if (!Double.isFinite(course.loss)) {
            return false;
        }
        for (float value : course.parameters) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private Rehearsal.Course steps(Rehearsal rehearsal, int epochs) {
        int size = (int)
                Math.max(LEAST_ROWS, Math.min(batchSize, BUDGET / (6.0 * STEPS * rehearsal.network.parameterCount())));
        int each = Math.min(size, sample.rows());
        long perEpoch = Math.max(1, rows / batchSize);
        SplitMix64 random = RandomKey.of(3).generator();
        int[][] picked = new int[STEPS][each];
        for (int[] step : picked) {
            Arrays.setAll(step, i -> random.nextInt(sample.rows()));
        }
        return rehearsal.train(
                STEPS,
                new Horizon(perEpoch, (double) perEpoch * epochs),
                step -> sample.pick(picked[step]),
                loss -> false);
    }

    private List<LayerState> look(Rehearsal rehearsal, float[] parameters) {
        return new LayerProbe(rehearsal.network, rehearsal.loss, rehearsal.gemm, probed).look(parameters);
    }

    private static Optional<LayerState> dead(List<LayerState> states) {
        return states.stream().filter(state -> state.dead() > DEAD).findFirst();
    }

    private static Optional<LayerState> saturated(Rehearsal rehearsal, List<LayerState> states) {
        List<Layer> layers = rehearsal.network.layers();
        for (int i = 0; i < states.size(); i++) {
            if (Remedies.saturates(layers.get(i)) && states.get(i).saturated() > SATURATED) {
                return Optional.of(states.get(i));
            }
        }
        return Optional.empty();
    }

    /** What each hidden activation makes of the rows, from the first. */
    private static List<LayerState> hidden(Rehearsal rehearsal, List<LayerState> states) {
        List<LayerState> hidden = new ArrayList<>();
        for (int i = 0; i < states.size() - 1; i++) {
            if (rehearsal.network.layers().get(i) instanceof Activation
                    && Double.isFinite(states.get(i).gradientSize())) {
                hidden.add(states.get(i));
            }
        }
        return hidden;
    }

    private static Optional<String> vanishing(Rehearsal rehearsal, List<LayerState> states) {
        List<LayerState> hidden = hidden(rehearsal, states);
        if (hidden.size() < 2) {
            return Optional.empty();
        }
        LayerState lowest = hidden.get(0);
        LayerState highest = hidden.get(hidden.size() - 1);
        double ratio = lowest.gradientSize() / highest.gradientSize();
        return ratio >= VANISHED
                ? Optional.empty()
                : Optional.of("of the gradient at " + highest.name() + ", " + figure(highest.gradientSize()) + ", only "
                        + figure(lowest.gradientSize()) + " reaches " + lowest.name()
                        + ": the first layers hardly learn");
    }

    /** Weights of several hidden units that are all the same. */
    private static Optional<Block> alike(Rehearsal rehearsal) {
        List<Block> weights = rehearsal.network.layout().stream()
                .filter(block -> block.role() == Block.Role.WEIGHT)
                .toList();
        return weights.subList(0, weights.size() - 1).stream()
                .filter(block -> block.columns() > 1 && isConstant(rehearsal.first, block))
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
