package dev.kindling.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import dev.kindling.export.Graph;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.spark.ColumnDoubt;
import dev.kindling.spark.ColumnNote;
import dev.kindling.spark.SourceName;
import dev.kindling.table.cache.RowMarks;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.encoding.Feature;
import dev.kindling.table.encoding.NumberEncoding;
import dev.kindling.table.encoding.TableColumns;
import dev.kindling.table.encoding.VectorEncoding;
import dev.kindling.table.profile.ColumnKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** What a {@link TableVectorizer} learned of a table: turns rows like those into vectors of features. */
public final class TableVectorizerModel extends Model<TableVectorizerModel> implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    static final String ZEROS = "zeros";
    private static final String ERROR = "error";
    private static final String KEEP = "keep";
    static final List<String> UNSEEN = List.of(ZEROS, ERROR);

    private static final StructType DESCRIPTION = new StructType()
            .add("column", DataTypes.StringType)
            .add("kind", DataTypes.StringType)
            .add("encoded", DataTypes.StringType)
            .add("features", DataTypes.IntegerType)
            .add("missing", DataTypes.LongType)
            .add("filled", DataTypes.StringType)
            .add("reason", DataTypes.StringType);

    private final String uid;
    private final Param<String> outputCol;
    private final Param<String> unseen;
    private final Param<String> handleInvalid;
    private final Param<String> encodings;
    private transient @Nullable TableEncoding parsed;

    /** For Spark Connect, which makes one of each class that it may load. */
    public TableVectorizerModel() {
        this(Identifiable$.MODULE$.randomUID("tableVectorizer"));
    }

    /** For Spark, which reads a saved model into it. */
    public TableVectorizerModel(String uid) {
        this.uid = uid;
        outputCol = new Param<>(this, "outputCol", "the column of vectors to add");
        unseen = new Param<>(this, "unseen", "what a category that training did not know becomes: zeros or error");
        handleInvalid = new Param<>(
                this,
                "handleInvalid",
                "what becomes of a row with a value that is refused: error, or keep, whose vector is null");
        encodings = new Param<>(this, "encodings", "what was learned of each column, in JSON");
        setDefault(outputCol, "features");
        setDefault(unseen, ZEROS);
        setDefault(handleInvalid, ERROR);
    }

    TableVectorizerModel(String uid, TableEncoding encoding) {
        this(uid);
        set(encodings, encoding.toJson());
        parsed = encoding;
    }

    @Override
    public String uid() {
        return uid;
    }

    public Param<String> outputCol() {
        return outputCol;
    }

    public String getOutputCol() {
        return $(outputCol);
    }

    /** The column of vectors to add. */
    public TableVectorizerModel setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    public Param<String> unseen() {
        return unseen;
    }

    public String getUnseen() {
        return $(unseen);
    }

    /** What a category that training did not know becomes: {@code zeros} in all features of its column, or an {@code error}. */
    public TableVectorizerModel setUnseen(String value) {
        set(unseen, Require.oneOf(value, UNSEEN, "unseen"));
        return this;
    }

    public Param<String> handleInvalid() {
        return handleInvalid;
    }

    public String getHandleInvalid() {
        return $(handleInvalid);
    }

    /**
     * What becomes of a row with a value that its column cannot have, such as a text in a column of numbers: an {@code error}, or
     * {@code keep}, which makes the vector null. Default: error.
     */
    public TableVectorizerModel setHandleInvalid(String value) {
        set(handleInvalid, Require.oneOf(value, List.of(ERROR, KEEP), "handleInvalid"));
        return this;
    }

    public Param<String> encodings() {
        return encodings;
    }

    private TableEncoding encoding() {
        TableEncoding known = parsed;
        if (known == null) {
            Require.that(isDefined(encodings), "a table vectorizer must be fitted, but this one is not");
            known = TableEncoding.parse($(encodings));
            parsed = known;
        }
        return known;
    }

    /** What was decided about each column, in the table's order. */
    public List<ColumnDecision> decisions() {
        return List.copyOf(encoding().decisions());
    }

    /** The same as a table: column, kind, encoded, features, missing, filled, reason. */
    public Dataset<Row> describe() {
        List<Row> rows = decisions().stream()
                .map(decision -> RowFactory.create(
                        decision.column(),
                        decision.kind().toString(),
                        decision.encoded(),
                        decision.features(),
                        decision.missing(),
                        decision.filled(),
                        decision.reason()))
                .toList();
        return SparkSession.active().createDataFrame(rows, DESCRIPTION);
    }

    /** The columns that features are made of: rows must have these. */
    public List<String> inputCols() {
        return encoding().columns().stream().map(ColumnEncoding::column).toList();
    }

    /** Those of them with numbers that texts, if there are any, write plainly: with a decimal point and nothing else. */
    public List<String> plainNumbers() {
        return encoding().columns().stream()
                .filter(encoding -> encoding instanceof NumberEncoding number
                        && !number.truth()
                        && number.style().isPlain())
                .map(ColumnEncoding::column)
                .toList();
    }

    /** Looks at rows before they are scored: a row with the values of {@link #inputCols()}, from some place on. */
    public TableCheck check() {
        return new TableCheck(encoder());
    }

    @Override
    public StructType transformSchema(StructType schema) {
        List<String> names = Arrays.asList(schema.fieldNames());
        Set<String> vectors = encoding().columns().stream()
                .filter(encoding -> encoding instanceof VectorEncoding)
                .map(ColumnEncoding::column)
                .collect(Collectors.toSet());
        for (String column : inputCols()) {
            if (!names.contains(column)) {
                throw new InvalidInput(
                        "the table must have the columns that the model takes, but there is no \"" + column + "\""
                                + Require.nearest(column, names)
                                        .map(near -> "; did you mean \"" + near + "\"?")
                                        .orElse(""));
            }
            StructField field = schema.apply(column);
            boolean isVector = KindRules.isVector(field.dataType());
            ColumnKind kind = KindRules.byType(field).reading().kind();
            boolean wantsVector = vectors.contains(column);
            Require.that(
                    wantsVector == isVector && kind != ColumnKind.DROPPED,
                    "column \"" + column + "\" must hold " + (wantsVector ? "vectors" : "single values")
                            + ", as in the data that the model was trained on, but holds "
                            + field.dataType().simpleString());
        }
        return withOutput(schema, getOutputCol());
    }

    static StructType withOutput(StructType schema, String output) {
        Require.that(
                !Arrays.asList(schema.fieldNames()).contains(output),
                "outputCol must name a new column, but the table has a \"" + output + "\"");
        return schema.add(output, SQLDataTypes.VectorType(), false);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        Column[] inputs = inputCols().stream().map(TableVectorizerModel::quoted).toArray(Column[]::new);
        Column vector = udf(encoder(), SQLDataTypes.VectorType()).apply(struct(inputs));
        return dataset.withColumn(getOutputCol(), vector).withMetadata(getOutputCol(), metadata());
    }

    /** Makes vectors of rows with the values of {@link #inputCols()}: for Kindling's commands, which read rows without a plan. */
    public RowMarks.Vectors vectors() {
        return encoder();
    }

    /**
     * Adds its columns to a graph of ONNX as inputs: for Kindling's exports.
     *
     * @return the features (rows, features), in double
     */
    public String write(Graph graph) {
        List<String> features = new ArrayList<>();
        for (ColumnEncoding column : encoding().columns()) {
            if (column.width() > 0) {
                features.add(column.write(graph, getUnseen().equals(ERROR)));
            }
        }
        graph.note("timeZone", timeZone());
        graph.enter("table");
        return graph.concat(features);
    }

    /** The time zone by whose clocks it reads dates. */
    public String timeZone() {
        return encoding().timeZone();
    }

    /** The column of the vectors, with what is known of the features. */
    public StructField vectorField() {
        return new StructField(getOutputCol(), SQLDataTypes.VectorType(), false, metadata());
    }

    /** How it reads a row's values, in JSON: for Kindling's exports. */
    public String columnsJson() {
        return columns().toJson();
    }

    private TableColumns columns() {
        return new TableColumns(
                encoding().columns(), encoding().timeZone(), getUnseen().equals(ERROR));
    }

    private RowEncoder encoder() {
        return new RowEncoder(columns(), getHandleInvalid().equals(KEEP));
    }

    private List<ColumnNote> notes() {
        Map<String, ColumnDoubt> doubts = encoding().doubts();
        return decisions().stream()
                .map(decision -> new ColumnNote(
                        decision.column(),
                        decision.kind().toString(),
                        decision.encoded(),
                        decision.features(),
                        decision.filled().isEmpty()
                                ? ""
                                : String.format(Locale.ROOT, "%s (%,d rows)", decision.filled(), decision.missing()),
                        decision.reason(),
                        doubts.get(decision.column())))
                .toList();
    }

    private Metadata metadata() {
        List<Attribute> attributes = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        for (ColumnEncoding encoding : encoding().columns()) {
            encoding.features().forEach(feature -> attributes.add(attribute(feature)));
            for (int i = 0; i < encoding.width(); i++) {
                columns.add(encoding.column());
            }
        }
        AttributeGroup group = new AttributeGroup(getOutputCol(), attributes.toArray(new Attribute[0]));
        return new MetadataBuilder()
                .withMetadata(group.toMetadata())
                .putStringArray(SourceName.COLUMNS, columns.toArray(new String[0]))
                .putString(ColumnNote.KEY, ColumnNote.print(notes()))
                .build();
    }

    private static Attribute attribute(Feature feature) {
        return feature.category() == null
                ? NumericAttribute.defaultAttr().withName(feature.name())
                : BinaryAttribute.defaultAttr().withName(feature.name()).withValues("other", feature.category());
    }

    static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    @Override
    public TableVectorizerModel copy(ParamMap extra) {
        TableVectorizerModel copied = defaultCopy(extra);
        copied.parsed = parsed;
        copied.setParent(parent());
        return copied;
    }

    public static MLReader<TableVectorizerModel> read() {
        return new DefaultParamsReader<>();
    }

    public static TableVectorizerModel load(String path) {
        return read().load(path);
    }
}
