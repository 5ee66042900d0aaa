package dev.kindling.model;

import dev.kindling.linalg.Offsets;
import dev.kindling.loss.Loss;

/** What a row's outputs stand for: raw scores, probabilities and the predicted class, or predicted values. */
public final class Outputs {
    private Outputs() {}

    /** One score for each class; a single logit z of two classes stands for {@code (-z, z)}, as in Spark's other models. */
    public static double[] raw(float[] logits) {
        if (logits.length == 1) {
            return new double[] {-logits[0], logits[0]};
        }
        double[] raw = new double[logits.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = logits[i];
        }
        return raw;
    }

    /** One probability for each class; {@code logits} is overwritten. */
    public static double[] probabilities(Loss loss, float[] logits) {
        loss.link(1, logits.length, logits);
        return probabilities(logits);
    }

    /** The same of outputs that went through the loss's link. */
    public static double[] probabilities(float[] linked) {
        return linked.length == 1 ? new double[] {1 - (double) linked[0], linked[0]} : raw(linked);
    }

    /**
     * The class with the largest probability or, with thresholds, the largest probability divided by its threshold, as in
     * {@code ProbabilisticClassificationModel}.
     */
    public static int predicted(double[] probabilities, double[] thresholds) {
        int best = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < probabilities.length; i++) {
            double scaled = probabilities[i];
            if (thresholds.length > 0) {
                scaled = thresholds[i] == 0 ? Double.POSITIVE_INFINITY : scaled / thresholds[i];
            }
            if (scaled > largest) {
                largest = scaled;
                best = i;
            }
        }
        return best;
    }

    /** The predicted values of a regression, in double; {@code outputs} is overwritten. */
    public static double[] values(Loss loss, Offsets offsets, float[] outputs) {
        loss.link(1, outputs.length, outputs);
        return values(offsets, outputs);
    }

    /** The same of outputs that went through the loss's link. */
    public static double[] values(Offsets offsets, float[] linked) {
        double[] values = new double[linked.length];
        for (int j = 0; j < values.length; j++) {
            values[j] = linked[j] + offsets.target(j);
        }
        return values;
    }
}
