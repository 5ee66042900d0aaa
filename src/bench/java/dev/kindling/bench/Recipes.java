package dev.kindling.bench;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.ml.ClassificationEvaluation;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.table.TableVectorizer;
import dev.kindling.table.TableVectorizerModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What each part of the defaults gains: every table of a folder is learned with the defaults, then with one of them changed. A
 * line is a table: accuracy or R² of the test rows, and log loss, each the mean of so many seeds. Arguments: [FOLDER [SEEDS]];
 * the folder is as for {@link Tables}. The next engineer adds a recipe here to try it.
 */
public final class Recipes {
    private static final String LABEL = "recipes_label";
    private static final Map<String, UnaryOperator<MlpEstimatorParams<?>>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("default", mlp -> mlp);
        ALL.put("all rows trained on", mlp -> mlp.setValidationFraction(0));
        ALL.put("no dropout", mlp -> mlp.setDropout(0));
        ALL.put("dropout 0.3", mlp -> mlp.setDropout(0.3));
        ALL.put("numbers not embedded", mlp -> mlp.setNumberEmbedding("none"));
        ALL.put("constant rate", mlp -> mlp.setSchedule("constant"));
        ALL.put("half the rate", mlp -> mlp.setStepSize(mlp.getStepSize() / 2));
        ALL.put("twice the rate", mlp -> mlp.setStepSize(mlp.getStepSize() * 2));
        ALL.put("20 epochs of 256", mlp -> mlp.setMaxIter(20).setBatchSize(256));
        ALL.put("initializer auto", mlp -> mlp.setInitializer("auto"));
        ALL.put("one layer of 100", mlp -> mlp.setHiddenLayers(100));
        ALL.put("weight decay", mlp -> mlp.setOptimizer("adamw(weightDecay=0.05)"));
        ALL.put("preset realmlp", mlp -> mlp.setPreset("realmlp"));
        ALL.put("preset fast", mlp -> mlp.setPreset("fast"));
        ALL.put("preset none", mlp -> mlp.setPreset("none"));
    }

    private Recipes() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments.length > 0 ? arguments[0] : Tables.BUNDLED);
        int seeds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        SparkSession spark = Session.local(2);
        Configurator.setLevel("dev.kindling", Level.ERROR);
        Map<String, List<String>> tables = new ObjectMapper()
                .readValue(folder.resolve("tables.json").toFile(), new TypeReference<LinkedHashMap<String, List<String>>>() {});
        List<String> heads = new ArrayList<>(List.of("table"));
        heads.addAll(ALL.keySet());
        Table printed = new Table(heads.toArray(String[]::new));
        for (Map.Entry<String, List<String>> table : tables.entrySet()) {
            boolean classifies = table.getValue().get(1).equals("classification");
            List<Object> cells = new ArrayList<>(List.of(table.getKey()));
            Rows rows = Rows.of(spark, folder, table.getKey(), table.getValue().get(0), classifies);
            for (Map.Entry<String, UnaryOperator<MlpEstimatorParams<?>>> recipe : ALL.entrySet()) {
                cells.add(rows.learn(recipe.getValue(), classifies, seeds));
                System.err.println(table.getKey() + ", " + recipe.getKey() + ": " + cells.get(cells.size() - 1));
            }
            rows.training.unpersist();
            rows.testing.unpersist();
            printed.add(cells.toArray());
        }
        printed.print();
    }

    /** A table's rows as vectors, cached. */
    private record Rows(Dataset<Row> training, Dataset<Row> testing) {

        static Rows of(SparkSession spark, Path folder, String table, String label, boolean classifies) {
            Dataset<Row> training = read(spark, folder.resolve(table + "_train.csv.gz"), label);
            Dataset<Row> testing = read(spark, folder.resolve(table + "_test.csv.gz"), label);
            if (classifies) {
                StringIndexerModel indexer =
                        new StringIndexer().setInputCol(label).setOutputCol(LABEL).fit(training);
                training = indexer.transform(training);
                testing = indexer.transform(testing);
            } else {
                training = training.withColumn(LABEL, col("`" + label + "`").cast("double"));
                testing = testing.withColumn(LABEL, col("`" + label + "`").cast("double"));
            }
            TableVectorizerModel vectorizer =
                    new TableVectorizer().setLabelCol(LABEL).setDropCols(label).fit(training);
            return new Rows(
                    vectorizer.transform(training).coalesce(1).cache(),
                    vectorizer.transform(testing).coalesce(1).cache());
        }

        private static Dataset<Row> read(SparkSession spark, Path file, String label) {
            if (!Files.exists(file)) {
                throw new IllegalArgumentException("no " + file);
            }
            return spark.read()
                    .option("header", true)
                    .option("escape", "\"")
                    .csv(file.toString())
                    .filter(col("`" + label + "`").isNotNull());
        }

        String learn(UnaryOperator<MlpEstimatorParams<?>> recipe, boolean classifies, int seeds) {
            double score = 0;
            double logLoss = 0;
            for (int seed = 1; seed <= seeds; seed++) {
                if (classifies) {
                    MlpClassifier mlp = new MlpClassifier().setLabelCol(LABEL).setStandardize(false).setSeed(seed).setNumShards(2);
                    recipe.apply(mlp);
                    ClassificationEvaluation tested = mlp.fit(training).evaluate(testing);
                    score += tested.accuracy() / seeds;
                    logLoss += tested.logLoss() / seeds;
                } else {
                    MlpRegressor mlp = new MlpRegressor().setLabelCol(LABEL).setStandardize(false).setSeed(seed).setNumShards(2);
                    recipe.apply(mlp);
                    score += mlp.fit(training).evaluate(testing).r2() / seeds;
                }
            }
            return String.format(Locale.ROOT, classifies ? "%.4f %.3f" : "%.4f", score, logLoss);
        }
    }
}
