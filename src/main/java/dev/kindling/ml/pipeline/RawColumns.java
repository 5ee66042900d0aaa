package dev.kindling.ml.pipeline;

import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** The columns that no stage makes: each becomes an input of the graph when it is first read. */
final class RawColumns {
    private final Graph graph;
    private final StructType types;
    private final Map<String, GraphColumn> read = new HashMap<>();
    private final Set<String> texts = new HashSet<>(); // the names of those that were read as texts

    RawColumns(Graph graph, StructType types) {
        this.graph = graph;
        this.types = types;
    }

    /**
     * A column as texts: strings, or numbers as Spark writes them.
     *
     * @param known the texts that the reader knows
     */
    GraphColumn text(String name, List<String> known) {
        DataType type = type(name);
        if (!(type instanceof StringType || type instanceof NumericType)) {
            throw new InvalidInput(
                    "an indexer must read texts or numbers, but column \"" + name + "\" has " + type.simpleString());
        }
        String missing = known.contains("") ? "a text that training did not have" : "empty";
        String what = type instanceof StringType ? "a text" : "a number as Spark writes " + type.simpleString();
        return input(name, true, () -> {
            String meaning = what + "; " + missing + " where it is missing";
            return new GraphColumn(graph.input(name, Element.STRING, 1, meaning), 1, type);
        });
    }

    /**
     * A column as a number or a vector.
     *
     * @param size of a vector, if the reader or a hint tells it; else 0
     */
    GraphColumn numbers(String name, int size) {
        boolean untyped = size > 0 && !List.of(types.fieldNames()).contains(name);
        DataType type = untyped ? SQLDataTypes.VectorType() : type(name);
        if (type instanceof NumericType || type instanceof BooleanType) {
            String meaning = type instanceof BooleanType ? "1 for true, 0 for false" : "a number";
            return input(name, false, () -> doubles(name, 1, meaning + "; NaN where it is missing", type));
        }
        if (!type.equals(SQLDataTypes.VectorType()) && !isArrayOfNumbers(type)) {
            throw new InvalidInput("a stage must read numbers or vectors of column \"" + name + "\", but it has "
                    + type.simpleString());
        }
        int width = size > 0
                ? size
                : AttributeGroup.fromStructField(types.apply(name)).size();
        Require.that(
                width > 0,
                "a graph of ONNX must know the size of each vector, but the metadata of column \"" + name
                        + "\" do not tell it; a VectorSizeHint in the pipeline does");
        return input(name, false, () -> doubles(name, width, "numbers; NaN where one is missing", type));
    }

    private static boolean isArrayOfNumbers(DataType type) {
        return type instanceof ArrayType array && array.elementType() instanceof NumericType;
    }

    private GraphColumn doubles(String name, int width, String meaning, DataType type) {
        return new GraphColumn(graph.input(name, Element.DOUBLE, width, meaning), width, type);
    }

    private GraphColumn input(String name, boolean asText, Supplier<GraphColumn> made) {
        GraphColumn column = read.get(name);
        if (column == null) {
            column = made.get();
            read.put(name, column);
            if (asText) {
                texts.add(name);
            }
        }
        Require.that(
                texts.contains(name) == asText,
                "an input of a graph must be text or numbers, but one stage reads column \"" + name
                        + "\" as text and another as numbers; give one of them a copy of the column");
        return column;
    }

    private DataType type(String name) {
        List<String> known = Arrays.asList(types.fieldNames());
        if (!known.contains(name)) {
            throw new InvalidInput(
                    "the types of all columns that the pipeline reads must be given, but that of \"" + name
                            + "\" is not"
                            + Require.nearest(name, known)
                                    .map(near -> "; did you mean \"" + near + "\"?")
                                    .orElse(""));
        }
        return types.apply(name).dataType();
    }
}
