package dev.kindling.table.encoding;

import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.table.value.ColumnValues;
import dev.kindling.table.value.NumberStyle;
import dev.kindling.table.value.RowProblem;
import dev.kindling.table.value.Values;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number, whether it is missing, and whether it is one that stands apart.
 *
 * @param truth whether it is true or false, as 1 and 0
 * @param flagged whether a feature is 1 where the number is missing
 * @param apart the number that a feature of its own is 1 for; null for none, as in models from before there was one
 * @param code whether that one is no quantity, such as -999: the scale's center takes its place
 */
public record NumberEncoding(
        String column,
        boolean truth,
        NumberStyle style,
        NumberScale scaling,
        boolean flagged,
        @Nullable Double apart,
        boolean code)
        implements ColumnEncoding {
    static final String MISSING = "missing";

    @Override
    public int width() {
        return 1 + (flagged ? 1 : 0) + (apart == null ? 0 : 1);
    }

    @Override
    public String words() {
        return truth
                ? "1 for true, 0 for false"
                : scaling.words() + (apart == null ? "" : "; and whether it is " + NumberScale.shown(apart));
    }

    @Override
    public List<Feature> features() {
        List<Feature> features = new ArrayList<>();
        features.add(Feature.number(column));
        if (flagged) {
            features.add(indicator(MISSING));
        }
        if (apart != null) {
            features.add(indicator(NumberScale.shown(apart)));
        }
        return features;
    }

    @Override
    public String write(Graph graph, boolean refusesUnseen) {
        String given = graph.input(
                column,
                Element.DOUBLE,
                1,
                (truth ? "1 for true, 0 for false" : "a number") + "; NaN where it is missing");
        graph.enter(column);
        String missing = graph.isNaN(given);
        String number = given;
        if (truth) {
            String either = graph.node(
                    "Or",
                    graph.node("Equal", given, graph.constant(0.0)),
                    graph.node("Equal", given, graph.constant(1.0)));
            number = graph.node("Where", either, given, graph.constant(Double.NaN));
        }
        String filled = graph.node("Where", missing, graph.constant(scaling.fill()), number);
        String isApart = apart == null ? missing : graph.node("Equal", given, graph.constant(apart));
        String quantity = code ? graph.node("Where", isApart, graph.constant(scaling.center()), filled) : filled;
        List<String> features = new ArrayList<>();
        features.add(scaling.write(graph, finite(graph, quantity)));
        if (flagged) {
            features.add(graph.cast(missing, Element.DOUBLE));
        }
        if (apart != null) {
            features.add(graph.cast(isApart, Element.DOUBLE));
        }
        return graph.concat(features);
    }

    /** NaN in the place of numbers that are refused. */
    static String finite(Graph graph, String numbers) {
        String small = graph.node("LessOrEqual", graph.node("Abs", numbers), graph.constant(Values.LARGEST));
        return graph.node("Where", small, numbers, graph.constant(Double.NaN));
    }

    @Override
    public void encode(@Nullable Object value, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen) {
        put(truth ? Values.truth(value) : Values.number(value, style), sink, first);
    }

    @Override
    public void encode(ColumnValues values, ZoneId zone, FeatureSink[] sinks, int first, boolean refusesUnseen) {
        if (truth) {
            ColumnEncoding.super.encode(values, zone, sinks, first, refusesUnseen);
            return;
        }
        double[] numbers = values.numbers(style.isPlain());
        for (int row = 0; row < sinks.length; row++) {
            try {
                put(Values.number(values, row, numbers[row], style), sinks[row], first);
            } catch (RowProblem e) {
                sinks[row].refuse(e.of(column));
            }
        }
    }

    private void put(double number, FeatureSink sink, int first) {
        boolean isMissing = Double.isNaN(number);
        if (isMissing && Double.isNaN(scaling.fill())) {
            throw ColumnEncoding.missing();
        }
        boolean isApart = apart != null && number == apart;
        double quantity = isApart && code ? scaling.center() : number;
        sink.put(first, scaling.apply(isMissing ? scaling.fill() : Values.requireFinite(quantity)));
        if (flagged && isMissing) {
            sink.put(first + 1, 1);
        }
        if (isApart) {
            sink.put(first + width() - 1, 1);
        }
    }
}
