package dev.kindling.table.profile;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/**
 * Finds columns that a label was made of by StringIndexer: the label's metadata have the classes in the order of their indices,
 * and the column has in each row the class of that row.
 */
public final class LabelSource {
    /** The class that StringIndexer keeps texts in that it does not know, and missing ones. */
    private static final String KEPT = "__unknown";

    private static final int FIRST = 1000; // rows, which rule most columns out

    private LabelSource() {}

    /** Those of the columns. */
    public static List<String> of(Dataset<?> rows, List<String> columns, String label) {
        List<String> names = Arrays.asList(rows.schema().fieldNames());
        StructField field = names.contains(label) ? rows.schema().apply(label) : null;
        if (field == null
                || !(field.dataType() instanceof NumericType) // several targets
                || !(Attribute.fromStructField(field) instanceof NominalAttribute nominal)
                || !nominal.values().isDefined()) {
            return List.of();
        }
        String[] classes = nominal.values().get();
        UDF1<Double, String> named =
                index -> index == null || index < 0 || index >= classes.length ? KEPT : classes[index.intValue()];
        Column expected = udf(named, DataTypes.StringType).apply(quoted(label).cast("double"));
        return equal(rows, equal(rows.limit(FIRST), columns, expected), expected);
    }

    private static List<String> equal(Dataset<?> rows, List<String> columns, Column expected) {
        if (columns.isEmpty()) {
            return columns;
        }
        Column[] differ = columns.stream()
                .map(LabelSource::quoted)
                .map(column -> max(coalesce(column.cast("string"), lit(KEPT)).notEqual(expected)))
                .toArray(Column[]::new);
        Row any = rows.select(differ).first();
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < differ.length; i++) {
            if (!any.isNullAt(i) && !any.getBoolean(i)) {
                equal.add(columns.get(i));
            }
        }
        return equal;
    }

    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
