package dev.kindling.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A batch with a network's logits, as training sees it. The predicted class is that of the largest logit, or the sign of a
 * single one: no softmax is needed. Predictions are linked when the first one is read. The arrays are borrowed.
 */
public final class ScoredBatch implements Scored {
    private final Batch batch;
    private final Loss loss;
    private final int outputs;
    private final float[] logits; // (rows, outputs)
    private float @Nullable [] linked; // (rows, outputs)

    public ScoredBatch(Batch batch, Loss loss, int outputs, float[] logits) {
        this.batch = batch;
        this.loss = loss;
        this.outputs = outputs;
        this.logits = logits;
    }

    @Override
    public int rows() {
        return batch.rows();
    }

    @Override
    public double weight(int row) {
        return batch.weight(row);
    }

    @Override
    public int actualClass(int row) {
        return (int) batch.target(row);
    }

    @Override
    public int predictedClass(int row) {
        int from = row * outputs;
        if (outputs == 1) {
            return logits[from] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int j = 1; j < outputs; j++) {
            best = logits[from + j] > logits[from + best] ? j : best;
        }
        return best;
    }

    @Override
    public double probability(int row, int ofClass) {
        if (outputs == 1) {
            double positive = linked()[row];
            return ofClass == 1 ? positive : 1 - positive;
        }
        return linked()[row * outputs + ofClass];
    }

    @Override
    public int targets() {
        return outputs;
    }

    @Override
    public double target(int row, int place) {
        return batch.target(row, place);
    }

    @Override
    public double prediction(int row, int place) {
        return linked()[row * outputs + place];
    }

    private float[] linked() {
        if (linked == null) {
            linked = Arrays.copyOf(logits, batch.rows() * outputs);
            loss.link(batch.rows(), outputs, linked);
        }
        return linked;
    }
}
