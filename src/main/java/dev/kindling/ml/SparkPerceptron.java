package dev.kindling.ml;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Offsets;
import dev.kindling.loss.Loss;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.ensemble.Ensemble;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;

/** Converts a model of Spark's multi-layer perceptron. */
final class SparkPerceptron {
    private SparkPerceptron() {}

    /**
     * Spark's weights have the same layout as ours: for each layer a column-major matrix (outputs, inputs), which is a
     * row-major matrix (inputs, outputs), then the biases.
     */
    static MlpClassificationModel convert(MultilayerPerceptronClassificationModel spark) {
        int[] widths = spark.getLayers();
        List<Layer> layers = new ArrayList<>();
        for (int i = 1; i < widths.length; i++) {
            layers.add(new Dense(widths[i]));
            if (i < widths.length - 1) {
                layers.add(new Activation.Sigmoid());
            }
        }
        double[] weights = spark.weights().toArray();
        float[] parameters = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            parameters[i] = (float) weights[i];
        }
        NetworkWeights trained = new NetworkWeights(
                Ensemble.of(Network.of(widths[0], layers), new Loss.SoftmaxCrossEntropy()),
                parameters,
                widths[widths.length - 1],
                Gemm.best().name(),
                1,
                Offsets.NONE);
        MlpClassificationModel model = new MlpClassificationModel(new MlpClassifier().uid(), trained, null)
                .setFeaturesCol(spark.getFeaturesCol())
                .setRawPredictionCol(spark.getRawPredictionCol())
                .setProbabilityCol(spark.getProbabilityCol())
                .setPredictionCol(spark.getPredictionCol());
        if (spark.isSet(spark.thresholds())) {
            model.setThresholds(spark.getThresholds());
        }
        return model;
    }
}
