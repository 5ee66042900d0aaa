package dev.kindling.job;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.export.OnnxModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.Binarizer;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kindling export}: ONNX Runtime predicts of raw rows what {@code kindling predict} does. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class ExportCommandTest {
    private static final StructType SCHEMA = new StructType()
            .add("amount", DataTypes.DoubleType)
            .add("second", DataTypes.LongType)
            .add("town", DataTypes.StringType)
            .add("member", DataTypes.BooleanType)
            .add("seen", DataTypes.TimestampType)
            .add("height", DataTypes.StringType)
            .add("opens", DataTypes.StringType)
            .add("kind", DataTypes.StringType)
            .add("price", DataTypes.DoubleType);

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aTable() {
        LocalSpark.session();
    }

    /**
     * Gaps in every column; numbers far from 0; outliers; many zeros; 0 for an unknown second; times from 1905 to 2099, and leap days;
     * numbers with a unit and bounds; times of day.
     */
    static Path table(Path folder) {
        List<Row> rows = new ArrayList<>();
        String[] towns = {"Bern", "Zürich", "Genf, \"Genève\"", "Basel"};
        for (int i = 0; i < 300; i++) {
            long day = i % 50 == 0 ? 11_016 + 1461L * (i / 50) : -23_700 + 237L * i; // 2000-02-29 and so on
            rows.add(org.apache.spark.sql.RowFactory.create(
                    i % 11 == 0 ? null : i % 5 == 2 ? 0.0 : i % 37 == 0 ? 900.5 * i : Math.sin(i) * 3,
                    i % 23 == 7 ? 0L : 1_700_000_000L + 61L * (i % 91),
                    i % 13 == 0 ? null : towns[i % 4],
                    i % 17 == 0 ? null : i % 3 == 0,
                    i % 19 == 0 ? null : new java.sql.Timestamp(1000 * (86_400 * day + 3607L * (i % 24))),
                    i % 29 == 0 ? null : i % 31 == 0 ? "<150 cm" : 150 + i % 41 + (i % 2 == 0 ? ".5 cm" : "cm"),
                    i % 27 == 0 ? null : i % 24 + ":" + (10 + i % 50),
                    i % 3 == 0 ? "b" : i % 5 == 0 ? "a" : "c",
                    1e6 + i));
        }
        Path path = folder.resolve("rows");
        LocalSpark.session().createDataFrame(rows, SCHEMA).coalesce(1).write().parquet(path.toString());
        return path;
    }

    @Test
    void aTableIsScoredFromItsRawColumns() throws Exception {
        Path rows = table(folder);
        Path model = train(rows, "--label", "kind", "--exclude", "price", "--members", "2");
        Path onnx = folder.resolve("m.onnx");
        assertThat(run("export", "--model", model.toString(), "--output", onnx.toString()))
                .as("%s", err)
                .isZero();
        List<Row> scored = predict(model, rows);
        try (OnnxModel runtime = new OnnxModel(Files.readAllBytes(onnx))) {
            assertThat(runtime.session.getInputNames())
                    .containsOnly("amount", "second", "town", "member", "seen", "height", "opens");
            assertThat((String[]) runtime.run(inputs(scored), "label"))
                    .containsExactly(scored.stream()
                            .map(row -> row.<String>getAs("prediction"))
                            .toArray(String[]::new));
            float[][] probabilities = (float[][]) runtime.run(inputs(scored), "probabilities");
            for (int i = 0; i < scored.size(); i++) {
                assertThat((double) probabilities[i][0])
                        .isEqualTo(scored.get(i).<Double>getAs("probability_a"), within(1e-5));
                assertThat((double) probabilities[i][2])
                        .isEqualTo(scored.get(i).<Double>getAs("probability_c"), within(1e-5));
            }
            assertThat(runtime.session.getMetadata().getCustomMetadata())
                    .containsEntry("kindling.classes", "[\"a\",\"b\",\"c\"]")
                    .containsEntry("kindling.epochs", "4")
                    .containsEntry("kindling.stopReason", "epochs");
        }
    }

    @Test
    void aModelOfTritonsRepositoryHasTheFileAndItsConfiguration() throws Exception {
        Path rows = table(folder);
        Path model = train(rows, "--label", "kind", "--exclude", "price", "--members", "1");
        Path target = folder.resolve("repository/tow \"n\"");
        String[] command = {"export", "--model", model.toString(), "--output", target.toString(), "--triton"};
        assertThat(run(command)).as("%s", err).isZero();
        String text = Files.readString(target.resolve("config.pbtxt"));
        assertThat(text)
                .startsWith("name: \"tow \\\"n\\\"\"\nbackend: \"onnxruntime\"\nmax_batch_size: 0\n")
                .contains("input {\n  name: \"town\"\n  data_type: TYPE_STRING\n  dims: [ -1, 1 ]\n}\n")
                .contains("output {\n  name: \"label\"\n  data_type: TYPE_STRING\n  dims: [ -1 ]\n}\n")
                .contains("output {\n  name: \"probabilities\"\n  data_type: TYPE_FP32\n  dims: [ -1, 3 ]\n}\n");
        try (OnnxModel runtime = new OnnxModel(Files.readAllBytes(target.resolve("1/model.onnx")))) {
            runtime.session.getInputInfo().forEach((name, input) -> {
                TensorInfo info = (TensorInfo) input.getInfo();
                String type = info.type == OnnxJavaType.STRING ? "TYPE_STRING" : "TYPE_FP64";
                assertThat(text)
                        .contains("name: \"" + name + "\"\n  data_type: " + type + "\n  dims: "
                                + Arrays.toString(info.getShape())
                                        .replace("[", "[ ")
                                        .replace("]", " ]"));
            });
        }
        err.getBuffer().setLength(0);
        assertThat(run(command)).isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains("exists; --overwrite replaces it");
        Files.writeString(target.resolve("notes.txt"), "mine");
        List<String> overwrite = new ArrayList<>(List.of(command));
        overwrite.add("--overwrite");
        assertThat(run(overwrite.toArray(new String[0]))).isEqualTo(Main.BAD_INPUT);
        assertThat(target.resolve("notes.txt")).exists();
    }

    @Test
    void quantilesAndRangesAreScaledTheSame() throws Exception {
        Path rows = table(folder);
        for (String scale : List.of("quantile", "robust")) {
            Path model = train(rows, "--label", "price", "--exclude", "kind", "--scale", scale, "--members", "1");
            Path onnx = folder.resolve(scale + ".onnx");
            assertThat(run("export", "--model", model.toString(), "--output", onnx.toString()))
                    .as("%s", err)
                    .isZero();
            List<Row> scored = predict(model, rows);
            try (OnnxModel runtime = new OnnxModel(Files.readAllBytes(onnx))) {
                Object values = runtime.run(inputs(scored), "variable");
                for (int i = 0; i < scored.size(); i++) {
                    double own = scored.get(i).<Double>getAs("prediction");
                    double other = values instanceof double[][] wide ? wide[i][0] : ((float[][]) values)[i][0];
                    assertThat(other).as("row %d of %s", i, scale).isEqualTo(own, within(1e-5 * Math.abs(own)));
                }
            }
        }
    }

    /** Rows that were not trained on, some of them with a town that was not. */
    @Test
    void anUnseenCategoryIsScoredWithoutItOrRefused() throws Exception {
        Path rows = table(folder);
        Dataset<Row> all = LocalSpark.session().read().parquet(rows.toString()).coalesce(1);
        Path known = folder.resolve("known");
        Path others = folder.resolve("others");
        all.where("price < 1000200").write().parquet(known.toString());
        all.where("price >= 1000200")
                .withColumn("town", expr("if(price % 7 = 0, 'Chur', town)"))
                .write()
                .parquet(others.toString());
        List<Row> scored = List.of(); // by the first model: the second is the same network, whose predict stops at Chur
        for (String unseen : List.of("zeros", "error")) {
            boolean refuses = unseen.equals("error");
            Path model = train(
                    known,
                    "--label",
                    "kind",
                    "--exclude",
                    "price",
                    "--members",
                    "1",
                    "--seed",
                    "3",
                    "--unseen",
                    unseen);
            Path onnx = folder.resolve(unseen + ".onnx");
            assertThat(run("export", "--model", model.toString(), "--output", onnx.toString()))
                    .as("%s", err)
                    .isZero();
            scored = refuses ? scored : predict(model, others);
            try (OnnxModel runtime = new OnnxModel(Files.readAllBytes(onnx))) {
                String[] labels = (String[]) runtime.run(inputs(scored), "label");
                float[][] probabilities = (float[][]) runtime.run(inputs(scored), "probabilities");
                for (int i = 0; i < scored.size(); i++) {
                    Row row = scored.get(i);
                    boolean refused = refuses && "Chur".equals(row.getAs("town"));
                    assertThat(labels[i]).as("row %d", i).isEqualTo(refused ? "" : row.<String>getAs("prediction"));
                    if (refused) {
                        assertThat(probabilities[i]).containsOnly(Float.NaN);
                    } else {
                        assertThat((double) probabilities[i][0])
                                .isEqualTo(row.<Double>getAs("probability_a"), within(1e-5));
                    }
                }
            }
        }
        assertThat(scored).filteredOn(row -> "Chur".equals(row.getAs("town"))).hasSizeGreaterThan(10);
    }

    @Test
    void mistakesAreToldInASentence() throws Exception {
        Path rows = table(folder);
        Path model = train(rows, "--label", "kind", "--exclude", "price", "--members", "1");
        Path onnx = folder.resolve("m.onnx");
        Files.writeString(onnx, "a letter");
        refused(
                model,
                onnx,
                "is something other than a model that Kindling exported to ONNX, so it is never overwritten");
        Files.delete(onnx);
        assertThat(run("export", "--model", model.toString(), "--output", onnx.toString(), "--form", "network"))
                .as("%s", err)
                .isZero();
        refused(model, onnx, "exists; --overwrite replaces it");
        assertThat(run("export", "--model", model.toString(), "--output", onnx.toString(), "--overwrite"))
                .as("%s", err)
                .isZero();
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsOnly("rows", "model", "m.onnx");
        }
    }

    /** A pipeline that a program saved, of Spark's own stages; those that cannot be written are refused before they are loaded. */
    @Tag("smoke")
    @Test
    void aSavedPipelineIsWrittenAsItsProgramWouldWriteIt() throws Exception {
        Dataset<Row> rows = LocalSpark.session()
                .read()
                .parquet(table(folder).toString())
                .na()
                .drop();
        List<PipelineStage> stages = new ArrayList<>(List.of(
                new StringIndexer().setInputCol("kind").setOutputCol("label"),
                new StringIndexer().setInputCol("town").setOutputCol("index"),
                new VectorAssembler()
                        .setInputCols(new String[] {"amount", "index"})
                        .setOutputCol("features"),
                new MlpClassifier().setHiddenLayers(4).setMaxIter(1)));
        Path saved = folder.resolve("pipeline");
        PipelineModel model =
                new Pipeline().setStages(stages.toArray(new PipelineStage[0])).fit(rows);
        model.write().save(saved.toString());
        Path onnx = folder.resolve("p.onnx");
        refused(saved, onnx, "does not tell the types of its raw columns; --columns must");
        refused(saved, onnx, "must be written as SQL does", "--columns", "amount?");
        refused(saved, onnx, "that of \"town\" is not", "--columns", "amount DOUBLE");
        refused(saved, onnx, "but --form is network", "--columns", "amount DOUBLE", "--form", "network");
        assertThat(run(
                        "export",
                        "--model",
                        saved.toString(),
                        "--output",
                        onnx.toString(),
                        "--columns",
                        "amount DOUBLE, town STRING"))
                .as("%s", err)
                .isZero();
        Path own = folder.resolve("own.onnx");
        MlpModel.exportOnnx(model, rows.schema(), own.toString());
        assertThat(onnx).hasSameBinaryContentAs(own);

        stages.add(1, new Binarizer().setInputCol("price").setOutputCol("dear"));
        Path other = folder.resolve("other");
        new Pipeline()
                .setStages(stages.toArray(new PipelineStage[0]))
                .fit(rows)
                .write()
                .save(other.toString());
        refused(
                other,
                folder.resolve("q.onnx"),
                "stage 2 of the pipeline, Binarizer, cannot be written",
                "--columns",
                "a INT");
    }

    private void refused(Path model, Path onnx, String sentence, String... options) {
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("export", "--model", model.toString(), "--output", onnx.toString()));
        all.addAll(List.of(options));
        assertThat(run(all.toArray(new String[0]))).isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains(sentence);
        assertThat(err.toString().lines()).hasSize(1);
    }

    private Path train(Path rows, String... options) {
        Path model = folder.resolve("model");
        List<String> all = new ArrayList<>(List.of("train", "--train", rows.toString(), "--format", "parquet"));
        all.addAll(List.of("--model", model.toString(), "--hidden", "16", "--epochs", "4", "--overwrite"));
        all.addAll(List.of(options));
        assertThat(run(all.toArray(new String[0]))).as("%s", err).isZero();
        return model;
    }

    private List<Row> predict(Path model, Path rows) {
        Path scored = folder.resolve("scored");
        assertThat(run(
                        "predict",
                        "--model",
                        model.toString(),
                        "--data",
                        rows.toString(),
                        "--format",
                        "parquet",
                        "--output",
                        scored.toString(),
                        "--output-format",
                        "parquet",
                        "--overwrite"))
                .as("%s", err)
                .isZero();
        Dataset<Row> read = LocalSpark.session().read().parquet(scored.toString());
        return read.coalesce(1).collectAsList();
    }

    private static Map<String, OnnxTensor> inputs(List<Row> rows) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        for (String column : List.of("amount", "second", "member", "seen", "height", "opens")) {
            double[][] values = new double[rows.size()][1];
            for (int i = 0; i < values.length; i++) {
                values[i][0] = number(rows.get(i).getAs(column));
            }
            inputs.put(column, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values));
        }
        String[] towns = rows.stream()
                .map(row -> row.<String>getAs("town"))
                .map(town -> town == null ? "" : town)
                .toArray(String[]::new);
        inputs.put(
                "town", OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), towns, new long[] {towns.length, 1}));
        return inputs;
    }

    private static double number(Object value) {
        if (value instanceof java.sql.Timestamp time) {
            return dev.kindling.table.value.Values.seconds(time.toLocalDateTime());
        }
        if (value instanceof String text) {
            return text.contains(":")
                    ? LocalTime.parse(text, DateTimeFormatter.ofPattern("H:mm")).toSecondOfDay()
                    : Double.parseDouble(text.replaceAll("[< cm]", ""));
        }
        return value == null
                ? Double.NaN
                : value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).doubleValue();
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(new StringWriter(), true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
