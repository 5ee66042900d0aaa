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
import dev.kindling.optim.Clip;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import dev.kindling.train.Trainer;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Trains the network for a few steps on the driver, from the parameters that training would start with. Ignores class
 * weights.
 */
final class ShortRun {
    final Network network;
    final Loss loss;
    final UpdateRule rule;
    final String gemm;
    final float[] first; // (parameters)

    private ShortRun(Network network, Loss loss, UpdateRule rule, String gemm, float[] first) {
        this.network = network;
        this.loss = loss;
        this.rule = rule;
        this.gemm = gemm;
        this.first = first;
    }

    /** @param initial the initial parameters; null for fresh ones */
    static ShortRun of(Shards shards, Trainer trainer, float @Nullable [] initial) {
        return new ShortRun(
                trainer.network(),
                trainer.loss(),
                trainer.rule(),
                trainer.gemm(),
                initial == null ? trainer.firstParameters(shards) : initial);
    }

    /** The same run without what prevents overfitting: dropout, penalty, and a decaying schedule. */
    ShortRun plain() {
        return new ShortRun(
                Network.of(network.inputs(), withoutDropout(network.layers())),
                loss,
                new UpdateRule(
                        rule.optimizer(),
                        rule.learningRate(),
                        new Schedule.Constant(),
                        Penalty.NONE,
                        rule.clip(),
                        rule.maxNorm()),
                gemm,
                first);
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
                : new UpdateRule(
                        new FirstOrder.Adam(), 0.01, new Schedule.Constant(), rule.penalty(), new Clip.None(), 0);
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
            stepping.apply(network.layout(), batch.weight(), rate, step, parameters, gradient, slots);
        }
        return new Outcome(parameters, most, mean);
    }
}
