package dev.kindling.check;

import dev.kindling.data.Shards;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
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

/** What may cure a network that does not train. None is advised that was not tried: what is found fits what is to be cured. */
final class Remedies {
    private static final String STANDARDIZE = "--standardize";
    private static final String INITIALIZER = "--initializer auto";

    private final Shards shards;
    private final RunConfig run;
    private final float @Nullable [] initial;
    private final boolean unscaled;
    private @Nullable List<Remedy> rates; // once asked for, as they take a run to find

    /** @param unscaled whether features are far from the scale of 1, so that scaling them is tried first */
    Remedies(Shards shards, RunConfig run, float @Nullable [] initial, boolean unscaled) {
        this.shards = shards;
        this.run = run;
        this.initial = initial;
        this.unscaled = unscaled;
    }

    /** A change of what is to be trained, in both languages. */
    record Remedy(String option, String code, UnaryOperator<RunConfig> change) {

        Remedy and(Remedy other) {
            return new Remedy(
                    option + " " + other.option,
                    code + "." + other.code,
                    given -> other.change.apply(change.apply(given)));
        }
    }

    /** The first that cures, of those that change the network or loss. */
    Optional<Remedy> ofNetwork(Predicate<Rehearsal> cured) {
        return first(changes(), cured);
    }

    /** The first that cures, another learning rate among them: what is likely first, as many a fault yields to a tiny rate. */
    Optional<Remedy> any(Predicate<Rehearsal> cured) {
        List<Remedy> changes = changes();
        List<Remedy> all = new ArrayList<>(changes.stream()
                .filter(remedy -> remedy.option.equals(INITIALIZER) || (unscaled && remedy.option.equals(STANDARDIZE)))
                .toList());
        all.addAll(rates());
        changes.removeAll(all);
        all.addAll(changes);
        Optional<Remedy> single = first(all, cured);
        if (single.isPresent() || changes().isEmpty()) {
            return single;
        }
        Remedy together = changes().get(changes().size() - 1);
        return first(rates().stream().map(together::and).toList(), cured);
    }

    private Optional<Remedy> first(List<Remedy> remedies, Predicate<Rehearsal> cured) {
        return remedies.stream()
                .filter(remedy -> cured.test(Rehearsal.of(shards, remedy.change.apply(run), null)))
                .findFirst();
    }

    /** Each alone, scaling of features first, then all together. */
    private List<Remedy> changes() {
        List<Remedy> changes = new ArrayList<>();
        if (initial != null) {
            return changes; // the network is given
        }
        if (!run.network().standardizes()) {
            changes.add(new Remedy(STANDARDIZE, "setStandardize(true)", layers(Remedies::standardized)));
        }
        if (run.loss() instanceof ValueLoss value && value.isLinear() && !(value instanceof ValueLoss.Standardized)) {
            Loss scaled = shards.standardized(value);
            changes.add(
                    new Remedy("--standardize-target", "setStandardizeTarget(true)", given -> given.withLoss(scaled)));
        }
        if (has(layer -> layer instanceof Dense dense && !(dense.initializer() instanceof Initializer.Auto))) {
            changes.add(new Remedy(
                    INITIALIZER,
                    "setInitializer(\"auto\")",
                    layers(all -> Rehearsal.withInitializer(all, new Initializer.Auto()))));
        }
        if (has(Remedies::saturates)) {
            changes.add(new Remedy(
                    "--activation relu",
                    "setActivation(\"relu\")",
                    layers(all -> Rehearsal.map(all, layer -> saturates(layer) ? new Activation.Relu() : layer))));
        }
        if (changes.size() > 1) {
            changes.add(changes.stream().reduce(Remedy::and).orElseThrow());
        }
        return changes;
    }

    private boolean has(Predicate<Layer> kind) {
        return run.network().layers().stream().anyMatch(kind);
    }

    static boolean saturates(Layer layer) {
        return layer instanceof Activation.Sigmoid
                || layer instanceof Activation.HardSigmoid
                || layer instanceof Activation.Tanh;
    }

    private static List<Layer> standardized(List<Layer> layers) {
        List<Layer> all = new ArrayList<>(layers);
        all.add(0, new Standardize());
        return all;
    }

    private static UnaryOperator<RunConfig> layers(UnaryOperator<List<Layer>> change) {
        return given -> {
            Network network = given.network();
            return given.withNetwork(Network.of(network.inputs(), change.apply(network.layers())));
        };
    }

    /** What a range test suggests, and a tenth of it; without one, less and less of the given rate, then more. */
    private List<Remedy> rates() {
        List<Remedy> known = rates;
        if (known == null) {
            known = run.rule().optimizer() instanceof FirstOrder
                    ? candidates().stream().map(Remedies::rate).toList()
                    : List.of();
            rates = known;
        }
        return known;
    }

    private List<Double> candidates() {
        double given = run.rule().learningRate();
        try {
            double suggested = LearningRateRange.of(shards, run, initial).suggested();
            if (!Double.isNaN(suggested)) {
                return List.of(suggested, suggested / 10, suggested / 100);
            }
        } catch (InvalidInput e) { // it explodes at once
            return List.of(given / 10, given / 100, given / 1000);
        }
        return List.of(given / 10, given / 100, given / 1000, given * 10, given * 100);
    }

    private static Remedy rate(double value) {
        double rounded = Double.parseDouble(String.format(Locale.ROOT, "%.1e", value));
        String text = Spec.print(rounded);
        return new Remedy(
                "--learning-rate " + text,
                "setStepSize(" + text + ")",
                given -> given.withRule(given.rule().withLearningRate(rounded)));
    }
}
