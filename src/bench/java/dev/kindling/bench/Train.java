package dev.kindling.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.job.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The command {@code train} on tables of a folder, as a user types it, in this JVM. */
final class Train {
    private static final Path WORK = Path.of("target", "tables");
    private static final Path METRICS = WORK.resolve("metrics.json");
    private static final Path MODEL = WORK.resolve("model");
    private static final Path PREDICTIONS = WORK.resolve("predictions.csv");

    private final SparkSession spark;
    private final Path folder;
    private final int seeds;
    private final List<String> options;

    Train(Path folder, int seeds, List<String> options) throws IOException {
        this.folder = folder;
        this.seeds = seeds;
        this.options = options;
        spark = Session.local(2);
        Configurator.setLevel("dev.kindling", Level.ERROR);
        command(List.of("train", "@conf/digits.args", "--model", MODEL.toString(), "--overwrite")); // warm-up
    }

    /**
     * What the command reached.
     *
     * @param refusal the sentence of a command that failed
     */
    record Result(Figures figures, Optional<String> refusal) {
        @Override
        public String toString() {
            return refusal.orElse(figures.toString());
        }
    }

    /** Trains with each seed; the means. */
    Result run(String table, String label, String task) throws Exception {
        List<Figures> each = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            List<String> line = new ArrayList<>(List.of("train", "--label", label, "--task", task));
            line.addAll(List.of("--train", file(table, "train"), "--test", file(table, "test")));
            line.addAll(List.of("--seed", String.valueOf(seed), "--model", MODEL.toString()));
            line.addAll(List.of("--metrics", METRICS.toString(), "--overwrite"));
            line.addAll(options);
            long start = System.nanoTime();
            Optional<String> refusal = command(line);
            double seconds = (System.nanoTime() - start) / 1e9;
            if (refusal.isPresent()) {
                return new Result(Figures.NONE, refusal);
            }
            JsonNode test = new ObjectMapper().readTree(METRICS.toFile()).get("test");
            each.add(new Figures(
                    Tables.number(test, task.equals("regression") ? "r2" : "accuracy"),
                    Tables.number(test, "logLoss"),
                    test.path("classes").size() == 2
                            ? auc(table, label, test.get("classes").get(0).asText(), test.get("classes").get(1).asText())
                            : Double.NaN,
                    seconds));
        }
        return new Result(Figures.mean(each), Optional.empty());
    }

    private String file(String table, String part) {
        return folder.resolve(table + "_" + part + ".csv.gz").toString();
    }

    /** The area under the ROC curve of the second class, which the metrics file lacks. */
    private double auc(String table, String label, String first, String second) {
        List<String> line = new ArrayList<>(List.of("predict", "--model", MODEL.toString()));
        line.addAll(List.of("--data", file(table, "test"), "--output", PREDICTIONS.toString(), "--overwrite"));
        if (command(line).isPresent()) {
            return Double.NaN;
        }
        Dataset<Row> scored = spark.read()
                .option("header", true)
                .option("escape", "\"")
                .csv(PREDICTIONS.toString())
                .select(
                        when(col("`" + label + "`").equalTo(first), 0.0)
                                .when(col("`" + label + "`").equalTo(second), 1.0)
                                .as("actual"),
                        col("`probability_" + second + "`").cast("double").as("score"));
        if (!scored.filter(col("actual").isNull()).isEmpty()) {
            return Double.NaN; // the file spells a class otherwise than the model
        }
        return new BinaryClassificationEvaluator()
                .setLabelCol("actual")
                .setRawPredictionCol("score")
                .setNumBins(0)
                .evaluate(scored);
    }

    /** The sentence of a command that failed. */
    private static Optional<String> command(List<String> line) {
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
        return code == 0 ? Optional.empty() : Optional.of(err.toString().lines().findFirst().orElse("exit code " + code));
    }
}
