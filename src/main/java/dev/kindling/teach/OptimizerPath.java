package dev.kindling.teach;

import dev.kindling.nn.Block;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Slots;
import dev.kindling.spec.Spec;
import java.util.List;
import java.util.Locale;

/**
 * The path of an optimizer down a surface: the start, then the point after each step.
 *
 * @param optimizer its spec
 * @param rate the learning rate, the same at each step
 * @param xs (steps + 1)
 * @param ys (steps + 1)
 * @param heights (steps + 1), of the surface at these points
 */
@SuppressWarnings("ArrayRecordComponent") // columns for the page, not values to compare
record OptimizerPath(String optimizer, double rate, float[] xs, float[] ys, float[] heights) {

    static final List<FirstOrder> OPTIMIZERS = List.of(
            new FirstOrder.Sgd(),
            new FirstOrder.Momentum(),
            new FirstOrder.Nesterov(),
            new FirstOrder.Adagrad(),
            new FirstOrder.Rmsprop(),
            new FirstOrder.Adam());

    private static final double[] RATES = {1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

    /** The path with the lowest mean height, out of learning rates of 1, 2 or 5 times a power of ten, up to 1. */
    static OptimizerPath best(FirstOrder optimizer, Surface surface) {
        OptimizerPath best = of(optimizer, RATES[0], surface);
        for (double rate : RATES) {
            OptimizerPath other = of(optimizer, rate, surface);
            if (other.meanHeight() < best.meanHeight()) { // false for a path that diverged to NaN
                best = other;
            }
        }
        return best;
    }

    static OptimizerPath of(FirstOrder optimizer, double rate, Surface surface) {
        List<Block> layout = List.of(new Block("place", Block.Role.WEIGHT, 0, 1, 2));
        Slots slots = new Slots(optimizer, 2);
        float[] at = {surface.start().get(0), surface.start().get(1)};
        float[] gradient = new float[2];
        float[] xs = new float[surface.steps() + 1];
        float[] ys = new float[surface.steps() + 1];
        float[] heights = new float[surface.steps() + 1];
        for (int step = 0; step <= surface.steps(); step++) {
            xs[step] = at[0];
            ys[step] = at[1];
            heights[step] = (float) surface.height(at);
            surface.slope(at, gradient);
            optimizer.step(rate, step, layout, at, gradient, slots);
        }
        return new OptimizerPath(Spec.brief(optimizer), rate, xs, ys, heights);
    }

    private double meanHeight() {
        double sum = 0;
        for (float height : heights) {
            sum += height;
        }
        return sum / heights.length;
    }

    /** A line for the console. */
    String summary(Surface surface) {
        int last = heights.length - 1;
        return String.format(
                Locale.ROOT,
                "%-12s %-9s %6s %6d  (%6.3f, %6.3f) %10.5f",
                surface.name(),
                optimizer,
                Spec.print(rate),
                last,
                xs[last],
                ys[last],
                heights[last]);
    }
}
