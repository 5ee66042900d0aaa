package dev.kindling.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.FeatureImportance;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.table.profile.ColumnKind;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vectorizer as a stage of Spark ML, on columns of all of Spark's types. */
@InOneJvm
final class TableVectorizerTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private static final StructType SCHEMA = new StructType()
            .add("age", DataTypes.IntegerType)
            .add("income", DataTypes.createDecimalType(12, 2))
            .add("city", DataTypes.StringType)
            .add("member", DataTypes.BooleanType)
            .add("born", DataTypes.DateType)
            .add("seen", DataTypes.TimestampType)
            .add("sizes", DataTypes.createArrayType(DataTypes.FloatType))
            .add("code", SQLDataTypes.VectorType())
            .add("extra", new StructType().add("x", DataTypes.LongType))
            .add("odd name.with dots", DataTypes.LongType)
            .add("label", DataTypes.DoubleType);

    @TempDir
    private Path folder;

    private static Row row(int i) {
        boolean gap = i % 7 == 0;
        return RowFactory.create(
                gap ? null : 20 + i % 50,
                new BigDecimal(1000 + i * 13 % 700).movePointLeft(1),
                i % 11 == 0 ? null : List.of("Aachen", "Bonn", "Celle").get(i % 3),
                gap ? null : i % 2 == 0,
                Date.valueOf("19" + (60 + i % 30) + "-03-0" + (1 + i % 9)),
                Timestamp.from(Instant.ofEpochSecond(1_700_000_000L + 4_321L * i)),
                gap ? null : Arrays.asList(i % 5 * 1f, i % 4 == 0 ? null : 2f),
                Vectors.dense(i % 3, 1.5),
                RowFactory.create(1L),
                (long) i % 6,
                (double) (i % 3 == 0 ? 1 : 0));
    }

    private static Dataset<Row> rows(int from, int to) {
        List<Row> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            rows.add(row(i));
        }
        return SPARK.createDataFrame(rows, SCHEMA);
    }

    private static TableVectorizer vectorizer() {
        return new TableVectorizer().setTimeZone("Europe/Paris");
    }

    private static List<Vector> vectors(Dataset<Row> scored) {
        return scored.select("features").collectAsList().stream()
                .map(row -> row.<Vector>getAs(0))
                .toList();
    }

    @Test
    void columnsOfAllTypesBecomeFeatures() {
        Dataset<Row> rows = rows(0, 120);
        TableVectorizerModel model = vectorizer().fit(rows);
        assertThat(model.decisions())
                .extracting(ColumnDecision::kind)
                .containsExactly(
                        ColumnKind.NUMBER,
                        ColumnKind.NUMBER,
                        ColumnKind.CATEGORY,
                        ColumnKind.BOOLEAN,
                        ColumnKind.DATETIME,
                        ColumnKind.DATETIME,
                        ColumnKind.VECTOR,
                        ColumnKind.VECTOR,
                        ColumnKind.DROPPED,
                        ColumnKind.NUMBER);
        assertThat(model.decisions())
                .extracting(ColumnDecision::features)
                .containsExactly(2, 1, 4, 2, 13, 17, 3, 2, 0, 1);
        Dataset<Row> made = model.transform(rows);
        AttributeGroup group = AttributeGroup.fromStructField(made.schema().apply("features"));
        assertThat(group.size()).isEqualTo(45);
        assertThat(vectors(made)).allSatisfy(vector -> assertThat(vector.size()).isEqualTo(45));
        assertThat(model.decisions().get(6).filled()).isEqualTo("filled where missing, and a flag");
        Row told = model.describe().filter("column = 'age'").first();
        assertThat(told.getString(1)).isEqualTo("number");
        assertThat(told.<Long>getAs("missing")).isEqualTo(18);
        assertThat(told.<String>getAs("filled")).contains("median").contains("flag");
    }

    /** Of categories the most frequent have features, a missing boolean becomes the more frequent one, and equal quartiles half the range. */
    @Test
    void whatIsMostFrequentDecides() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(RowFactory.create(
                    i < 10 ? "a" : i < 16 ? "b" : "c",
                    i == 10 || i == 11 ? null : i < 14,
                    i < 2 ? 8.0 : i < 18 ? 5.0 : 2.0));
        }
        StructType schema = new StructType()
                .add("kind", DataTypes.StringType)
                .add("truth", DataTypes.BooleanType)
                .add("size", DataTypes.DoubleType);
        Dataset<Row> table = SPARK.createDataFrame(rows, schema);
        List<Vector> made = vectors(vectorizer()
                .setScale("robust")
                .setMinCategoryRows(1)
                .setMaxCategories(2)
                .fit(table)
                .transform(table));
        double clipped = 1 / Math.sqrt(1 + 1 / 9.0); // of 8, which is half the range from the median
        assertThat(made.get(0).toArray()).containsExactly(1, 0, 0, 1, 0, clipped);
        assertThat(made.get(10).toArray()).containsExactly(0, 1, 0, 1, 1, 0);
        assertThat(made.get(18).toArray()).containsExactly(0, 0, 1, 0, 0, -clipped);
    }

    /** Zeros have a feature where they, and the other numbers, are 5 % of all, and there are 20 values. */
    @Test
    void manyZerosAreFlagged() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double large = i + 0.5;
            rows.add(RowFactory.create(
                    i < 20 ? 0 : large,
                    i < 19 ? 0 : large,
                    i < 20 ? large : 0,
                    i < 19 ? large : 0,
                    i % 20 + 0.0,
                    i % 19 + 0.0,
                    i == 399 ? null : i < 100 ? -0.0 : large));
        }
        StructType schema = new StructType();
        for (String name : List.of("just", "few", "others", "lone", "twenty", "counts", "gap")) {
            schema = schema.add(name, DataTypes.DoubleType);
        }
        Dataset<Row> table = SPARK.createDataFrame(rows, schema);
        TableVectorizerModel model = vectorizer().fit(table);
        assertThat(model.decisions()).extracting(ColumnDecision::features).containsExactly(2, 1, 2, 1, 2, 1, 3);
        assertThat(model.decisions().get(0).encoded()).endsWith("; and whether it is 0");
        List<Vector> made = vectors(model.transform(table));
        assertThat(flags(made.get(0))).containsExactly(1.0, 0.0, 1.0, 0.0, 1.0);
        assertThat(flags(made.get(399))).containsExactly(0.0, 1.0, 0.0, 1.0, 0.0);
        assertThat(vectorizer().setScale("standard").fit(table).decisions())
                .extracting(ColumnDecision::features)
                .containsExactly(1, 1, 1, 1, 1, 1, 2);
    }

    /** A number of 1 % and five rows or more, 5 deviations from all others, stands for none. */
    @Test
    void aCodeIsFlagged() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            double usual = 20 + i % 30;
            rows.add(RowFactory.create(
                    i < 6 ? -999 : usual,
                    i < 5 ? -999 : usual,
                    i < 400 ? (Double) 9999.0 : i == 500 ? null : (Double) usual,
                    i < 6 ? 34.5 + 5.1 * 8.655 : usual, // the others' deviation
                    i < 6 ? 34.5 + 4.9 * 8.655 : usual));
        }
        StructType schema = new StructType();
        for (String name : List.of("just", "few", "mostly", "far", "near")) {
            schema = schema.add(name, DataTypes.DoubleType);
        }
        Dataset<Row> table = SPARK.createDataFrame(rows, schema);
        TableVectorizerModel model = vectorizer().fit(table);
        assertThat(model.decisions()).extracting(ColumnDecision::features).containsExactly(2, 1, 3, 2, 1);
        assertThat(model.decisions().get(0).reason()).startsWith("-999 lies far from all others");
        List<Vector> made = vectors(model.transform(table));
        assertThat(Arrays.copyOf(made.get(0).toArray(), 2)).containsExactly(0, 1);
        double z = (26 - 34.5) / 8.655;
        assertThat(made.get(6).apply(0)).isCloseTo(z / Math.sqrt(1 + z * z / 9), within(0.02));
        assertThat(Arrays.copyOfRange(made.get(500).toArray(), 3, 6))
                .as("missing: as the mean of the others, because the median is the code")
                .containsExactly(0, 1, 0);
        assertThat(vectorizer().setScale("standard").fit(table).decisions())
                .extracting(ColumnDecision::features)
                .containsExactly(1, 1, 2, 1, 1);
    }

    @Test
    void aFewZerosOfAShortTableAreNotFlagged() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(RowFactory.create(i < 5 ? 0 : i + 0.5, i < 4 ? 0 : i + 0.5, i / 10.0));
        }
        StructType schema = new StructType()
                .add("five", DataTypes.DoubleType)
                .add("four", DataTypes.DoubleType)
                .add("grid", DataTypes.DoubleType);
        assertThat(vectorizer().fit(SPARK.createDataFrame(rows, schema)).decisions())
                .extracting(ColumnDecision::features)
                .containsExactly(2, 1, 1);
    }

    /** Of {@link #manyZerosAreFlagged}: of just, others and twenty; of gap, whether it is missing, and 0. */
    private static List<Double> flags(Vector row) {
        return IntStream.of(1, 4, 7, 10, 11).mapToObj(row::apply).toList();
    }

    @Test
    void datesAreThoseOfTheNamedZoneWhateverTheSessionSays() {
        Dataset<Row> rows = rows(0, 60);
        List<Vector> expected = vectors(vectorizer().fit(rows).transform(rows));
        String zone = SPARK.conf().get("spark.sql.session.timeZone");
        try {
            SPARK.conf().set("spark.sql.session.timeZone", "Asia/Tokyo");
            SPARK.conf().set("spark.sql.datetime.java8API.enabled", true);
            assertThat(vectors(vectorizer().fit(rows).transform(rows))).isEqualTo(expected);
        } finally {
            SPARK.conf().set("spark.sql.session.timeZone", zone);
            SPARK.conf().unset("spark.sql.datetime.java8API.enabled");
        }
    }

    @Test
    void aSavedPipelineTakesRawRowsAlsoWithWhatTrainingDidNotKnow() throws Exception {
        Dataset<Row> rows = rows(0, 120);
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            vectorizer().setScale("robust"),
            new MlpClassifier()
                    .setPreset("none")
                    .setHiddenLayers(8)
                    .setMaxIter(3)
                    .setBatchSize(40)
        });
        PipelineModel model = pipeline.fit(rows);
        String path = folder.resolve("model").toString();
        model.write().save(path);
        PipelineModel loaded = PipelineModel.load(path);
        Dataset<Row> odd = rows(120, 140)
                .withColumn("city", functions.lit("Zwickau"))
                .withColumn("income", functions.lit(null).cast("decimal(12,2)"))
                .withColumn("born", functions.lit(null).cast("date"));
        for (Dataset<Row> given : List.of(rows(100, 140), odd)) {
            List<Row> expected = model.transform(given).select("probability").collectAsList();
            assertThat(loaded.transform(given).select("probability").collectAsList())
                    .isEqualTo(expected);
        }
        // the same rows as texts, as a CSV file has them
        Dataset<Row> plain = rows(100, 140).drop("sizes", "code", "extra");
        PipelineModel ofPlain = pipeline.fit(rows.drop("sizes", "code", "extra"));
        Dataset<Row> texts =
                plain.withColumn("seen", functions.date_format(plain.col("seen"), "yyyy-MM-dd'T'HH:mm:ssXXX"));
        for (String name : plain.columns()) {
            texts = texts.withColumn(name, texts.col("`" + name + "`").cast("string"));
        }
        assertThat(ofPlain.transform(texts).select("probability").collectAsList())
                .isEqualTo(ofPlain.transform(plain).select("probability").collectAsList());
    }

    @Test
    void whatIsToBeRefusedIsRefusedWithColumnAndValue() {
        Dataset<Row> rows = rows(0, 60);
        assertThatThrownBy(() -> vectorizer().setMissing("error").fit(rows))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("column \"age\" must have a value in every row, because missing is error")
                .hasMessageContaining("9 of 60 rows");
        TableVectorizerModel strict =
                vectorizer().setInputCols("income", "city").setUnseen("error").fit(rows);
        Dataset<Row> unseen = rows.withColumn("city", functions.lit("Zwickau"));
        assertThatThrownBy(() -> vectors(strict.transform(unseen))).rootCause().hasMessageContaining("\"Zwickau\"");
        TableVectorizerModel numbers =
                vectorizer().setInputCols("age", "income").fit(rows);
        Dataset<Row> words = rows.withColumn("income", functions.lit("much"));
        assertThatThrownBy(() -> vectors(numbers.transform(words)))
                .rootCause()
                .hasMessageContaining("column \"income\" must hold numbers, but holds \"much\"");
        Dataset<Row> infinite = rows.withColumn("income", functions.lit(Double.POSITIVE_INFINITY));
        assertThatThrownBy(() -> vectors(numbers.transform(infinite)))
                .rootCause()
                .hasMessageContaining("finite");
        assertThatThrownBy(() -> vectorizer().fit(infinite))
                .hasMessageContaining("\"income\"")
                .hasMessageEndingWith("in row 1");
        assertThatThrownBy(() -> numbers.transform(rows.drop("income"))).hasMessageContaining("there is no \"income\"");
        assertThatThrownBy(() -> numbers.transform(rows.withColumn("income", functions.array(functions.lit(1)))))
                .hasMessageContaining("must hold single values");
        assertThatThrownBy(() -> vectorizer().setOutputCol("city").fit(rows)).hasMessageContaining("outputCol");
        assertThatThrownBy(() -> vectorizer().setScale("standrad")).hasMessageContaining("did you mean standard?");
        assertThatThrownBy(() -> vectorizer().setTimeZone("Mars").fit(rows)).hasMessageContaining("\"Mars\"");
        assertThatThrownBy(() -> vectorizer().fit(rows.limit(0))).hasMessageContaining("must have rows");
    }

    @Test
    void importanceIsThatOfTheTablesColumns() {
        Dataset<Row> rows = rows(0, 120).select("age", "city", "born", "label");
        Dataset<Row> made = vectorizer().fit(rows).transform(rows);
        MlpClassificationModel model = new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(8)
                .setMaxIter(20)
                .setStepSize(0.02)
                .setBatchSize(40)
                .fit(made);
        List<FeatureImportance> importance = model.permutationImportance(made, 2, 1);
        assertThat(importance).extracting(FeatureImportance::name).containsExactlyInAnyOrder("age", "city", "born");
        assertThat(importance.get(0).name()).isEqualTo("city");
    }

    @Test
    void paramsAreSavedAndCopied() throws Exception {
        TableVectorizer given = vectorizer()
                .setDropCols("extra", "code")
                .setCategoricalCols("age")
                .setMinCategoryRows(4);
        String path = folder.resolve("vectorizer").toString();
        given.write().save(path);
        TableVectorizer loaded = TableVectorizer.load(path);
        assertThat(loaded.uid()).isEqualTo(given.uid());
        assertThat(loaded.getDropCols()).containsExactly("extra", "code");
        assertThat(loaded.getMinCategoryRows()).isEqualTo(4);
        assertThat(loaded.extractParamMap().size())
                .isEqualTo(given.extractParamMap().size());
        assertThat(loaded.params())
                .allSatisfy(param -> assertThat(param.parent()).isEqualTo(loaded.uid()));
        Dataset<Row> rows = rows(0, 60);
        TableVectorizerModel model = loaded.fit(rows);
        assertThat(model.copy(new org.apache.spark.ml.param.ParamMap()).decisions())
                .isEqualTo(model.decisions());
        assertThat(model.decisions().get(0).kind()).isEqualTo(ColumnKind.CATEGORY);
        assertThat(model.decisions().get(0).reason()).contains("infrequent");
    }

    @Test
    void aStreamIsScored() throws Exception {
        Dataset<Row> rows = rows(0, 60).drop("code");
        TableVectorizerModel model = vectorizer().fit(rows);
        Path data = folder.resolve("data");
        rows.write().parquet(data.toString());
        var query = model.transform(SPARK.readStream().schema(rows.schema()).parquet(data.toString()))
                .select("features")
                .writeStream()
                .format("memory")
                .queryName("vectorized")
                .start();
        query.processAllAvailable();
        query.stop();
        assertThat(SPARK.table("vectorized").collectAsList())
                .containsExactlyInAnyOrderElementsOf(
                        model.transform(rows).select("features").collectAsList());
    }
}
