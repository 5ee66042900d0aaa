package dev.kindling.ml.internal;

import dev.kindling.data.ColumnNames;
import dev.kindling.data.Packing;
import dev.kindling.data.RowReader;
import dev.kindling.data.RowSink;
import dev.kindling.data.Shards;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.ml.columns.ColumnPath;
import dev.kindling.ml.columns.SchemaCheck;
import dev.kindling.ml.params.MlpClassificationParams;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.spark.ColumnNote;
import dev.kindling.spark.JobScope;
import dev.kindling.spark.SourceName;
import dev.kindling.table.cache.KnownRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Selects features and labels of a dataset by the columns that the params name: (features, label[, weight][, validation]). */
public final class LabelledRows implements RowReader<Row> {
    /** The name of a feature whose attribute has none. */
    public static final String UNNAMED = "?";

    private static final long serialVersionUID = 1L;

    private final boolean weighted;
    private final boolean indicated;
    private final @Nullable Filling filling;

    private LabelledRows(boolean weighted, boolean indicated, @Nullable Filling filling) {
        this.weighted = weighted;
        this.indicated = indicated;
        this.filling = filling;
    }

    /**
     * Packs the rows into shards: the training rows for an estimator, all rows for a model.
     *
     * @param fewest with fewer rows, none is set aside for validation
     * @param offsets of all features, then of the targets; null for those that the rows need
     * @param filling of missing features; null if they are refused
     */
    public static Shards pack(
            Dataset<?> dataset,
            MlpParams params,
            String features,
            String label,
            Loss loss,
            int shards,
            long seed,
            double validationFraction,
            long fewest,
            @Nullable Vector offsets,
            @Nullable Filling filling) {
        StructType schema = dataset.schema();
        int targets = targets(dataset, label);
        Packing packing = new Packing(
                shards,
                seed,
                loss,
                loss.isClassification() ? classes(params, field(schema, label)) : 0,
                targets,
                validationFraction,
                fewest,
                names(schema, params, features, label),
                offsets == null ? null : NetworkWeights.offsets(offsets, loss.isClassification() ? 0 : targets));
        return Shards.pack(
                JobScope.run(dataset.sparkSession().sparkContext(), () -> rows(dataset, params, features, label)),
                new LabelledRows(isWeighted(params), isIndicated(params), filling),
                packing);
    }

    static ColumnNames names(StructType schema, MlpParams params, String features, String label) {
        return new ColumnNames(
                sourceName(schema, features),
                sourceName(schema, label),
                isWeighted(params) ? sourceName(schema, params.getWeightCol()) : "",
                featureNames(schema, features));
    }

    /** The number of labels in each row. For a column of vectors or arrays, the first row decides. */
    private static int targets(Dataset<?> dataset, String label) {
        if (!SchemaCheck.hasSeveral(dataset.schema(), label)) {
            return 1;
        }
        List<Row> first = JobScope.run(
                dataset.sparkSession().sparkContext(),
                () -> dataset.select(labels(dataset.schema(), label)).limit(1).collectAsList());
        Require.that(!first.isEmpty(), "the data must have at least one row, but are empty");
        Row row = first.get(0);
        int targets = row.isNullAt(0) ? 0 : Features.vector(row, 0).size();
        Require.that(
                targets > 0,
                "label column \"" + label + "\" must have at least one value in every row, but has none in the first");
        return targets;
    }

    static boolean isWeighted(MlpParams params) {
        return SchemaCheck.names(params, params.weightCol());
    }

    static boolean isIndicated(MlpParams params) {
        return SchemaCheck.names(params, params.validationIndicatorCol()) && !(params instanceof HasNetwork);
    }

    /** The columns that {@link #read} expects. */
    static Dataset<Row> select(Dataset<?> dataset, MlpParams params, String features, String label) {
        return dataset.select(columns(dataset.schema(), params, features, label));
    }

    /** The rows of {@link #select}. */
    static JavaRDD<Row> rows(Dataset<?> dataset, MlpParams params, String features, String label) {
        StructType types =
                new StructType().add(features, SQLDataTypes.VectorType()).add(label, DataTypes.DoubleType);
        types = isWeighted(params) ? types.add(params.getWeightCol(), DataTypes.DoubleType) : types;
        types = isIndicated(params) ? types.add(params.getValidationIndicatorCol(), DataTypes.BooleanType) : types;
        return KnownRows.of(dataset, types)
                .orElseGet(() -> select(dataset, params, features, label).toJavaRDD());
    }

    static Column[] columns(StructType schema, MlpParams params, String features, String label) {
        List<Column> columns = new ArrayList<>();
        columns.add(ColumnPath.of(schema, features).column());
        columns.add(labels(schema, label));
        if (isWeighted(params)) {
            columns.add(ColumnPath.of(schema, params.getWeightCol()).column().cast("double"));
        }
        if (isIndicated(params)) {
            columns.add(
                    ColumnPath.of(schema, params.getValidationIndicatorCol()).column());
        }
        return columns.toArray(new Column[0]);
    }

    /** The labels as vectors, arrays of double, or doubles. */
    static Column labels(StructType schema, String label) {
        Column column = ColumnPath.of(schema, label).column();
        if (!SchemaCheck.hasSeveral(schema, label)) {
            return column.cast("double");
        }
        return field(schema, label).dataType() instanceof ArrayType ? column.cast("array<double>") : column;
    }

    private static StructField field(StructType schema, String name) {
        return ColumnPath.of(schema, name).field(schema).orElseThrow();
    }

    /** The number of classes from the model, the param or the label column's metadata; 0 if none of them states it. */
    private static int classes(MlpParams params, StructField label) {
        if (params instanceof HasNetwork model) {
            return model.trained().classes;
        }
        if (params instanceof MlpClassificationParams classifier && classifier.getClassCount() > 0) {
            return classifier.getClassCount();
        }
        Attribute attribute = Attribute.fromStructField(label);
        if (attribute instanceof NominalAttribute nominal
                && nominal.getNumValues().isDefined()) {
            return (Integer) nominal.getNumValues().get();
        }
        return attribute instanceof BinaryAttribute ? 2 : 0;
    }

    /** The column's name for messages: a command's pipeline tells where it has another than the data. */
    static String sourceName(StructType schema, String column) {
        return ColumnPath.of(schema, column)
                .field(schema)
                .map(StructField::metadata)
                .filter(metadata -> metadata.contains(SourceName.KEY))
                .map(metadata -> metadata.getString(SourceName.KEY))
                .orElse(column);
    }

    /** The names of the classes in the label column's metadata; empty without any. */
    static List<String> classNames(StructType schema, String label) {
        return Attribute.fromStructField(field(schema, label)) instanceof NominalAttribute nominal
                        && nominal.values().isDefined()
                ? List.of(nominal.values().get())
                : List.of();
    }

    /**
     * The names of the features in the column's metadata; empty without any. An input of a category has the name of the
     * category too, such as {@code colour=red}, if its attribute states that value.
     */
    public static List<String> featureNames(StructType schema, String column) {
        return attributes(schema, column).stream()
                .map(attribute -> attribute instanceof BinaryAttribute binary
                                && binary.values().isDefined()
                        ? name(binary) + "=" + binary.values().get()[1]
                        : name(attribute))
                .toList();
    }

    /** The columns that the features come from: one column may be encoded as many features. */
    public static List<String> featureColumns(StructType schema, String column) {
        Metadata metadata = field(schema, column).metadata();
        return metadata.contains(SourceName.COLUMNS)
                ? List.of(metadata.getStringArray(SourceName.COLUMNS))
                : attributes(schema, column).stream().map(LabelledRows::name).toList();
    }

    /** What was decided about the table's columns that the features come from; empty if no table vectorizer made them. */
    static List<ColumnNote> notes(StructType schema, String column) {
        Metadata metadata = field(schema, column).metadata();
        return metadata.contains(ColumnNote.KEY) ? ColumnNote.parse(metadata.getString(ColumnNote.KEY)) : List.of();
    }

    /**
     * How many features, from the first to the last, each column of the table has, by the column's metadata: the categories of
     * one column follow each other, each as a {@link BinaryAttribute} with the column's name. Empty without metadata.
     */
    public static List<Integer> columnWidths(StructType schema, String column) {
        List<Integer> widths = new ArrayList<>();
        Optional<String> before = Optional.empty();
        for (Attribute attribute : attributes(schema, column)) {
            Optional<String> category =
                    attribute instanceof BinaryAttribute && attribute.name().isDefined()
                            ? Optional.of(attribute.name().get())
                            : Optional.empty();
            int last = widths.size() - 1;
            if (category.isPresent() && category.equals(before)) {
                widths.set(last, widths.get(last) + 1);
            } else {
                widths.add(1);
            }
            before = category;
        }
        return widths;
    }

    private static String name(Attribute attribute) {
        return attribute.name().isDefined() ? attribute.name().get() : UNNAMED;
    }

    private static List<Attribute> attributes(StructType schema, String column) {
        StructField features = field(schema, column);
        if (!features.dataType().equals(SQLDataTypes.VectorType())) {
            return List.of(); // an array has no attributes
        }
        AttributeGroup group = AttributeGroup.fromStructField(features);
        if (group.attributes().isEmpty()) {
            return List.of();
        }
        return List.of(group.attributes().get());
    }

    @Override
    public void read(Row row, RowSink sink) {
        if (row.isNullAt(0)) {
            sink.missingFeatures();
        } else if (row.get(0) instanceof SparseVector sparse) {
            double[] values = sparse.values();
            sink.sparse(
                    sparse.size(), sparse.indices(), filling == null ? values : filling.fill(sparse.indices(), values));
        } else {
            double[] values = Features.vector(row, 0).toArray();
            sink.dense(filling == null ? values : filling.fill(values));
        }
        if (row.isNullAt(1)) {
            sink.label(null);
        } else if (row.get(1) instanceof Double label) {
            sink.label(label);
        } else {
            sink.labels(Features.vector(row, 1).toArray());
        }
        if (weighted) {
            sink.weight(row.isNullAt(2) ? null : row.getDouble(2));
        }
        int last = weighted ? 3 : 2;
        if (indicated) {
            sink.validation(!row.isNullAt(last) && row.getBoolean(last));
        }
    }
}
