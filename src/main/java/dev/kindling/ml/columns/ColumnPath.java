package dev.kindling.ml.columns;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The path to the column that a param names. A column of exactly that name comes first. Otherwise the name is read as Spark
 * does: dots lead into structs unless back-ticks quote them, as in {@code customer.features} and {@code `my.features`}.
 */
public record ColumnPath(List<String> names) {
    /** A part of a name, quoted or not, and what ends it. Spark's own parser moves between versions. */
    private static final Pattern PART = Pattern.compile("\\G(?:`((?:[^`]++|``)*+)`|([^`.]++))(\\.|\\z)");

    public ColumnPath {
        names = List.copyOf(names);
    }

    public static ColumnPath of(StructType schema, String name) {
        return Arrays.asList(schema.fieldNames()).contains(name) ? new ColumnPath(List.of(name)) : parse(name);
    }

    /** The name as Spark parses it, or unchanged if Spark cannot parse it. */
    public static ColumnPath parse(String name) {
        List<String> names = new ArrayList<>();
        Matcher part = PART.matcher(name);
        String end = ".";
        while (!end.isEmpty() && part.find()) {
            names.add(part.group(1) == null ? part.group(2) : part.group(1).replace("``", "`"));
            end = part.group(3);
        }
        return new ColumnPath(end.isEmpty() ? names : List.of(name));
    }

    /** The name of a new column. It is always top-level, even with dots, and loses the back-ticks that a reader may need. */
    public static String added(String name) {
        List<String> names = parse(name).names();
        return names.size() == 1 ? names.get(0) : name;
    }

    public Optional<StructField> field(StructType schema) {
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

    public Column column() {
        return col(
                names.stream().map(name -> "`" + name.replace("`", "``") + "`").collect(Collectors.joining(".")));
    }

    /** The indices of the fields along the path, in rows of this schema. */
    public int[] places(StructType schema) {
        int[] places = new int[names.size()];
        DataType at = schema;
        for (int i = 0; i < places.length; i++) {
            places[i] = ((StructType) at).fieldIndex(names.get(i));
            at = ((StructType) at).fields()[places[i]].dataType();
        }
        return places;
    }

    /** The row that holds the last field of the path; null if the field or a struct on the way is null. */
    public static @Nullable Row innermost(Row row, int[] places) {
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
