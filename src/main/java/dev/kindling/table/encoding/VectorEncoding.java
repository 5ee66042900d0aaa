package dev.kindling.table.encoding;

import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.linalg.Require;
import dev.kindling.table.value.RowProblem;
import dev.kindling.table.value.Values;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    public List<Feature> features() {
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < scaling.size(); i++) {
            features.add(Feature.number(column + "[" + i + "]"));
        }
        if (flagged) {
            features.add(indicator(NumberEncoding.MISSING));
        }
        return features;
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
    public void encode(@Nullable Object value, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen) {
        boolean isMissing = value == null;
        double[] values = elements(value);
        if (!isMissing) {
            Values.requireSize(scaling.size(), values.length);
        }
        for (int i = 0; i < scaling.size(); i++) {
            NumberScale scale = scaling.get(i);
            double number = isMissing || Double.isNaN(values[i]) ? scale.fill() : Values.requireFinite(values[i]);
            if (Double.isNaN(number)) {
                throw ColumnEncoding.missing();
            }
            sink.put(first + i, scale.apply(number));
        }
        if (flagged && isMissing) {
            sink.put(first + scaling.size(), 1);
        }
    }

    private static double[] elements(@Nullable Object value) {
        if (value == null) {
            return new double[0];
        }
        if (value instanceof double[] elements) {
            return elements;
        }
        throw RowProblem.other("vectors", value);
    }
}
