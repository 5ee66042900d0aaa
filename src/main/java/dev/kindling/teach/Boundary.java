package dev.kindling.teach;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import java.util.List;
import java.util.Locale;

/**
 * The decision boundary of a network over points in a plane, as a film: the class probabilities over a square, at some
 * of the training steps.
 *
 * @param points (rows, 2)
 * @param labels (rows)
 * @param left edge of the square
 * @param bottom edge of the square
 * @param side length of the square
 * @param cells in each direction
 * @param frameSteps the steps taken before each frame; frames are closer together at the beginning, where most changes
 * @param frames (frames, classes - 1, cells, cells): the probabilities of all classes except the first, scaled to 255;
 *     the first row of cells is at the top, and each cell has the probability at its centre
 * @param accuracies on the points, at each frame
 * @param losses the mean over the points, before each step and after the last
 * @param freshAccuracy after the last step, on as many new points
 */
@SuppressWarnings("ArrayRecordComponent") // columns for the page, not values to compare
record Boundary(
        String name,
        String network,
        String method,
        int classes,
        float[] points,
        float[] labels,
        double left,
        double bottom,
        double side,
        int cells,
        int[] frameSteps,
        byte[][] frames,
        float[] accuracies,
        float[] losses,
        double freshAccuracy) {

    private static final int CELLS = 64;
    private static final int FRAMES = 48;
    private static final double RATE = 0.02;
    private static final Horizon HORIZON = new Horizon(1, 1); // no schedule needs it
    private static final int ROWS = 300;

    /** The three data sets of the demo. */
    static List<Boundary> all(Gemm gemm, RandomKey key) {
        RandomKey fresh = key.fold(RandomKey.SPLIT);
        return List.of(
                learn(
                        "two moons",
                        "dense(8) tanh dense(8) tanh",
                        200,
                        PlaneData.moons(ROWS, 0.15, key.fold(0)),
                        PlaneData.moons(ROWS, 0.15, fresh.fold(0)),
                        gemm,
                        key.fold(0)),
                learn(
                        "circles",
                        "dense(8) tanh dense(8) tanh",
                        200,
                        PlaneData.circles(ROWS, 0.5, 0.1, key.fold(1)),
                        PlaneData.circles(ROWS, 0.5, 0.1, fresh.fold(1)),
                        gemm,
                        key.fold(1)),
                learn(
                        "spirals",
                        "dense(16) tanh dense(16) tanh",
                        400,
                        PlaneData.spirals(3, ROWS, 1, 0.03, key.fold(2)),
                        PlaneData.spirals(3, ROWS, 1, 0.03, fresh.fold(2)),
                        gemm,
                        key.fold(2)));
    }

    /** Trains a network with these hidden layers by Adam, on all points at each step. */
    private static Boundary learn(
            String name, String hidden, int steps, PlaneData data, PlaneData fresh, Gemm gemm, RandomKey key) {
        List<Layer> layers = Spec.parseAll(Layer.class, hidden + " dense(" + data.classes() + ")");
        Network network = Network.of(2, layers);
        UpdateRule rule = new UpdateRule(new FirstOrder.Adam(), RATE);
        Loss loss = new Loss.SoftmaxCrossEntropy();
        Square square = Square.around(data.points());
        Rows grid = square.grid();
        Workspace workspace = network.workspace(gemm, Math.max(grid.rows(), data.rows()));
        float[] parameters = network.initialize(key.fold(RandomKey.INITIALIZE));
        float[] gradient = new float[parameters.length];
        Slots slots = new Slots(rule.optimizer(), parameters.length);
        Batch batch = data.batch();
        int[] frameSteps = new int[FRAMES];
        byte[][] frames = new byte[FRAMES][];
        float[] accuracies = new float[FRAMES];
        float[] losses = new float[steps + 1];
        for (int step = 0, frame = 0; step <= steps; step++) {
            Kernels.fill(gradient.length, 0f, gradient, 0);
            double sum = network.accumulate(parameters, batch, loss, key, workspace, gradient);
            losses[step] = (float) (sum / batch.weight());
            if (step == stepOf(frame, steps)) {
                frameSteps[frame] = step;
                accuracies[frame] = (float) accuracy(data, workspace.logits());
                frames[frame] =
                        quantised(network.forward(parameters, grid, workspace), grid.rows(), loss, data.classes());
                frame++;
            }
            if (step < steps) {
                rule.apply(network.layout(), batch.weight(), RATE, step, HORIZON, parameters, gradient, slots);
            }
        }
        double freshAccuracy =
                accuracy(fresh, network.forward(parameters, fresh.batch().features(), workspace));
        return new Boundary(
                name,
                network.toString(),
                rule.toString(),
                data.classes(),
                data.points(),
                data.labels(),
                square.left,
                square.bottom,
                square.side,
                CELLS,
                frameSteps,
                frames,
                accuracies,
                losses,
                freshAccuracy);
    }

    /** Quadratic in the frame, but at least one step after the frame before. */
    private static int stepOf(int frame, int steps) {
        double share = (double) frame / (FRAMES - 1);
        return Math.max(frame, (int) Math.round(share * share * steps));
    }

    private static double accuracy(PlaneData data, float[] logits) {
        int right = 0;
        for (int row = 0; row < data.rows(); row++) {
            int best = 0;
            for (int c = 1; c < data.classes(); c++) {
                if (logits[row * data.classes() + c] > logits[row * data.classes() + best]) {
                    best = c;
                }
            }
            right += best == data.labels()[row] ? 1 : 0;
        }
        return (double) right / data.rows();
    }

    private static byte[] quantised(float[] logits, int cells, Loss loss, int classes) {
        loss.link(cells, classes, logits);
        byte[] shown = new byte[(classes - 1) * cells];
        for (int c = 1; c < classes; c++) {
            for (int cell = 0; cell < cells; cell++) {
                shown[(c - 1) * cells + cell] = (byte) Math.round(255 * logits[cell * classes + c]);
            }
        }
        return shown;
    }

    /** A line for the console. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "%-10s %5d %8.4f %9.4f %9.4f  %s",
                name,
                losses.length - 1,
                losses[losses.length - 1],
                accuracies[accuracies.length - 1],
                freshAccuracy,
                network);
    }

    /** The part of the plane that is shown. */
    private record Square(double left, double bottom, double side) {

        /** The points with a margin around them. */
        static Square around(float[] points) {
            float[] least = {points[0], points[1]};
            float[] largest = least.clone();
            for (int i = 0; i < points.length; i++) {
                least[i % 2] = Math.min(least[i % 2], points[i]);
                largest[i % 2] = Math.max(largest[i % 2], points[i]);
            }
            double side = 1.15 * Math.max(largest[0] - least[0], largest[1] - least[1]);
            return new Square((least[0] + largest[0] - side) / 2, (least[1] + largest[1] - side) / 2, side);
        }

        Rows grid() {
            float[] middles = new float[2 * CELLS * CELLS];
            for (int cell = 0; cell < CELLS * CELLS; cell++) {
                middles[2 * cell] = (float) (left + side * (cell % CELLS + 0.5) / CELLS);
                middles[2 * cell + 1] = (float) (bottom + side * (CELLS - cell / CELLS - 0.5) / CELLS);
            }
            return Rows.dense(CELLS * CELLS, 2, middles, 0);
        }
    }
}
