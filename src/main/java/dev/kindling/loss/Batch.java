package dev.kindling.loss;

import dev.kindling.linalg.Rows;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of features with their targets, one or several a row, and optional weights. The arrays are borrowed. */
public final class Batch {
    private final Rows features;
    private final float[] targets;
    private final int targetsOffset;
    private final int width; // targets of a row
    private final float @Nullable [] weights;
    private final int weightsOffset;

    /**
     * @param features (rows, inputs)
     * @param targets (rows) from {@code targetsOffset}: a class index, or the value to predict
     * @param weights (rows) from {@code weightsOffset}, or null where every row weighs 1
     */
    public Batch(Rows features, float[] targets, int targetsOffset, float @Nullable [] weights, int weightsOffset) {
        this(features, targets, targetsOffset, 1, weights, weightsOffset);
    }

    /**
     * @param features (rows, inputs)
     * @param targets (rows, width) from {@code targetsOffset}: the values to predict
     * @param weights (rows) from {@code weightsOffset}, or null where every row weighs 1
     */
    public Batch(
            Rows features,
            float[] targets,
            int targetsOffset,
            int width,
            float @Nullable [] weights,
            int weightsOffset) {
        this.features = features;
        this.targets = targets;
        this.targetsOffset = targetsOffset;
        this.width = width;
        this.weights = weights;
        this.weightsOffset = weightsOffset;
        Objects.checkFromIndexSize(targetsOffset, features.rows() * width, targets.length);
        if (weights != null) {
            Objects.checkFromIndexSize(weightsOffset, features.rows(), weights.length);
        }
    }

    public int rows() {
        return features.rows();
    }

    public Rows features() {
        return features;
    }

    /** The class, or the value to predict where a row has only one. */
    public float target(int row) {
        return targets[targetsOffset + row * width];
    }

    /** The number of targets of a row. */
    public int targets() {
        return width;
    }

    /** One of several values to predict. */
    public float target(int row, int place) {
        return targets[targetsOffset + row * width + place];
    }

    public float weight(int row) {
        return weights == null ? 1f : weights[weightsOffset + row];
    }

    /** The sum of the rows' weights. */
    public double weight() {
        if (weights == null) {
            return rows();
        }
        double sum = 0;
        for (int row = 0; row < rows(); row++) {
            sum += weights[weightsOffset + row];
        }
        return sum;
    }

    /** A copy of some of the rows, in the order given. */
    public Batch pick(int[] picked) {
        float[] ownTargets = new float[picked.length * width];
        float[] ownWeights = new float[picked.length];
        for (int i = 0; i < picked.length; i++) {
            System.arraycopy(targets, targetsOffset + picked[i] * width, ownTargets, i * width, width);
            ownWeights[i] = weight(picked[i]);
        }
        return new Batch(features.pick(picked), ownTargets, 0, width, ownWeights, 0);
    }
}
