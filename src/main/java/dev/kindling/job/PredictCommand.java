package dev.kindling.job;

import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.RowSet;
import dev.kindling.job.scores.PredictionColumns;
import dev.kindling.job.scores.ScoredTable;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassificationModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores data with a saved model. */
@Command(
        name = "predict",
        description = {"Scores data with a saved model.", ""},
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PredictCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ScoringInput input = new ScoringInput();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description =
                    "One file, if it ends in .csv or .csv.gz, or else a folder for part-* files: the data's columns"
                            + " (CSV: without vectors, lists and bytes), prediction, and probability_CLASS for each class, or probability of the"
                            + " predicted one of more than 1,000, in the data's order")
    private String output;

    @Option(
            names = "--output-format",
            paramLabel = "FORMAT",
            defaultValue = "csv",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private OutputFormat outputFormat;

    @Mixin
    private Redaction redaction = new Redaction();

    @Option(names = "--overwrite", description = "Replace existing predictions at --output")
    private boolean overwrite;

    /** How predictions are written. */
    enum OutputFormat {
        CSV,
        PARQUET;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws IOException {
        SparkSession spark = Main.spark(spec);
        redaction.applyTo(spark);
        Storage target = Storage.of(spark, output);
        boolean isFile = isFile(target);
        if (isFile) {
            target.requireFile("--output", overwrite, OwnFile.PREDICTIONS);
        } else {
            target.requireFree("--output", overwrite, PredictCommand::isOutput, "the output of kindling predict");
        }
        input.reads(spark, new PathCheck()).replaces("--output", target).requireApart();
        PrintWriter out = spec.commandLine().getOut();
        ScoringInput.Rows rows = input.unlabelled(spark, out);
        Transformer network = rows.model().network();
        if (network instanceof MlpClassificationModel classifier) {
            classifier.setRawPredictionCol(""); // of many classes it takes as long as the probabilities
        }
        RowSet all = RowSet.of(rows.data(), rows.inputs());
        Dataset<Row> result = result(rows, network.transform(rows.preprocessor().apply(all)));
        if (isFile) {
            writeFile(spark, result, target);
        } else {
            target.replace(folder -> {
                if (outputFormat == OutputFormat.CSV) {
                    csv(result).csv(folder.uri());
                } else {
                    result.write().parquet(folder.uri());
                }
            });
        }
        List<String> classes = rows.model().classes();
        if (!PredictionColumns.ofEach(classes)) {
            out.println(String.format(
                    Locale.ROOT,
                    "of %,d classes, only the predicted one's probability is written, as column \"%s\"",
                    classes.size(),
                    PredictionColumns.PROBABILITY));
        }
        out.println(String.format(
                Locale.ROOT, "%,d rows scored; see %s%s", rows.found().rows(), target, isFile ? "" : "/part-*"));
        return Main.DONE;
    }

    /** Whether the output is one file. A folder of that name stays one, as earlier releases wrote it. */
    private boolean isFile(Storage target) throws IOException {
        if (!output.matches(".*\\.(csv|CSV)(\\.gz)?") || target.isFolder()) {
            return false;
        }
        Require.that(
                outputFormat == OutputFormat.CSV,
                "--output must name a folder for --output-format " + outputFormat + ", but " + target
                        + " is named like a CSV file; leave out its ending or --output-format");
        return true;
    }

    /** The header is a part of its own, because each of Spark's parts would repeat it. */
    private static void writeFile(SparkSession spark, Dataset<Row> result, Storage target) throws IOException {
        Dataset<Row> noRows = spark.createDataFrame(List.of(), result.schema());
        String compression = target.name().endsWith(".gz") ? "gzip" : "none";
        DataFrameWriter<Row> header = csv(noRows).option("compression", compression);
        DataFrameWriter<Row> body =
                csv(result).option("compression", compression).option("header", false);
        target.replaceByParts(folder -> header.csv(folder.uri()), folder -> body.csv(folder.uri()));
    }

    private static DataFrameWriter<Row> csv(Dataset<Row> rows) {
        return rows.write().option("header", true).option("escape", "\"");
    }

    private static boolean isOutput(List<String> names) {
        return names.stream().allMatch(name -> name.matches("\\.?(part-[^/]*|_SUCCESS(\\.crc)?)"));
    }

    private Dataset<Row> result(ScoringInput.Rows rows, Dataset<Row> scored) {
        DataSource.Data data = rows.data();
        StructType schema = data.columns();
        List<String> names = Arrays.asList(schema.fieldNames());
        PredictionColumns.requireFree(names, rows.model().classes());
        List<String> kept = names.stream()
                .filter(name -> outputFormat == OutputFormat.PARQUET
                        || fitsCsv(schema.apply(name).dataType()))
                .toList();
        Column[] added = PredictionColumns.of(rows.model()).toArray(new Column[0]);
        Dataset<Row> result = ScoredTable.of(data, kept, scored.select(added));
        return outputFormat == OutputFormat.PARQUET && data.isText()
                ? ScoredTable.typed(data, rows.inputs(), result)
                : result;
    }

    private static boolean fitsCsv(DataType type) {
        return !(type.equals(SQLDataTypes.VectorType())
                || type instanceof BinaryType
                || type instanceof ArrayType
                || type instanceof MapType
                || type instanceof StructType);
    }
}
