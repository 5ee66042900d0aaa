package dev.kindling.teach;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.GradientSource;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Three ways to lower the loss of one small network, from the same weights and with equal budgets of passes through it.
 * A forward pass counts 1 and a backward pass 1.
 */
final class GradientRace {
    private static final double RATE = 0.1; // of adam
    private static final Horizon HORIZON = new Horizon(1, 1); // no schedule needs it
    private static final double DEVIATION = 0.1; // of random search's perturbations
    private static final int ROWS = 200;
    private static final double TARGET = 0.1; // a loss that all three reach
    private static final int NUMERICAL_STEPS = 200; // the budget in steps of the most expensive way
    private static final double SPARSENESS = 1.06; // ratio of the passes at two neighbouring points of a curve

    private final Network network = Network.of(2, List.of(new Dense(8), new Activation.Tanh(), new Dense(1)));
    private final Loss loss = new Loss.SigmoidCrossEntropy();
    private final Batch batch;
    private final Workspace workspace;
    private final RandomKey key;
    private final LongSupplier nanoseconds;

    private GradientRace(Gemm gemm, RandomKey key, LongSupplier nanoseconds) {
        this.batch = PlaneData.moons(ROWS, 0.15, key).batch();
        this.workspace = network.workspace(gemm, batch.rows());
        this.key = key;
        this.nanoseconds = nanoseconds;
    }

    /**
     * One way to lower the loss, with its loss curve: after some of the passes, the loss that was known by then, and
     * the time.
     *
     * @param passesPerStep the cost of a step
     * @param cost the same as a formula, where P is the number of parameters
     * @param passesToTarget the passes after which the loss was first below 0.1; 0 if never
     */
    @SuppressWarnings("ArrayRecordComponent") // columns for the page, not values to compare
    record Runner(
            String name,
            String cost,
            int passesPerStep,
            long steps,
            long passesToTarget,
            long[] passes,
            float[] milliseconds,
            float[] losses) {

        /** A line for the console. */
        String summary() {
            int last = passes.length - 1;
            return String.format(
                    Locale.ROOT,
                    "%-22s %10d %7d %7d %9.1f %8.5f %11d",
                    name,
                    passesPerStep,
                    steps,
                    passes[last],
                    milliseconds[last],
                    losses[last],
                    passesToTarget);
        }
    }

    /** One step of one of the ways. */
    private interface Stride {
        /** @return the mean loss that is known after the step */
        double take(long step);
    }

    static List<Runner> run(Gemm gemm, RandomKey key, LongSupplier nanoseconds) {
        GradientRace race = new GradientRace(gemm, key, nanoseconds);
        race.run(NUMERICAL_STEPS / 10); // warm-up, so that the first way does not pay for compiling shared code
        return race.run(NUMERICAL_STEPS);
    }

    private List<Runner> run(int numericalSteps) {
        int parameters = network.parameterCount();
        int numerical = 2 * parameters + 2; // centralDifferences computes the loss by one forward and one backward pass
        long budget = (long) numericalSteps * numerical;
        return List.of(
                runner("random search", "1", 1, budget, randomSearch()),
                runner(
                        "numerical derivatives",
                        "2P + 2",
                        numerical,
                        budget,
                        adam(new GradientSource.CentralDifferences())),
                runner("backpropagation", "2", 2, budget, adam(new GradientSource.Backpropagation())));
    }

    private Runner runner(String name, String cost, int passesPerStep, long budget, Stride stride) {
        List<Long> passes = new ArrayList<>();
        List<Float> milliseconds = new ArrayList<>();
        List<Float> losses = new ArrayList<>();
        long steps = budget / passesPerStep;
        long start = nanoseconds.getAsLong();
        long passesToTarget = 0;
        double next = 0;
        for (long step = 0; step < steps; step++) {
            double known = stride.take(step);
            long spent = (step + 1) * passesPerStep;
            if (known < TARGET && passesToTarget == 0) {
                passesToTarget = spent;
            }
            if (spent >= next || step == steps - 1) {
                passes.add(spent);
                milliseconds.add((nanoseconds.getAsLong() - start) / 1e6f);
                losses.add((float) known);
                next = spent * SPARSENESS;
            }
        }
        return new Runner(
                name, cost, passesPerStep, steps, passesToTarget, longs(passes), floats(milliseconds), floats(losses));
    }

    private float[] firstWeights() {
        return network.initialize(key.fold(RandomKey.INITIALIZE));
    }

    /** Adam, with the gradient from this source. */
    private Stride adam(GradientSource source) {
        UpdateRule rule = new UpdateRule(new FirstOrder.Adam(), RATE);
        float[] parameters = firstWeights();
        float[] gradient = new float[parameters.length];
        Slots slots = new Slots(rule.optimizer(), parameters.length);
        return step -> {
            Kernels.fill(gradient.length, 0f, gradient, 0);
            double sum = source.accumulate(network, parameters, batch, loss, key, workspace, gradient);
            rule.apply(network.layout(), batch.weight(), RATE, step, HORIZON, parameters, gradient, slots);
            return sum / batch.weight();
        };
    }

    /** Adds normal noise to all parameters and keeps it if the loss is lower. */
    private Stride randomSearch() {
        float[] parameters = firstWeights();
        double[] least = {Double.POSITIVE_INFINITY};
        return step -> {
            float[] moved = parameters.clone();
            SplitMix64 random = key.fold(RandomKey.PERTURB).fold(step).generator();
            for (int i = 0; i < moved.length && step > 0; i++) { // the first pass measures the initial loss
                moved[i] += (float) (DEVIATION * random.nextGaussian());
            }
            double there = network.trainingLoss(moved, batch, loss, key, workspace) / batch.weight();
            if (there < least[0]) {
                least[0] = there;
                System.arraycopy(moved, 0, parameters, 0, moved.length);
            }
            return least[0];
        };
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static float[] floats(List<Float> values) {
        float[] result = new float[values.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(i);
        }
        return result;
    }
}
