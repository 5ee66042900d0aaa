package dev.kindling.table.encoding;

import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.linalg.Require;
import dev.kindling.table.profile.ColumnProfile;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.sql.Row;

/**
 * The numbers of a vector or an array.
 *
 * @param scaling of each
 * @param flagged whether a last feature is 1 where the whole vector is missing
 */
public record VectorEncoding(String column, List<NumberScale> scaling, boolean flagged) implements ColumnEncoding {

    public VectorEncoding(String column, List<NumberScale> scaling, boolean flagged) {
        this.column = column;
        this.scaling = new ArrayList<>(scaling);
        this.flagged = flagged;
    }

    @Override
    public int width() {
        return scaling.size() + (flagged ? 1 : 0);
    }

    @Override
    public String words() {
        boolean scaled = scaling.stream().anyMatch(scale -> !scale.words().equals("x"));
        return "its " + scaling.size() + " numbers" + (scaled ? ", each scaled" : "");
    }

    @Override
    public List<Attribute> attributes() {
        List<Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < scaling.size(); i++) {
            attributes.add(NumericAttribute.defaultAttr().withName(column + "[" + i + "]"));
        }
        if (flagged) {
            attributes.add(indicator(NumberEncoding.MISSING));
        }
        return attributes;
    }

    @Override
    public String write(Graph graph, boolean refusesUnseen) {
        Require.that(
                !flagged,
                "an ONNX graph of a table cannot tell a missing vector, but column \"" + column
                        + "\" had such rows in training; export the network alone (--form network)");
        int size = scaling.size();
        String given = graph.input(column, Element.DOUBLE, size, "numbers; NaN where one is missing");
        graph.enter(column);
        List<String> features = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String number = graph.columns(given, i);
            String missing = graph.isNaN(number);
            String fill = graph.constant(scaling.get(i).fill());
            String filled = graph.node("Where", missing, fill, number);
            features.add(scaling.get(i).write(graph, NumberEncoding.finite(graph, filled)));
        }
        return graph.concat(features);
    }

    @Override
    public void encode(Row row, int place, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen) {
        boolean isMissing = row.isNullAt(place);
        double[] values = isMissing ? new double[0] : ColumnProfile.elements(row.get(place));
        if (!isMissing) {
            ColumnProfile.requireSize(scaling.size(), values.length);
        }
        for (int i = 0; i < scaling.size(); i++) {
            NumberScale scale = scaling.get(i);
            double value = isMissing || Double.isNaN(values[i]) ? scale.fill() : ColumnProfile.requireFinite(values[i]);
            if (Double.isNaN(value)) {
                throw ColumnEncoding.missing();
            }
            sink.put(first + i, scale.apply(value));
        }
        if (flagged && isMissing) {
            sink.put(first + scaling.size(), 1);
        }
    }
}
