package dev.kindling.ml;

import dev.kindling.LocalSpark;
import dev.kindling.table.TableVectorizer;
import java.io.IOException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
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
        ofTable().save(folder + "/table" + spark);
    }

    /** A table of columns of many kinds, with missing values. */
    static Dataset<Row> table() {
        return LocalSpark.session()
                .range(0, 120, 1, 2)
                .selectExpr(
                        "if(id % 7 = 0, null, cast(id as double) / 8) as size",
                        "cast(id * id % 90 as decimal(8, 2)) / 4 as price",
                        "array('red', 'blue', null, 'green')[id % 4] as colour",
                        "concat('€', id % 30, '.50') as paid",
                        "concat('2024-0', 1 + id % 9, '-1', id % 10, ' 1', id % 3, ':30') as at",
                        "if(id % 11 = 0, null, id % 3 = 0) as member",
                        "id % 5 as grade",
                        "array(float(id % 6), float(id % 4)) as sizes",
                        "array('a', 'b', 'c')[id * id % 3] as kind");
    }

    private static PipelineModel ofTable() {
        return new Pipeline()
                .setStages(new PipelineStage[] {
                    new StringIndexer().setInputCol("kind").setOutputCol("label"),
                    new TableVectorizer()
                            .setDropCols("kind")
                            .setCategoricalCols("grade")
                            .setScale("robust")
                            .setTimeZone("Europe/Paris"),
                    small(new MlpClassifier()).setHiddenLayers(4).setSeed(6)
                })
                .fit(table());
    }

    private static <T extends MlpEstimatorParams<T>> T small(T estimator) {
        return estimator.setMaxIter(3).setBatchSize(40).setStepSize(0.05).setNumShards(2);
    }
}
