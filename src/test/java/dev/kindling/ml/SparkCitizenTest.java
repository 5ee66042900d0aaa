package dev.kindling.ml;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Activation;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Schedule;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of Spark ML expect of an estimator and its model beside fit and transform. */
@Tag("end-to-end")
@InOneJvm
class SparkCitizenTest {
    private static final Dataset<Row> TRAIN = Flowers.clusters(150, 3, 1);

    @TempDir
    private Path folder;

    private static MlpClassifier small() {
        return new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(6, 4)
                .setStepSize(0.02)
                .setMaxIter(3)
                .setBatchSize(30)
                .setNumShards(2)
                .setSeed(5);
    }

    @Test
    void sparksPerceptronPredictsTheSameOnceItIsOurs() {
        MultilayerPerceptronClassificationModel spark = new MultilayerPerceptronClassifier()
                .setLayers(new int[] {4, 6, 5, 3})
                .setSeed(3)
                .setMaxIter(30)
                .setPredictionCol("guess")
                .fit(TRAIN);
        MlpClassificationModel ours = MlpClassifier.fromSpark(spark);
        List<Row> expected = spark.transform(TRAIN).orderBy("id").collectAsList();
        List<Row> rows = ours.transform(TRAIN).orderBy("id").collectAsList();
        for (int i = 0; i < rows.size(); i++) {
            assertThat((Double) rows.get(i).getAs("guess"))
                    .isEqualTo(expected.get(i).getAs("guess"));
            assertThat(((Vector) rows.get(i).getAs("probability")).toArray())
                    .containsExactly(((Vector) expected.get(i).getAs("probability")).toArray(), within(1e-5));
        }
        assertThat(ours.layers()).containsExactly("dense1", "sigmoid1", "dense2", "sigmoid2", "dense3");
    }

    @Test
    void weightsHaveNamesAndShapes() {
        MlpClassificationModel model = small().fit(TRAIN);
        Map<String, Matrix> weights = model.weights();
        assertThat(weights.keySet())
                .containsExactly(
                        "dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias", "dense3.weight", "dense3.bias");
        Matrix second = weights.get("dense2.weight");
        assertThat(new int[] {second.numRows(), second.numCols()}).containsExactly(6, 4);
        assertThat(second.apply(1, 2)).isEqualTo(model.parameters()[4 * 6 + 6 + 1 * 4 + 2]);
        assertThat(model.numParameters()).isEqualTo(4 * 6 + 6 + 6 * 4 + 4 + 4 * 3 + 3);
    }

    @Tag("one-line")
    @Test
    void anEmbeddingIsTheOutputOfAHiddenLayer() {
        MlpClassificationModel model = small().setEmbeddingCol("code").fit(TRAIN);
        Dataset<Row> scored = model.transform(TRAIN);
        assertThat(scored.schema().apply("code").dataType()).isEqualTo(SQLDataTypes.VectorType());
        Matrix last = model.weights().get("dense3.weight");
        Matrix bias = model.weights().get("dense3.bias");
        for (Row row : scored.limit(20).collectAsList()) {
            Vector code = row.getAs("code"); // of relu2, below the outputs
            assertThat(code.size()).isEqualTo(4);
            double[] logits = last.transpose().multiply(code.toDense()).toArray();
            for (int i = 0; i < 3; i++) {
                logits[i] += bias.apply(0, i);
            }
            assertThat(((Vector) row.getAs("rawPrediction")).toArray()).containsExactly(logits, within(1e-5));
        }
        model.set(model.embeddingLayer(), "dense1");
        assertThat(((Vector) model.transform(TRAIN).first().getAs("code")).size())
                .isEqualTo(6);
        model.set(model.embeddingLayer(), "relu9");
        assertThatThrownBy(() -> model.transform(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("embeddingLayer must be one of dense1, relu1, dense2, relu2, dense3, but is relu9");
        assertThatThrownBy(() -> new MlpClassifier()
                        .setPreset("none")
                        .setHiddenLayers()
                        .setEmbeddingCol("code")
                        .setMaxIter(1)
                        .fit(TRAIN)
                        .transform(TRAIN))
                .hasMessage("an embedding needs a hidden layer, but the network has none");
        assertThatThrownBy(() -> small().setEmbeddingCol("label").fit(TRAIN).transform(TRAIN))
                .hasMessage("embeddingCol \"label\" must be a new column, but the data have it already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"float64", "float32"})
    void arraysServeAsFeatures(String type) {
        Dataset<Row> arrays = TRAIN.withColumn("array", functions.vector_to_array(col("features"), type))
                .drop("features");
        MlpClassificationModel expected = small().fit(TRAIN);
        MlpClassificationModel model = small().setFeaturesCol("array").fit(arrays);
        assertThat(model.parameters()).isEqualTo(expected.parameters());
        Dataset<Row> scored = model.transform(arrays);
        assertThat(scored.schema().apply("array")).isEqualTo(arrays.schema().apply("array"));
        assertThat(scored.select("prediction").collectAsList())
                .isEqualTo(expected.transform(TRAIN).select("prediction").collectAsList());
        assertThat(model.evaluate(arrays).accuracy())
                .isEqualTo(expected.evaluate(TRAIN).accuracy());
        MlpRegressionModel regression = new MlpRegressor()
                .setPreset("none")
                .setFeaturesCol("array")
                .setMaxIter(1)
                .fit(arrays);
        assertThat(regression.transform(arrays).columns()).contains("prediction", "array");
    }

    @Tag("one-line")
    @Test
    void specsAreObjectsToo() {
        MlpClassifier estimator = small().setOptimizer(new FirstOrder.Adam(0.8, 0.99, 1e-7))
                .setSchedule(new Schedule.Cosine())
                .setActivation(new Activation.Tanh())
                .setLoss(new Loss.SoftmaxCrossEntropy());
        MlpClassifier texts = small().setOptimizer("adam(beta1=0.8, beta2=0.99, epsilon=1e-7)")
                .setSchedule("cosine")
                .setActivation("tanh");
        assertThat(estimator.fit(TRAIN).parameters()).isEqualTo(texts.fit(TRAIN).parameters());
    }

    @Test
    void theSummaryIsATableAndAText() throws IOException {
        TrainingSummary summary =
                small().setValidationFraction(0.2).fit(TRAIN).summary().orElseThrow();
        List<Row> rows = summary.toDataset(LocalSpark.session()).collectAsList();
        assertThat(rows).hasSize(3);
        assertThat((Integer) rows.get(2).getAs("epoch")).isEqualTo(3);
        assertThat((Double) rows.get(2).getAs("validationLoss"))
                .isEqualTo(summary.history().get(2).validationLoss());
        JsonNode json = new ObjectMapper().readTree(summary.toJson());
        assertThat(json.path("stopReason").asText()).isEqualTo("epochs");
        assertThat(json.path("history").path(1).path("trainingLoss").asDouble())
                .isEqualTo(summary.history().get(1).trainingLoss());
        TrainingSummary unvalidated = small().fit(TRAIN).summary().orElseThrow();
        assertThat(unvalidated.toDataset(LocalSpark.session()).first().isNullAt(3))
                .isTrue();
        assertThat(new ObjectMapper()
                        .readTree(unvalidated.toJson())
                        .path("history")
                        .path(0)
                        .path("validationLoss")
                        .isNull())
                .isTrue();
    }

    @Test
    void aListenerIsToldOfEachEpochInCopiesToo() {
        List<Integer> epochs = new ArrayList<>();
        MlpClassifier estimator = small().setListener(new TrainListener() {
            @Override
            public void ended(Epoch epoch) {
                epochs.add(epoch.number());
            }
        });
        estimator.fit(TRAIN);
        estimator.fit(TRAIN, new ParamMap().put(estimator.maxIter(), 1));
        assertThat(epochs).containsExactly(1, 2, 3, 1);
    }

    @Test
    void jobsTellHowFarTheRunIs() {
        SparkContext context = LocalSpark.session().sparkContext();
        Queue<String> told = new ConcurrentLinkedQueue<>();
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                told.add(String.valueOf(job.properties().getProperty("spark.job.description")));
            }
        };
        context.addSparkListener(listener);
        context.setLocalProperty("spark.kindling.oneJvm", "false");
        context.setJobDescription("mine");
        try {
            small().fit(TRAIN);
            assertThat(context.getLocalProperty("spark.job.description")).isEqualTo("mine");
            context.listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        } finally {
            context.setJobDescription(null);
            context.removeSparkListener(listener);
        }
        assertThat(told)
                .contains("mine: epoch 1/3 step 1")
                .anyMatch(text -> text.matches("mine: epoch 3/3 step 5 loss [0-9.]+"));
    }

    @Test
    void aStreamIsScoredRowByRow() throws Exception {
        MlpClassificationModel model = small().fit(TRAIN);
        Path input = folder.resolve("input");
        TRAIN.select("id", "features").write().parquet(input.toString());
        StreamingQuery query = model.transform(LocalSpark.session()
                        .readStream()
                        .schema(TRAIN.select("id", "features").schema())
                        .parquet(input.toString()))
                .writeStream()
                .format("memory")
                .queryName("scored")
                .start();
        try {
            query.processAllAvailable();
            assertThat(LocalSpark.session()
                            .table("scored")
                            .orderBy("id")
                            .select("prediction")
                            .collectAsList())
                    .isEqualTo(model.transform(TRAIN)
                            .orderBy("id")
                            .select("prediction")
                            .collectAsList());
        } finally {
            query.stop();
        }
    }
}
