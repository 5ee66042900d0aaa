package dev.kindling.job;

import static org.apache.spark.sql.functions.col;

import dev.kindling.job.io.InputColumn;
import dev.kindling.job.io.TypedTable;
import dev.kindling.job.scores.PredictionColumns;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassificationModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
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
                            + " (CSV: without vectors), prediction, and probability_CLASS for each class, or probability of the"
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
        Dataset<Row> scored =
                network.transform(rows.preprocessor().apply(rows.table().rows()));
        Dataset<Row> result = scored.select(columns(rows));
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

    private Column[] columns(ScoringInput.Rows rows) {
        TypedTable table = rows.table();
        StructType schema = rows.data().columns();
        boolean isText = rows.data().isText();
        PredictionColumns.requireFree(table.names(), rows.model().classes());
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < table.names().size(); i++) {
            String name = table.names().get(i);
            Optional<InputColumn> input = table.inputs().all().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst();
            if (outputFormat == OutputFormat.PARQUET && isText && input.isPresent()) {
                columns.add(input.get().typed().as(name)); // as the format is
            } else if (outputFormat == OutputFormat.PARQUET
                    || fitsCsv(schema.apply(name).dataType())) {
                columns.add(col(TypedTable.given(i)).as(name));
            }
        }
        columns.addAll(PredictionColumns.of(rows.model()));
        return columns.toArray(new Column[0]);
    }

    private static boolean fitsCsv(DataType type) {
        return !(type.equals(SQLDataTypes.VectorType())
                || type instanceof ArrayType
                || type instanceof MapType
                || type instanceof StructType);
    }
}
