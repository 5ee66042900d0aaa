package dev.kindling.ml.internal;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

/**
 * Where the column that a param names is: one of just that name, or else what the name means to Spark, in which dots lead
 * into structs and back-ticks keep them from it: {@code customer.features}, {@code `my.features`}.
 */
record ColumnPath(List<String> names) {

    static ColumnPath of(StructType schema, String name) {
        return Arrays.asList(schema.fieldNames()).contains(name) ? new ColumnPath(List.of(name)) : parse(name);
    }

    /** What the name means to Spark; where it means nothing to it, itself. */
    static ColumnPath parse(String name) {
        try {
            Seq<String> parts = UnresolvedAttribute.parseAttributeName(name);
            String[] names = new String[parts.size()];
            parts.copyToArray(names);
            return new ColumnPath(List.of(names));
        } catch (Exception e) { // Scala does not declare the checked exception that is thrown here
            return new ColumnPath(List.of(name));
        }
    }

    /** The name of a new column: always at the top, dots or not, and without the back-ticks that a reader of it may need. */
    static String added(String name) {
        List<String> names = parse(name).names();
        return names.size() == 1 ? names.get(0) : name;
    }

    Optional<StructField> field(StructType schema) {
        int place = Arrays.asList(schema.fieldNames()).indexOf(names.get(0));
        if (place < 0) {
            return Optional.empty();
        }
        StructField field = schema.fields()[place];
        if (names.size() == 1) {
            return Optional.of(field);
        }
        return field.dataType() instanceof StructType inner ? below().field(inner) : Optional.empty();
    }

    private ColumnPath below() {
        return new ColumnPath(names.subList(1, names.size()));
    }

    Column column() {
        return col(
                names.stream().map(name -> "`" + name.replace("`", "``") + "`").collect(Collectors.joining(".")));
    }

    /** The fields' places on the way through rows of a schema that has them. */
    int[] places(StructType schema) {
        int[] places = new int[names.size()];
        DataType at = schema;
        for (int i = 0; i < places.length; i++) {
            places[i] = ((StructType) at).fieldIndex(names.get(i));
            at = ((StructType) at).fields()[places[i]].dataType();
        }
        return places;
    }

    /** The row that has the field of the last place itself; null where the field or a struct on the way is. */
    static @Nullable Row innermost(Row row, int[] places) {
        Row at = row;
        for (int i = 0; i < places.length - 1; i++) {
            if (at.isNullAt(places[i])) {
                return null;
            }
            at = at.getStruct(places[i]);
        }
        return at.isNullAt(places[places.length - 1]) ? null : at;
    }
}
