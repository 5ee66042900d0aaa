package dev.kindling.table.encoding;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.kindling.export.Graph;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.value.ColumnValues;
import dev.kindling.table.value.RowProblem;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a column's values become features. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NumberEncoding.class, name = "number"),
    @JsonSubTypes.Type(value = CategoryEncoding.class, name = "category"),
    @JsonSubTypes.Type(value = DateEncoding.class, name = "datetime"),
    @JsonSubTypes.Type(value = VectorEncoding.class, name = "vector")
})
public sealed interface ColumnEncoding extends Serializable
        permits NumberEncoding, CategoryEncoding, DateEncoding, VectorEncoding {

    String column();

    int width();

    /** What its features are, in words. */
    String words();

    /** Its features in their order. */
    List<Feature> features();

    /**
     * Writes the features of a row's value.
     *
     * @param value a number, a text, a truth, a date, or a {@code double[]} in the place of a vector; null where it is missing
     * @param first the index of the first feature
     * @param refusesUnseen whether a category that training did not know is refused
     * @throws RowProblem for a value that is refused
     */
    void encode(@Nullable Object value, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen);

    /** The same of the values in a block, with a sink for each row. */
    default void encode(ColumnValues values, ZoneId zone, FeatureSink[] sinks, int first, boolean refusesUnseen) {
        for (int row = 0; row < sinks.length; row++) {
            try {
                encode(values.plain(row), zone, sinks[row], first, refusesUnseen);
            } catch (RowProblem e) {
                sinks[row].refuse(e.of(column()));
            }
        }
    }

    /**
     * Adds the column to a graph as an input of its own. What {@link #encode} refuses becomes a feature that is NaN.
     *
     * @return the features (rows, width), in double
     * @throws InvalidInput if a graph cannot make them
     */
    String write(Graph graph, boolean refusesUnseen);

    /** A 0/1 feature of a category of the column. */
    default Feature indicator(String category) {
        return new Feature(column(), category);
    }

    static RowProblem missing() {
        return new RowProblem("must have a value in every row, because missing is error, but has none");
    }
}
