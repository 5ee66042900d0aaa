package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.Snippets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Console$;
import scala.Function0;
import scala.tools.nsc.Main$;

/** What a user types into spark-shell compiles without a cast, and runs. */
@Tag("end-to-end")
@InOneJvm
final class ScalaShellTest {
    private static final String SHELL =
            """
            import org.apache.spark.sql.{Dataset, Row, SparkSession}
            class Shell(val spark: SparkSession, df: Dataset[Row], folder: String) {
              import spark.implicits._
            %s
            }
            """;

    private static final String TYPED =
            """
            import dev.kindling.ml._
            import org.apache.spark.ml.{Pipeline, PipelineModel, PipelineStage}
            import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator
            import org.apache.spark.ml.feature.{StandardScaler, StringIndexer}
            import org.apache.spark.ml.linalg.Vector
            import org.apache.spark.ml.param.ParamMap
            import org.apache.spark.ml.tuning.{CrossValidator, ParamGridBuilder}

            val indexer = new StringIndexer().setInputCol("name").setOutputCol("index")
            val scaler = new StandardScaler().setInputCol("features").setOutputCol("scaled")
            val mlp = new MlpClassifier().setPreset("none")
              .setHiddenLayers(8, 4)
              .setFeaturesCol("scaled")
              .setActivation("tanh")
              .setLabelCol("index")
              .setOptimizer(new dev.kindling.optim.FirstOrder.Adam())
              .setStepSize(0.05)
              .setWeightCol("weight")
              .setBatchSize(30)
              .setMaxIter(2)
              .setSeed(1)
            val stages = Array[PipelineStage](indexer, scaler, mlp)
            val fitted = new Pipeline().setStages(Array(indexer, scaler, mlp)).fit(df)
            val again = new Pipeline().setStages(stages).fit(df)
            val inPipeline = fitted.stages.last.asInstanceOf[MlpClassificationModel]

            val ready = fitted.stages.init.foldLeft(df)((rows, stage) => stage.transform(rows))
            val model = mlp.fit(ready)
            val typed: MlpClassificationModel = model
            val predictions = model.transform(ready).select("prediction").as[Double].collect()
            val probability: Vector = model.predictProbability(ready.first().getAs[Vector]("scaled"))
            val accuracy: Double = model.evaluate(ready).accuracy
            val renamed = model.copy(ParamMap.empty).setPredictionCol("guess").transform(ready).columns
            val losses = model.summary.get.history.toArray.length
            val names: Array[String] = model.layers
            val same = inPipeline.parameters.sameElements(model.parameters)

            val grid = new ParamGridBuilder()
              .addGrid(mlp.stepSize, Array(1e-3, 1e-2))
              .addGrid(mlp.maxIter, Array(1))
              .addGrid(mlp.optimizer, Seq("adam", "lion"))
              .addGrid(mlp.hiddenLayers, Seq(Array(3)))
              .build()
            val more = mlp.fit(ready, mlp.maxIter -> 1, mlp.weightCol -> "")
            val mapped: Seq[MlpClassificationModel] = mlp.fit(ready, grid.take(2)).toSeq
            val best = new CrossValidator()
              .setEstimator(mlp)
              .setEstimatorParamMaps(grid.take(2))
              .setEvaluator(new MulticlassClassificationEvaluator().setLabelCol("index"))
              .setNumFolds(2)
              .fit(ready)
              .bestModel
              .asInstanceOf[MlpClassificationModel]

            mlp.write.overwrite().save(folder + "/mlp")
            val loaded: MlpClassifier = MlpClassifier.load(folder + "/mlp")
            model.save(folder + "/model")
            val read = MlpClassificationModel.load(folder + "/model")
            val kept = loaded.getOptimizer == mlp.getOptimizer && read.parameters.sameElements(model.parameters)

            val regressor = new MlpRegressor().setPreset("none").setMaxIter(1).setHiddenLayers(3).setPredictionCol("value")
            val regression: MlpRegressionModel = regressor.fit(df)
            val table = new MlpClassifier()
              .setFeaturesCols("name", "weight")
              .setVectorizer(new dev.kindling.table.TableVectorizer().setScale("robust"))
              .setMaxIter(1)
              .fit(df)
            val decided: Long = table.getVectorizerModel.describe().count()
            val value: Double = regression.predict(df.first().getAs[Vector]("features"))
            """;

    @TempDir
    private Path folder;

    /** The compiler's messages: empty where it has none. */
    private String compile(String typed) throws IOException {
        Path source = folder.resolve("Shell.scala");
        Files.writeString(source, SHELL.formatted(typed));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        String[] arguments = {"-nowarn", "-classpath", Snippets.CLASS_PATH, "-d", folder.toString(), source.toString()};
        Function0<Object> compilation = () -> Main$.MODULE$.process(arguments);
        Object compiled = Console$.MODULE$.withOut(messages, () -> Console$.MODULE$.withErr(messages, compilation));
        String text = messages.toString(StandardCharsets.UTF_8);
        assertThat((Boolean) compiled).as(text).isEqualTo(text.isEmpty());
        return text;
    }

    @Test
    void whatIsTypedCompilesAndRuns() throws IOException, ReflectiveOperationException {
        assertThat(compile(TYPED)).isEmpty();
        Object shell = shell(Flowers.clusters(90, 3, 1));
        assertThat((double[]) value(shell, "predictions")).hasSize(90);
        assertThat((Double) value(shell, "accuracy")).isBetween(0.2, 1.0);
        assertThat(value(shell, "same")).isEqualTo(true);
        assertThat(value(shell, "kept")).isEqualTo(true);
        assertThat(value(shell, "losses")).isEqualTo(2);
        assertThat((String[]) value(shell, "renamed")).endsWith("guess");
        assertThat((Object[]) value(shell, "grid")).hasSize(4);
        assertThat(((MlpClassificationModel) value(shell, "best")).getHiddenLayers())
                .containsExactly(3);
        assertThat((Double) value(shell, "value")).isFinite();
        assertThat(value(shell, "decided")).isEqualTo(2L);
    }

    /** What was compiled, made over a table. */
    @SuppressWarnings("resource") // its classes are of use as long as it is open
    private Object shell(Dataset<Row> rows) throws IOException, ReflectiveOperationException {
        URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
        return loader.loadClass("Shell")
                .getConstructor(SparkSession.class, Dataset.class, String.class)
                .newInstance(LocalSpark.session(), rows, folder.toString());
    }

    @Test
    void thePagesExamplesCompileAndRun() throws IOException, ReflectiveOperationException {
        List<String> examples = Snippets.ofMarkdown(Path.of("src/site/markdown/spark-ml.md"), "scala");
        assertThat(examples).hasSize(1);
        assertThat(compile(examples.get(0))).isEmpty();
        assertThat((Double) value(shell(Flowers.clusters(300, 3, 1)), "accuracy"))
                .isGreaterThan(0.8);
    }

    private static Object value(Object shell, String name) throws ReflectiveOperationException {
        return shell.getClass().getMethod(name).invoke(shell);
    }

    @Test
    void whatNeedsACastDoesNotCompile() throws IOException {
        assertThat(compile(
                        "val model: dev.kindling.ml.MlpRegressionModel = new dev.kindling.ml.MlpClassifier().fit(df)"))
                .contains("type mismatch")
                .contains("required: dev.kindling.ml.MlpRegressionModel");
    }
}
