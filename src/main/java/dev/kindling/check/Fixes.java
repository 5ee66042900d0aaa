package dev.kindling.check;

import dev.kindling.data.Shards;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Embed;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.nn.Standardize;
import dev.kindling.optim.FirstOrder;
import dev.kindling.spec.Spec;
import dev.kindling.train.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Possible fixes for a network that does not train. Each is tried before it is suggested. */
final class Fixes {
    private static final String INITIALIZER = "--initializer auto";

    private final Shards shards;
    private final RunConfig run;
    private final float @Nullable [] initial;
    private final @Nullable Fix advised;
    private final RunConfig base; // the run with what is advised
    private @Nullable List<Fix> rates; // computed on first use, because the range test takes a run

    private Fixes(Shards shards, RunConfig run, float @Nullable [] initial, @Nullable Fix advised) {
        this.shards = shards;
        this.run = run;
        this.initial = initial;
        this.advised = advised;
        this.base = advised == null ? run : advised.change.apply(run);
    }

    /**
     * Fixes of a run. What the checks of the data advise already is tried first, and is a part of every other fix: a learning
     * rate that suits unscaled features would contradict the advice to scale them.
     *
     * @param unscaled whether scaling the features is advised
     * @param unscaledTarget whether scaling the target is
     */
    static Fixes of(
            Shards shards, RunConfig run, float @Nullable [] initial, boolean unscaled, boolean unscaledTarget) {
        List<Fix> advised = new ArrayList<>();
        if (initial == null && unscaled) {
            advised.add(standardize());
        }
        if (initial == null && unscaledTarget && run.loss() instanceof ValueLoss value) {
            advised.add(standardizeTarget(shards, value));
        }
        return new Fixes(shards, run, initial, advised.stream().reduce(Fix::and).orElse(null));
    }

    private static Fix standardize() {
        return new Fix("--standardize", "setStandardize(true)", layers(Fixes::standardized));
    }

    private static Fix standardizeTarget(Shards shards, ValueLoss loss) {
        Loss scaled = shards.standardized(loss);
        return new Fix("--standardize-target", "setStandardizeTarget(true)", given -> given.withLoss(scaled));
    }

    /** A change of what is to be trained, in both languages. */
    record Fix(String option, String code, UnaryOperator<RunConfig> change) {

        Fix and(Fix other) {
            return new Fix(
                    option + " " + other.option,
                    code + "." + other.code,
                    given -> other.change.apply(change.apply(given)));
        }
    }

    /** The first change to the network or loss with which the check passes. */
    Optional<Fix> ofNetwork(Predicate<ShortRun> fixed) {
        return first(changes(), fixed);
    }

    /**
     * The first fix with which the check passes, including other learning rates. Likely fixes come first, because a
     * tiny learning rate would hide many faults.
     */
    Optional<Fix> any(Predicate<ShortRun> fixed) {
        List<Fix> changes = changes();
        List<Fix> all = new ArrayList<>(changes.stream()
                .filter(fix -> fix.equals(advised) || fix.option.endsWith(INITIALIZER))
                .toList());
        all.addAll(rates().stream().map(this::withAdvised).toList());
        changes.removeAll(all);
        all.addAll(changes);
        Optional<Fix> single = first(all, fixed);
        if (single.isPresent() || changes().isEmpty()) {
            return single;
        }
        Fix together = changes().get(changes().size() - 1);
        return first(rates().stream().map(together::and).toList(), fixed);
    }

    private Optional<Fix> first(List<Fix> fixes, Predicate<ShortRun> fixed) {
        return fixes.stream()
                .filter(fix -> fixed.test(ShortRun.of(shards, fix.change.apply(run), null)))
                .findFirst();
    }

    /** What is advised, then with it each change alone, scaling of features first, then all together. */
    private List<Fix> changes() {
        List<Fix> changes = new ArrayList<>();
        if (initial != null) {
            return changes; // the initial parameters fix the network
        }
        if (!base.network().standardizes()) {
            changes.add(standardize());
        }
        if (base.loss() instanceof ValueLoss value && value.isStandardizable()) {
            changes.add(standardizeTarget(shards, value));
        }
        if (has(layer -> layer instanceof Dense dense && !(dense.initializer() instanceof Initializer.Auto))) {
            changes.add(new Fix(
                    INITIALIZER,
                    "setInitializer(\"auto\")",
                    layers(all -> ShortRun.withInitializer(all, new Initializer.Auto()))));
        }
        if (has(Fixes::saturates)) {
            changes.add(new Fix(
                    "--activation relu",
                    "setActivation(\"relu\")",
                    layers(all -> ShortRun.map(all, layer -> saturates(layer) ? new Activation.Relu() : layer))));
        }
        if (changes.size() > 1) {
            changes.add(changes.stream().reduce(Fix::and).orElseThrow());
        }
        changes.replaceAll(this::withAdvised);
        if (advised != null) {
            changes.add(0, advised);
        }
        return changes;
    }

    private Fix withAdvised(Fix fix) {
        return advised == null ? fix : advised.and(fix);
    }

    private boolean has(Predicate<Layer> kind) {
        return base.network().layers().stream().anyMatch(kind);
    }

    static boolean saturates(Layer layer) {
        return layer instanceof Nonlinearity nonlinearity && nonlinearity.saturates();
    }

    private static List<Layer> standardized(List<Layer> layers) {
        List<Layer> all = new ArrayList<>(layers);
        all.add(layers.get(0) instanceof Embed ? 1 : 0, new Standardize());
        return all;
    }

    private static UnaryOperator<RunConfig> layers(UnaryOperator<List<Layer>> change) {
        return given -> {
            Network network = given.network();
            return given.withNetwork(Network.of(network.inputs(), change.apply(network.layers())));
        };
    }

    /** What a range test suggests, and a tenth of it; without one, less and less of the given rate, then more. */
    private List<Fix> rates() {
        List<Fix> known = rates;
        if (known == null) {
            known = run.rule().optimizer() instanceof FirstOrder
                    ? candidates().stream().map(Fixes::rate).toList()
                    : List.of();
            rates = known;
        }
        return known;
    }

    private List<Double> candidates() {
        double given = run.rule().learningRate();
        try {
            double suggested = LearningRateRange.of(shards, base, initial).suggested();
            if (!Double.isNaN(suggested)) {
                return List.of(suggested, suggested / 10, suggested / 100);
            }
        } catch (InvalidInput e) { // the loss explodes at once
            return List.of(given / 10, given / 100, given / 1000);
        }
        return List.of(given / 10, given / 100, given / 1000, given * 10, given * 100);
    }

    private static Fix rate(double value) {
        double rounded = Double.parseDouble(String.format(Locale.ROOT, "%.1e", value));
        String text = Spec.print(rounded);
        return new Fix(
                "--learning-rate " + text,
                "setStepSize(" + text + ")",
                given -> given.withRule(given.rule().withLearningRate(rounded)));
    }
}
