package dev.kindling.check;

import dev.kindling.data.Shards;
import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Residual;
import dev.kindling.nn.Workspace;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.Trainer;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A network as training would begin with it, and a few of its steps, on the driver. Class weights are left aside. */
final class ShortRun {
    private final RunConfig run;
    final Network network;
    final Loss loss;
    final UpdateRule rule;
    final String gemm;
    final float[] first; // (parameters)

    private ShortRun(RunConfig run, float[] first) {
        this.run = run;
        this.network = run.network();
        this.loss = run.loss();
        this.rule = run.rule();
        this.gemm = run.gemm();
        this.first = first;
    }

    /** @param initial parameters to begin with; null for fresh ones */
    static ShortRun of(Shards shards, RunConfig run, float @Nullable [] initial) {
        Trainer trainer = new Trainer(run, new TrainListener() {});
        return new ShortRun(run, initial == null ? trainer.firstParameters(shards) : initial);
    }

    /** The same without what training adds against overfitting: dropout, penalty, and a schedule that ends. */
    ShortRun plain() {
        Network plain = Network.of(network.inputs(), withoutDropout(network.layers()));
        UpdateRule constant = rule.withSchedule(new Schedule.Constant()).withPenalty(Penalty.NONE);
        return new ShortRun(run.withNetwork(plain).withRule(constant), first);
    }

    static List<Layer> withoutDropout(List<Layer> layers) {
        // an identity replaces it, because a residual block may hold nothing else
        return map(layers, layer -> layer instanceof Dropout ? new Activation.Identity() : layer);
    }

    static List<Layer> withInitializer(List<Layer> layers, Initializer initializer) {
        return map(layers, layer -> layer instanceof Dense dense ? new Dense(dense.units(), initializer) : layer);
    }

    static List<Layer> map(List<Layer> layers, UnaryOperator<Layer> change) {
        return layers.stream()
                .map(layer -> layer instanceof Residual residual
                        ? new Residual(map(residual.layers(), change))
                        : change.apply(layer))
                .toList();
    }

    /** The result of some steps. */
    static final class Outcome {
        final float[] parameters; // (parameters)
        final int steps;
        final double loss; // mean over the last step's rows, before the update

        Outcome(float[] parameters, int steps, double loss) {
            this.parameters = parameters;
            this.steps = steps;
            this.loss = loss;
        }
    }

    /**
     * Trains with the update rule. Adam at learning rate 0.01 replaces an optimizer that takes no gradient steps.
     *
     * @param most the largest number of steps
     * @param rows the batch of each step, at most as large as that of step 0
     * @param enough whether the mean loss of a step's rows is low enough to stop; training also stops when the loss is
     *     no longer finite
     */
    Outcome train(int most, Horizon horizon, IntFunction<Batch> rows, DoublePredicate enough) {
        UpdateRule stepping = rule.optimizer() instanceof FirstOrder
                ? rule
                : new UpdateRule(new FirstOrder.Adam(), 0.01).withPenalty(rule.penalty());
        Workspace workspace =
                network.workspace(GemmBackend.follow(gemm), rows.apply(0).rows());
        float[] parameters = first.clone();
        Slots slots = new Slots(stepping.optimizer(), parameters.length);
        RandomKey dropout = RandomKey.of(0).fold(RandomKey.DROPOUT);
        double mean = Double.NaN;
        for (int step = 0; step < most; step++) {
            Batch batch = rows.apply(step);
            float[] gradient = new float[parameters.length];
            double sum = network.accumulate(parameters, batch, loss, dropout.fold(step), workspace, gradient);
            mean = sum / batch.weight();
            if (!Double.isFinite(mean) || enough.test(mean)) {
                return new Outcome(parameters, step, mean);
            }
            double rate = stepping.rate(step, horizon);
            stepping.apply(network.layout(), batch.weight(), rate, step, horizon, parameters, gradient, slots);
        }
        return new Outcome(parameters, most, mean);
    }
}
