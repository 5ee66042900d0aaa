package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.ml.MlpClassifier;
import dev.kindling.nn.GradientSource;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Loss;
import dev.kindling.nn.Spec;
import dev.kindling.optim.Clip;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.Span;
import dev.kindling.train.ClassWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** The README's Java examples, on the data they speak of. */
final class ReadmeTest {

    private final Dataset<Row>[] parts = LocalSpark.session()
            .read()
            .option("header", true)
            .option("inferSchema", true)
            .csv("src/main/resources/dev/kindling/breast_cancer.csv.gz")
            .randomSplit(new double[] {0.8, 0.2}, 1);
    private final Dataset<Row> train = parts[0];
    private final Dataset<Row> test = parts[1];
    private final String[] columns = Arrays.stream(train.columns())
            .filter(column -> !column.equals("diagnosis"))
            .toArray(String[]::new);

    @Test
    void thePipelineTellsTumoursApart() {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("diagnosis").setOutputCol("label"),
            new VectorAssembler().setInputCols(columns).setOutputCol("features"),
            new MlpClassifier()
                    .setStandardize(true)
                    .setHiddenLayers(64, 32)
                    .setActivation("relu")
                    .setDropout(0.2)
                    .setOptimizer("adam")
                    .setSchedule("warmup(epochs(2), then=cosine)")
                    .setStepSize(0.01)
                    .setMaxIter(30)
                    .setBatchSize(64)
                    .setValidationFraction(0.1)
                    .setPatience(5)
                    .setSeed(1)
        });
        PipelineModel model = pipeline.fit(train);
        Dataset<Row> scored = model.transform(test); // adds rawPrediction, probability, prediction

        assertThat(accuracy(scored)).isGreaterThan(0.93);
    }

    @Test
    void whitenedFeaturesTellTumoursApart() {
        PipelineModel model = new Pipeline()
                .setStages(new PipelineStage[] {
                    new StringIndexer().setInputCol("diagnosis").setOutputCol("label"),
                    new VectorAssembler().setInputCols(columns).setOutputCol("raw"),
                    new StandardScaler()
                            .setInputCol("raw")
                            .setOutputCol("scaled")
                            .setWithMean(true),
                    new PCA().setInputCol("scaled").setOutputCol("features").setK(10),
                    new MlpClassifier()
                            .setStandardize(true)
                            .setArchitecture("dense(64) batchNorm relu dropout(0.2), dense(32) relu")
                            .setStepSize(0.01)
                            .setNumShards(2)
                            .setSeed(1)
                })
                .fit(train);
        assertThat(accuracy(model.transform(test))).isGreaterThan(0.93);
    }

    @Test
    void everyNameIsInTheReadmesTable() throws IOException {
        List<String> words = List.of(Files.readString(Path.of("README.md")).split("[^A-Za-z]+"));
        for (Class<?> family : List.of(
                Layer.class,
                Loss.class,
                Initializer.class,
                Optimizer.class,
                Schedule.class,
                Span.class,
                Plateau.class,
                Clip.class,
                ClassWeights.class,
                GradientSource.class,
                OuterOptimizer.class)) {
            assertThat(words).containsAll(Spec.names(family));
        }
    }

    private static double accuracy(Dataset<Row> scored) {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(scored);
    }
}
