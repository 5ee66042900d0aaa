package dev.kindling.table.encoding;

import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a number becomes a feature: centred and scaled in double, and perhaps clipped or replaced by its quantile.
 *
 * @param fill what a missing number becomes, before it is scaled; NaN if it is refused
 * @param clip whether z becomes {@code z / sqrt(1 + (z/3)^2)}, within -3 and 3 (Holzmüller et al., "Better by Default", 2024)
 * @param quantiles the quantiles at equal steps of probability, if the feature is the probability; else empty
 */
public record NumberScale(double fill, double center, double scale, boolean clip, List<Double> quantiles)
        implements Serializable {
    /** So that the probabilities have variance 1. */
    private static final double SPREAD = Math.sqrt(12);

    public NumberScale(double fill, double center, double scale, boolean clip, List<Double> quantiles) {
        this.fill = fill;
        this.center = center;
        this.scale = scale;
        this.clip = clip;
        this.quantiles = new ArrayList<>(quantiles);
    }

    public static NumberScale unscaled(double fill) {
        return new NumberScale(fill, 0, 1, false, List.of());
    }

    /** The feature of a number x, in words. */
    String words() {
        if (!quantiles.isEmpty()) {
            return "share of rows below, between -1.73 and 1.73";
        }
        String scaled = scale == 1 ? centred() : (center == 0 ? "x" : "(" + centred() + ")") + " / " + shown(scale);
        return scaled + (clip ? ", smoothly clipped to -3 and 3" : "");
    }

    private String centred() {
        return center == 0 ? "x" : "x " + (center > 0 ? "- " : "+ ") + shown(Math.abs(center));
    }

    public static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    double apply(double value) {
        if (!quantiles.isEmpty()) {
            return SPREAD * (probability(value) - 0.5);
        }
        double scaled = (value - center) / scale;
        return clip ? scaled / Math.sqrt(1 + scaled * scaled / 9) : scaled;
    }

    /** {@link #apply} as nodes of a graph: over values (rows, columns), in double. NaN stays. */
    String write(Graph graph, String values) {
        if (!quantiles.isEmpty()) {
            String centred = graph.node("Sub", probability(graph, values), graph.constant(0.5));
            return graph.node("Mul", centred, graph.constant(SPREAD));
        }
        String centred = center == 0 ? values : graph.node("Sub", values, graph.constant(center));
        String scaled = scale == 1 ? centred : graph.node("Div", centred, graph.constant(scale));
        if (!clip) {
            return scaled;
        }
        String squared = graph.node("Div", graph.node("Mul", scaled, scaled), graph.constant(9.0));
        return graph.node("Div", scaled, graph.node("Sqrt", graph.node("Add", squared, graph.constant(1.0))));
    }

    private String probability(Graph graph, String values) {
        int last = quantiles.size() - 1;
        String steps = graph.constant(
                quantiles.stream().mapToDouble(Double::doubleValue).toArray());
        String below = count(graph, graph.node("Less", steps, values));
        String to = count(graph, graph.node("LessOrEqual", steps, values));
        String before = graph.node("Sub", below, graph.constant(1.0));
        String middle = graph.node("Div", graph.node("Add", before, to), graph.constant(2.0));
        String low = quantile(graph, steps, graph.node("Max", before, graph.constant(0.0)));
        String high = quantile(graph, steps, graph.node("Min", below, graph.constant((double) last)));
        String part = graph.node("Div", graph.node("Sub", values, low), graph.node("Sub", high, low));
        String place = graph.node("Where", graph.node("Greater", to, below), middle, graph.node("Add", before, part));
        String inside = graph.node("Div", place, graph.constant((double) last));
        String isFirst = graph.node("LessOrEqual", values, graph.constant(quantiles.get(0)));
        String isLast = graph.node("GreaterOrEqual", values, graph.constant(quantiles.get(last)));
        String bounded = graph.node("Where", isLast, graph.constant(1.0), inside);
        return graph.node("Where", isFirst, graph.constant(0.0), bounded);
    }

    /** How many of the quantiles: (rows, 1). */
    private static String count(Graph graph, String which) {
        return graph.node("ReduceSum", graph.cast(which, Element.DOUBLE), graph.constant(1L));
    }

    private static String quantile(Graph graph, String steps, String place) {
        return graph.node("Gather", steps, graph.cast(place, Element.INT64));
    }

    /** The share of training rows below the value, linear between quantiles. Of equal quantiles, the middle one; 0 and 1 at the ends. */
    private double probability(double value) {
        int last = quantiles.size() - 1;
        if (value <= quantiles.get(0) || value >= quantiles.get(last)) {
            return value <= quantiles.get(0) ? 0 : 1;
        }
        int below = 0; // quantiles less than the value
        while (below <= last && quantiles.get(below) < value) {
            below++;
        }
        int to = below; // quantiles not above it
        while (to <= last && quantiles.get(to) == value) {
            to++;
        }
        if (to > below) {
            return (below + to - 1) / 2.0 / last;
        }
        double low = quantiles.get(below - 1);
        return (below - 1 + (value - low) / (quantiles.get(below) - low)) / last;
    }
}
