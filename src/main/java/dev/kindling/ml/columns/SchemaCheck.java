package dev.kindling.ml.columns;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.ml.params.MlpRegressionParams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Refuses a bad schema before any job runs. Messages suggest the nearest column name, or the stage that converts a type. */
public final class SchemaCheck {
    private SchemaCheck() {}

    static void vectors(StructType schema, MlpParams params, String column) {
        String instead = params instanceof Model ? "" : "; setFeaturesCols takes plain columns";
        DataType type = type(schema, "featuresCol", column, instead);
        if (!SQLDataTypes.VectorType().equals(type) && !isArray(type)) {
            throw new InvalidInput(
                    "featuresCol \"" + column + "\" must hold vectors or arrays of float or double, but holds "
                            + type.simpleString()
                            + (instead.isEmpty() ? "; VectorAssembler makes vectors of plain columns" : instead));
        }
    }

    /** Whether the label column holds several targets. */
    public static boolean hasSeveral(StructType schema, String label) {
        return holdsSeveral(type(schema, "labelCol", label));
    }

    /** Whether a label column of this type holds several targets. */
    private static boolean holdsSeveral(DataType type) {
        return SQLDataTypes.VectorType().equals(type)
                || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
    }

    private static boolean isArray(DataType type) {
        return type instanceof ArrayType array
                && (array.elementType() instanceof FloatType || array.elementType() instanceof DoubleType);
    }

    /**
     * The schema with the fields that Spark's own check adds. Spark's check does not know arrays of features. It does not find
     * fields within structs either, except Spark 4's check of the features. So it is shown a schema that it understands.
     *
     * @param numbers the other columns that the check looks for
     */
    private static StructType withVectors(
            StructType schema, String features, UnaryOperator<StructType> check, String... numbers) {
        StructType shown = shown(schema, features, SQLDataTypes.VectorType());
        for (String column : numbers) {
            shown = shown(shown, column, DataTypes.DoubleType);
        }
        StructType output = schema;
        StructField[] checked = check.apply(shown).fields();
        for (StructField field : Arrays.copyOfRange(checked, shown.size(), checked.length)) {
            String name = ColumnPath.added(field.name());
            Require.that(
                    !Arrays.asList(output.fieldNames()).contains(name),
                    "requirement failed: Column " + name + " already exists."); // Spark's own sentence
            output = output.add(name, field.dataType(), field.nullable(), field.metadata());
        }
        return output;
    }

    /** The schema with the column both where Spark 3.5 looks for it, by its whole name, and where Spark 4 does. */
    private static StructType shown(StructType schema, String column, DataType type) {
        return with(
                with(schema, List.of(column), type), ColumnPath.parse(column).names(), type);
    }

    private static StructType with(StructType schema, List<String> path, DataType type) {
        String name = path.get(0);
        List<StructField> fields = new ArrayList<>(Arrays.asList(schema.fields()));
        int place = Arrays.asList(schema.fieldNames()).indexOf(name);
        DataType own = type;
        if (path.size() > 1) {
            boolean struct = place >= 0 && fields.get(place).dataType() instanceof StructType;
            StructType inner = struct ? (StructType) fields.get(place).dataType() : new StructType();
            own = with(inner, path.subList(1, path.size()), type);
        }
        StructField field = DataTypes.createStructField(name, own, true);
        if (place < 0) {
            fields.add(field);
        } else {
            fields.set(place, field);
        }
        return new StructType(fields.toArray(new StructField[0]));
    }

    /** The schema with a new column of vectors. */
    public static StructType withNew(StructType schema, String param, String column) {
        String name = ColumnPath.added(column);
        Require.that(
                !List.of(schema.fieldNames()).contains(name),
                param + " \"" + name + "\" must be a new column, but the data have it already");
        return schema.add(name, SQLDataTypes.VectorType(), false);
    }

    static void numbers(StructType schema, String param, String column) {
        DataType type = type(schema, param, column);
        if (!(type instanceof NumericType)) {
            throw new InvalidInput(param + " \"" + column + "\" must hold numbers, but holds " + type.simpleString()
                    + (param.equals("labelCol") ? "; StringIndexer makes class indices of strings" : ""));
        }
    }

    static void booleans(StructType schema, String param, String column) {
        DataType type = type(schema, param, column);
        if (!(type instanceof BooleanType)) {
            throw new InvalidInput(param + " \"" + column + "\" must hold booleans, but holds " + type.simpleString());
        }
    }

    private static DataType type(StructType schema, String param, String column) {
        return type(schema, param, column, "");
    }

    /** @param instead what to do without the column; empty for nothing */
    private static DataType type(StructType schema, String param, String column, String instead) {
        Optional<StructField> field = ColumnPath.of(schema, column).field(schema);
        if (field.isEmpty()) {
            List<String> names = names(schema);
            throw new InvalidInput(param + " \"" + column + "\" must be a column of the data"
                    + Require.nearest(column, names)
                            .map(near -> "; did you mean \"" + near + "\"?")
                            .orElse(instead + ".")
                    + (names.isEmpty() ? " There are no columns" : " The columns are: " + String.join(", ", names)));
        }
        return field.get().dataType();
    }

    /** The names of the columns and of the fields within structs. */
    private static List<String> names(StructType schema) {
        List<String> names = new ArrayList<>();
        for (StructField field : schema.fields()) {
            names.add(field.name());
            if (field.dataType() instanceof StructType inner) {
                names(inner).forEach(name -> names.add(field.name() + "." + name));
            }
        }
        return names;
    }

    /** Whether a param names a column. As in Spark, an empty name stands for no column. */
    public static boolean names(MlpParams params, Param<String> column) {
        return params.isSet(column) && !params.getOrDefault(column).isEmpty();
    }

    /** Checks the columns of labelled rows, for training and evaluation. */
    public static void labelled(StructType schema, MlpParams params, String features, String label) {
        FeatureRows.require(schema, params, features, label);
        if (!(params instanceof MlpRegressionParams && hasSeveral(schema, label))) {
            numbers(schema, "labelCol", label);
        }
        if (names(params, params.weightCol())) {
            numbers(schema, "weightCol", params.getWeightCol());
        }
    }

    /** A model's {@code transformSchema}. */
    public static StructType scoring(
            StructType schema, MlpParams params, String features, UnaryOperator<StructType> check) {
        FeatureRows.require(schema, params, features, "");
        return withVectors(schema, features, check);
    }

    /** An estimator's {@code transformSchema} for training rows. */
    public static StructType training(
            StructType schema, MlpParams params, String features, String label, UnaryOperator<StructType> check) {
        labelled(schema, params, features, label);
        if (names(params, params.validationIndicatorCol())) {
            booleans(schema, "validationIndicatorCol", params.getValidationIndicatorCol());
        }
        return names(params, params.weightCol())
                ? withVectors(schema, features, check, label, params.getWeightCol())
                : withVectors(schema, features, check, label);
    }
}
