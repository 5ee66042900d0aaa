package dev.kindling.ml;

import dev.kindling.LocalSpark;
import java.io.IOException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes the models of {@link GoldenModelTest} with the Spark it runs with, into the folder given. Never run by Maven. */
final class GoldenModels {
    private GoldenModels() {}

    public static void main(String[] arguments) throws IOException {
        String folder = arguments[0];
        String spark = "-1-spark-" + LocalSpark.session().version().replaceAll("\\.\\d+$", "");
        Dataset<Row> flowers = Flowers.clusters(120, 3, 1);
        small(new MlpClassifier().setPreset("none"))
                .setArchitecture("dense(5) layerNorm silu dropout(0.1)")
                .setStandardize(true)
                .setOptimizer("lion")
                .setSeed(3)
                .setThresholds(new double[] {0.4, 0.5, 0.6})
                .fit(flowers)
                .save(folder + "/classifier" + spark);
        small(new MlpRegressor().setPreset("none"))
                .setHiddenLayers(6)
                .setActivation("mish")
                .setLoss("huber")
                .setStepSize(0.02)
                .setSeed(4)
                .fit(Flowers.surface(120, 1))
                .save(folder + "/regressor" + spark);
        new Pipeline()
                .setStages(new PipelineStage[] {
                    new StringIndexer()
                            .setInputCol("name")
                            .setOutputCol("index")
                            .setStringOrderType("alphabetAsc")
                            .setHandleInvalid("keep"),
                    new StandardScaler().setInputCol("features").setOutputCol("scaled"),
                    small(new MlpClassifier().setPreset("none"))
                            .setFeaturesCol("scaled")
                            .setLabelCol("index")
                            .setHiddenLayers(4)
                            .setSeed(5),
                    new IndexToString()
                            .setInputCol("prediction")
                            .setOutputCol("guess")
                            .setLabels(new String[] {"kind 0", "kind 1", "kind 2"})
                })
                .fit(flowers)
                .save(folder + "/pipeline" + spark);
    }

    private static <T extends MlpEstimatorParams<T>> T small(T estimator) {
        return estimator.setMaxIter(3).setBatchSize(40).setStepSize(0.05).setNumShards(2);
    }
}
