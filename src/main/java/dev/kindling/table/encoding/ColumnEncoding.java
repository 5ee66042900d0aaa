package dev.kindling.table.encoding;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.kindling.export.Graph;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.cache.BlockColumn;
import dev.kindling.table.profile.RowProblem;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

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

    /** The attributes of its features; one attribute each. */
    List<Attribute> attributes();

    /**
     * Writes the features of a row.
     *
     * @param place the column's place in the row
     * @param first the index of the first feature
     * @param refusesUnseen whether a category that training did not know is refused
     * @throws RowProblem for a value that is refused
     */
    void encode(Row row, int place, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen);

    /** The same of a value in a block. */
    default void encode(BlockColumn values, int row, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen) {
        encode(RowFactory.create(values.value(row)), 0, zone, sink, first, refusesUnseen);
    }

    /**
     * Adds the column to a graph as an input of its own. What {@link #encode} refuses becomes a feature that is NaN.
     *
     * @return the features (rows, width), in double
     * @throws InvalidInput if a graph cannot make them
     */
    String write(Graph graph, boolean refusesUnseen);

    /** A 0/1 feature of a category of the column. */
    default Attribute indicator(String category) {
        return BinaryAttribute.defaultAttr().withName(column()).withValues("other", category);
    }

    static RowProblem missing() {
        return new RowProblem("must have a value in every row, because missing is error, but has none");
    }
}
