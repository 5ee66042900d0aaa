import dev.kindling.checkpoint.Epoch;
import dev.kindling.job.Main;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.table.TableVectorizer;
import dev.kindling.train.TrainListener;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a user does, once, on the Spark of the class path. {@code .ci/versions} runs it from its source, so that each version
 * compiles it too:
 *
 * <pre>{@code java [-Dspark.master=spark://HOST:PORT] -cp JOB_JAR:JARS_OF_SPARK Smoke.java FOLDER [FOLDERS_OF_OTHER_VERSIONS]}</pre>
 *
 * Ends with an exception at the first thing that is not as it must be.
 */
public final class Smoke {
    private static Path folder;
    private static SparkSession spark;

    public static void main(String[] arguments) throws Exception {
        folder = Path.of(arguments[0]);
        spark = SparkSession.builder()
                .master(System.getProperty("spark.master", "local[2]"))
                .appName("smoke")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.ui.port", "0")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .config("spark.kryo.registrationRequired", "true")
                .config("spark.kryo.registrator", "dev.kindling.ml.KryoClasses")
                .getOrCreate();
        Dataset<Row> plants = plants();
        fitAndCommands();
        pipeline(plants);
        if (spark.sparkContext().isLocal()) { // elsewhere it is hundreds of jobs more, of the same kind
            search(plants);
        }
        for (int i = 1; i < arguments.length; i++) {
            other(Path.of(arguments[i]), plants);
        }
        spark.stop();
    }

    private static void done(String suite) {
        System.out.println("passed " + suite);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** Two kinds of plants with a measure each, a text and a gap. */
    private static Dataset<Row> plants() throws Exception {
        List<String> lines = new ArrayList<>(List.of("height,leaf,label"));
        for (int i = 0; i < 200; i++) {
            lines.add((i % 7 == 0 ? "" : "" + (i % 2 * 3 + i % 5 * 0.3)) + "," + (i % 3 == 0 ? "oak" : "ash") + ","
                    + i % 2);
        }
        Path csv = folder.resolve("plants.csv");
        Files.createDirectories(folder);
        Files.write(csv, lines);
        return spark.read()
                .option("header", true)
                .option("inferSchema", true)
                .csv(csv.toString())
                .cache();
    }

    private static void fitAndCommands() throws Exception {
        String model = folder.resolve("digits").toString();
        String[] train = {
            "train",
            "--train",
            "bundled:digits",
            "--label",
            "digit",
            "--test-fraction",
            "0.2",
            "--epochs",
            "6",
            "--members",
            "1",
            "--seed",
            "1",
            "--model",
            model,
            "--overwrite"
        };
        require(Main.commandLine().execute(train) == 0, "train must succeed");
        String[] evaluate = {"evaluate", "--model", model, "--data", "bundled:digits"};
        require(Main.commandLine().execute(evaluate) == 0, "evaluate must succeed");
        done("commands");
    }

    private static MlpClassifier estimator() {
        return new MlpClassifier()
                .setMembers(1)
                .setHiddenLayers(8)
                .setMaxIter(40)
                .setStepSize(0.03)
                .setSeed(1)
                .setNumShards(2);
    }

    private static TableVectorizer vectorizer() {
        return new TableVectorizer().setLabelCol("label").setOutputCol("features");
    }

    private static void pipeline(Dataset<Row> plants) throws Exception {
        boolean[] published = {false};
        String[] page = {""};
        String[] json = {""};
        MlpClassifier estimator = estimator().setListener(new TrainListener() {
            @Override
            public void ended(Epoch epoch) {
                if (epoch.number() == 3) {
                    published[0] = SparkEnv.get()
                            .metricsSystem()
                            .getSourcesByName("kindling")
                            .nonEmpty();
                    page[0] = get("/training/");
                    json[0] = get("/training/json/");
                }
            }
        });
        PipelineModel model = new Pipeline()
                .setStages(new PipelineStage[] {vectorizer(), estimator})
                .fit(plants);
        double accuracy = accuracy(model.transform(plants));
        require(accuracy > 0.8, "the pipeline must learn, but its accuracy is " + accuracy);
        done("pipeline");
        require(published[0], "a fit must be in the metrics system");
        done("metrics");
        require(
                page[0].contains("/stages/") && page[0].contains("new Chart("),
                "the tab must have Spark's head and our charts");
        require(json[0].contains("\"trainingLoss\""), "the tab's data must have curves");
        done("tab");
        String saved = folder.resolve("pipeline").toString();
        model.write().overwrite().save(saved);
        require(
                accuracy(PipelineModel.load(saved).transform(plants)) == accuracy,
                "a loaded model must predict the same");
        Files.writeString(folder.resolve("accuracy"), Double.toString(accuracy));
        done("save and load");
    }

    private static String get(String path) {
        try (InputStream in =
                URI.create(spark.sparkContext().uiWebUrl().get() + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double accuracy(Dataset<Row> scored) {
        return evaluator().evaluate(scored);
    }

    private static MulticlassClassificationEvaluator evaluator() {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy");
    }

    private static void search(Dataset<Row> plants) {
        MlpClassifier estimator = estimator();
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(estimator.stepSize(), new double[] {0.01, 0.03})
                .build();
        CrossValidatorModel best = new CrossValidator()
                .setEstimator(estimator)
                .setEvaluator(evaluator())
                .setEstimatorParamMaps(grid)
                .setNumFolds(2)
                .setSeed(1)
                .fit(vectorizer().fit(plants).transform(plants));
        require(best.avgMetrics()[0] > 0.7, "cross-validation must find a model, but has " + best.avgMetrics()[0]);
        done("search");
    }

    private static void other(Path others, Dataset<Row> plants) throws Exception {
        double expected = Double.parseDouble(Files.readString(others.resolve("accuracy")));
        double accuracy = accuracy(
                PipelineModel.load(others.resolve("pipeline").toString()).transform(plants));
        require(accuracy == expected, others + " must predict as it did, " + expected + ", but reaches " + accuracy);
        done("load " + others.getFileName());
    }
}
