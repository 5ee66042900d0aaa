package dev.kindling.ml;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Refuses a schema before any job runs: missing columns with the nearest name, wrong types with the stage that helps. */
final class SchemaCheck {
    private SchemaCheck() {}

    static void vectors(StructType schema, String param, String column) {
        DataType type = type(schema, param, column);
        if (!SQLDataTypes.VectorType().equals(type) && !isArray(type)) {
            throw new InvalidInput(
                    param + " \"" + column + "\" must hold vectors or arrays of float or double, but holds "
                            + type.simpleString() + "; VectorAssembler makes vectors of plain columns");
        }
    }

    /** Whether a label column of this type has a row of values to predict rather than one. */
    static boolean holdsSeveral(DataType type) {
        return SQLDataTypes.VectorType().equals(type)
                || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
    }

    private static boolean isArray(DataType type) {
        return type instanceof ArrayType array
                && (array.elementType() instanceof FloatType || array.elementType() instanceof DoubleType);
    }

    /** What Spark's own check makes of the schema: it knows vectors alone, so arrays pass as such. */
    static StructType withVectors(StructType schema, String features, UnaryOperator<StructType> check) {
        vectors(schema, "featuresCol", features);
        StructField own = schema.apply(features);
        if (!isArray(own.dataType())) {
            return check.apply(schema);
        }
        return replace(check.apply(replace(schema, vectorOf(own))), own);
    }

    /** The same of a label column: Spark's check knows numbers alone. */
    static StructType withNumbers(StructType schema, String label, UnaryOperator<StructType> check) {
        StructField own = schema.apply(label);
        StructField number = new StructField(own.name(), DataTypes.DoubleType, own.nullable(), own.metadata());
        return replace(check.apply(replace(schema, number)), own);
    }

    private static StructField vectorOf(StructField field) {
        return new StructField(field.name(), SQLDataTypes.VectorType(), field.nullable(), field.metadata());
    }

    private static StructType replace(StructType schema, StructField by) {
        return new StructType(Arrays.stream(schema.fields())
                .map(field -> field.name().equals(by.name()) ? by : field)
                .toArray(StructField[]::new));
    }

    /** The schema with another column of vectors. */
    static StructType withNew(StructType schema, String param, String column) {
        Require.that(
                !List.of(schema.fieldNames()).contains(column),
                param + " \"" + column + "\" must be a new column, but the data have it already");
        return schema.add(column, SQLDataTypes.VectorType(), false);
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
        List<String> names = Arrays.asList(schema.fieldNames());
        if (!names.contains(column)) {
            throw new InvalidInput(param + " \"" + column + "\" must be a column of the data"
                    + Require.nearest(column, names)
                            .map(near -> "; did you mean \"" + near + "\"?")
                            .orElse(".")
                    + (names.isEmpty() ? " There are no columns" : " The columns are: " + String.join(", ", names)));
        }
        return schema.apply(column).dataType();
    }

    private static void labels(StructType schema, MlpParams params, String label) {
        boolean regression = params instanceof MlpRegressionParams;
        if (!(regression && holdsSeveral(type(schema, "labelCol", label)))) {
            numbers(schema, "labelCol", label);
        }
    }

    /** The columns that rows to train or to evaluate on must have. */
    static void columns(StructType schema, MlpParams params, String features, String label) {
        vectors(schema, "featuresCol", features);
        labels(schema, params, label);
        if (params.isSet(params.weightCol())) {
            numbers(schema, "weightCol", params.getWeightCol());
        }
        if (params.isSet(params.validationIndicatorCol()) && !(params instanceof MlpModel)) {
            booleans(schema, "validationIndicatorCol", params.getValidationIndicatorCol());
        }
    }
}
