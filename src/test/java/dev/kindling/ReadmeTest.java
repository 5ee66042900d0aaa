package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.ml.MlpClassifier;
import java.util.Arrays;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** The README's Java example, on the data it speaks of. */
final class ReadmeTest {

    @Test
    void thePipelineTellsTumoursApart() {
        Dataset<Row>[] parts = LocalSpark.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv("src/main/resources/dev/kindling/breast_cancer.csv.gz")
                .randomSplit(new double[] {0.8, 0.2}, 1);
        Dataset<Row> train = parts[0];
        Dataset<Row> test = parts[1];
        String[] columns = Arrays.stream(train.columns())
                .filter(column -> !column.equals("diagnosis"))
                .toArray(String[]::new);

        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("diagnosis").setOutputCol("label"),
            new VectorAssembler().setInputCols(columns).setOutputCol("raw"),
            new StandardScaler().setInputCol("raw").setOutputCol("features").setWithMean(true),
            new MlpClassifier()
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

        double accuracy = new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(scored);
        assertThat(accuracy).isGreaterThan(0.93);
    }
}
