package dev.kindling.ml.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.export.OnnxModel;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpModel;
import dev.kindling.table.TableVectorizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.Bucketizer;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What ONNX Runtime makes of raw rows, against {@code transform} of the pipeline. {@code -Dexport.folder=DIR} keeps the graphs.
 */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PipelineOnnxTest {
    private static final double MOST = 1e-5;
    private static final String WITHOUT_BLANKS = "town = trim(town)"; // which callers of a table's graph take away
    private static final String UNKNOWN = "no such text"; // in the place of a missing text

    private final Set<String> tried = new TreeSet<>(); // classes of stages
    private final List<Double> differences = new ArrayList<>();
    private int scored;
    private int refused;

    private Dataset<Row> training;
    private List<Row> others;

    @TempDir
    Path folder;

    @BeforeAll
    void rows() {
        training = RandomPipeline.training().cache();
        others = RandomPipeline.others().collectAsList();
    }

    @AfterAll
    void allWasTried() {
        training.unpersist();
        if (tried.isEmpty()) {
            return; // the other tests alone
        }
        assertThat(tried)
                .contains(
                        "StringIndexerModel",
                        "OneHotEncoderModel",
                        "ImputerModel",
                        "VectorSizeHint",
                        "VectorAssembler",
                        "StandardScalerModel",
                        "MinMaxScalerModel",
                        "PCAModel",
                        "IndexToString");
        assertThat(scored).isGreaterThan(50);
        assertThat(refused).isGreaterThan(50);
        System.out.printf(
                "pipelines: %d rows scored, %d refused, largest difference %.1e%n",
                scored,
                refused,
                differences.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
    }

    static IntStream seeds() {
        return IntStream.range(0, 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRandomPipelinePredictsTheSameOfRawRows(int seed) throws Exception {
        RandomPipeline made = new RandomPipeline(seed, training);
        for (Transformer stage : made.model.stages()) {
            tried.add(stage.getClass().getSimpleName());
        }
        Path file = folder.resolve(seed + ".onnx");
        MlpModel.exportOnnx(made.model, training.schema(), file.toString());
        keep(file, seed);
        List<Row> rows = others.stream().filter(made::isTold).toList();
        List<@Nullable Row> expected = transform(made.model, rows);
        try (OnnxModel runtime = new OnnxModel(Files.readAllBytes(file))) {
            if (made.isClassifier) {
                requireSameClasses(made, rows, expected, runtime);
            } else {
                Object values = runtime.run(inputs(runtime, rows), "variable");
                for (int i = 0; i < expected.size(); i++) {
                    Row row = expected.get(i);
                    double other = values instanceof double[][] wide ? wide[i][0] : ((float[][]) values)[i][0];
                    double own = row == null ? Double.NaN : row.<Double>getAs("prediction");
                    compare(own, other, "row " + i);
                }
            }
        }
    }

    private void requireSameClasses(
            RandomPipeline made, List<Row> rows, List<@Nullable Row> expected, OnnxModel runtime) throws OrtException {
        String[] labels = (String[]) runtime.run(inputs(runtime, rows), "label");
        float[][] probabilities = (float[][]) runtime.run(inputs(runtime, rows), "probabilities");
        List<String> classes = new Stages(made.model).classes();
        for (int i = 0; i < expected.size(); i++) {
            Row row = expected.get(i);
            String label = row == null
                    ? ""
                    : made.namesClasses
                            ? row.<String>getAs("name")
                            : classes.get((int) (double) row.<Double>getAs("prediction"));
            assertThat(labels[i]).as("row %d", i).isEqualTo(label);
            for (int k = 0; k < classes.size(); k++) {
                double own = row == null
                        ? Double.NaN
                        : row.<Vector>getAs("probability").apply(k);
                compare(own, probabilities[i][k], "row " + i + ", class " + k);
            }
        }
    }

    private void compare(double own, double other, String what) {
        if (Double.isNaN(own)) {
            refused++;
            assertThat(other).as(what).isNaN();
            return;
        }
        scored++;
        double scale = Math.max(1, Math.abs(own));
        assertThat(other).as(what).isEqualTo(own, within(MOST * scale));
        differences.add(Math.abs(other - own) / scale);
    }

    private static void keep(Path file, int seed) throws Exception {
        String to = System.getProperty("export.folder");
        if (to != null) {
            Files.createDirectories(Path.of(to));
            Files.copy(file, Path.of(to, "pipeline-" + seed + ".onnx"));
        }
    }

    /**
     * A prediction for each row; null for one that the pipeline refuses or skips. Each row has a partition of its own, so that
     * what a stage throws ends that row alone.
     */
    private static List<@Nullable Row> transform(PipelineModel model, List<Row> rows) {
        SparkSession session = LocalSpark.session();
        JavaRDD<Row> apart = new JavaSparkContext(session.sparkContext()).parallelize(rows, rows.size());
        Dataset<Row> all =
                model.transform(session.createDataFrame(apart, rows.get(0).schema()));
        JavaRDD<Row> scored = all.toJavaRDD().mapPartitionsWithIndex(PipelineOnnxTest::scored, true);
        StructType placed = new StructType().add("place", "int").add("row", all.schema());
        @Nullable Row[] predictions = new Row[rows.size()];
        for (Row row : session.createDataFrame(scored, placed).collectAsList()) {
            predictions[row.getInt(0)] = row.getStruct(1);
        }
        return Arrays.asList(predictions);
    }

    private static Iterator<Row> scored(int place, Iterator<Row> one) {
        try {
            Row row = one.hasNext() ? one.next() : null;
            boolean isScored = row != null
                    && !row.isNullAt(row.fieldIndex("prediction"))
                    && !Double.isNaN(row.<Double>getAs("prediction"));
            return isScored ? List.of(RowFactory.create(place, row)).iterator() : Collections.emptyIterator();
        } catch (Exception e) { // of Spark's or of a stage's
            return Collections.emptyIterator();
        }
    }

    private PipelineModel fit(PipelineStage... stages) {
        return new Pipeline().setStages(stages).fit(training);
    }

    private static MlpClassifier mlp() {
        return new MlpClassifier().setHiddenLayers(4).setMembers(1).setMaxIter(1);
    }

    private static VectorAssembler assembler(String... columns) {
        return new VectorAssembler().setInputCols(columns).setOutputCol("features");
    }

    private static StringIndexer indexer(String column, String output) {
        return new StringIndexer().setInputCol(column).setOutputCol(output);
    }

    private void refused(PipelineModel model, StructType types, String sentence) {
        Path file = folder.resolve("refused.onnx");
        assertThatThrownBy(() -> MlpModel.exportOnnx(model, types, file.toString()))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(sentence);
        assertThat(file).doesNotExist();
    }

    @Test
    void aStageThatCannotBeWrittenIsRefusedByItsName() {
        Bucketizer buckets = new Bucketizer()
                .setInputCol("seconds")
                .setOutputCol("bucket")
                .setSplits(new double[] {0, 1.7e9, Double.POSITIVE_INFINITY});
        PipelineModel model = fit(indexer("kind", "label"), buckets, assembler("bucket", "fixed"), mlp());
        refused(model, training.schema(), "stage 2 of the pipeline, Bucketizer, cannot be written in ONNX");
        refused(
                fit(indexer("kind", "label"), assembler("seconds", "fixed"), mlp(), buckets),
                training.schema(),
                "stage 4 of the pipeline, Bucketizer, cannot be written in ONNX; behind the network");
        refused(fit(indexer("kind", "label")), training.schema(), "must have one model of Kindling's");
    }

    @Test
    void theTypesOfColumnsMustBeToldAndFit() {
        PipelineModel model = fit(indexer("kind", "label"), assembler("seconds", "fixed"), mlp());
        refused(model, new StructType().add("second", "long").add("fixed", "double"), "did you mean \"second\"?");
        refused(model, new StructType().add("seconds", "string").add("fixed", "double"), "but it has string");
        PipelineModel both = fit(indexer("kind", "label"), indexer("code", "index"), assembler("index", "code"), mlp());
        refused(both, training.schema(), "one stage reads column \"code\" as text and another as numbers");
        PipelineModel sizeless = fit(indexer("kind", "label"), assembler("vector", "fixed"), mlp());
        refused(sizeless, training.schema(), "the metadata of column \"vector\" do not tell it");
    }

    /** The label's own texts, among them the one for invalid labels; and a table vectorizer in front. */
    @Tag("smoke")
    @Test
    void labelsAreTheIndexersTextsAndATableIsReadFromItsColumns() throws Exception {
        TableVectorizer table = new TableVectorizer()
                .setInputCols(new String[] {"amount", "town", "flag"})
                .setOutputCol("features")
                .setLabelCol("label");
        PipelineModel model = fit(indexer("kind", "label").setStringOrderType("alphabetDesc"), table, mlp());
        assertThat(new Stages(model).classes()).containsExactly("c", "b", "a");
        Path file = folder.resolve("table.onnx");
        MlpModel.exportOnnx(model, training.schema(), file.toString());
        List<Row> rows = training.where(WITHOUT_BLANKS).collectAsList();
        List<@Nullable Row> expected = transform(model, rows);
        try (OnnxModel runtime = new OnnxModel(Files.readAllBytes(file))) {
            assertThat(runtime.session.getInputNames()).containsOnly("amount", "town", "flag");
            assertThat(runtime.session.getMetadata().getCustomMetadata())
                    .containsEntry("kindling.columns", "[\"amount\",\"flag\",\"town\"]")
                    .containsKey("kindling.timeZone");
            String[] labels = (String[]) runtime.run(inputs(runtime, rows), "label");
            for (int i = 0; i < labels.length; i++) {
                Row row = Objects.requireNonNull(expected.get(i));
                assertThat(labels[i])
                        .isEqualTo(List.of("c", "b", "a").get((int) (double) row.<Double>getAs("prediction")));
            }
        }
    }

    @Test
    void aModelOfColumnsAndAPipelineWithinAPipelineAreWritten() throws Exception {
        PipelineModel label = fit(indexer("kind", "label"));
        MlpClassificationModel network = mlp().setFeaturesCols("amount", "town").fit(label.transform(training));
        PipelineModel inner = new PipelineModel("inner", new Transformer[] {network});
        PipelineModel model = new PipelineModel("outer", new Transformer[] {label, inner});
        Path file = folder.resolve("columns.onnx");
        MlpModel.exportOnnx(model, training.schema(), file.toString());
        List<Row> rows = training.where(WITHOUT_BLANKS).limit(20).collectAsList();
        List<@Nullable Row> expected = transform(model, rows);
        try (OnnxModel runtime = new OnnxModel(Files.readAllBytes(file))) {
            float[][] probabilities = (float[][]) runtime.run(inputs(runtime, rows), "probabilities");
            for (int i = 0; i < rows.size(); i++) {
                Row row = Objects.requireNonNull(expected.get(i));
                compare(row.<Vector>getAs("probability").apply(0), probabilities[i][0], "row " + i);
            }
        }
    }

    /** All rows, as the graph's inputs want them. */
    private static Map<String, OnnxTensor> inputs(OnnxModel runtime, List<Row> rows) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        for (NodeInfo input : runtime.session.getInputInfo().values()) {
            TensorInfo wanted = (TensorInfo) input.getInfo();
            String name = input.getName();
            if (wanted.type == OnnxJavaType.STRING) {
                String[] texts = rows.stream()
                        .map(row -> row.getAs(name))
                        .map(value -> value == null ? UNKNOWN : value.toString())
                        .toArray(String[]::new);
                inputs.put(
                        name,
                        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), texts, new long[] {texts.length, 1}));
            } else {
                int width = (int) wanted.getShape()[1];
                double[][] numbers = rows.stream()
                        .map(row -> numbers(row.getAs(name), width))
                        .toArray(double[][]::new);
                inputs.put(name, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), numbers));
            }
        }
        return inputs;
    }

    private static double[] numbers(@Nullable Object value, int width) {
        if (value == null) {
            return IntStream.range(0, width).mapToDouble(i -> Double.NaN).toArray();
        }
        if (value instanceof Vector vector) {
            return vector.toArray();
        }
        return new double[] {value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).doubleValue()};
    }
}
