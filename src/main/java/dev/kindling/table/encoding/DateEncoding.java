package dev.kindling.table.encoding;

import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.table.value.DateStyle;
import dev.kindling.table.value.Values;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A date: its day number, and where it is in its year, month and week as sines and cosines; and where the training rows had
 * times, where it is in its day. Of a time of day: the part of the day that has passed, and where that is in its day. Missing ones
 * have the number that fills them, and none of the others.
 *
 * @param timed whether the training rows had times
 * @param flagged whether a last feature is 1 where the date is missing
 */
public record DateEncoding(String column, DateStyle style, NumberScale scaling, boolean timed, boolean flagged)
        implements ColumnEncoding {
    public static final double DAY = 86_400;

    private static final int YEARS = 2; // how many frequencies of each
    private static final int MONTHS = 1;
    private static final int WEEKS = 3;
    private static final int DAYS = 2;

    private int waves() {
        return style.isClock() ? DAYS : YEARS + MONTHS + WEEKS + (timed ? DAYS : 0);
    }

    @Override
    public int width() {
        return 1 + 2 * waves() + (flagged ? 1 : 0);
    }

    @Override
    public String words() {
        return style.isClock()
                ? "time of day, and its sines and cosines"
                : "day number, and sines and cosines of year, month, week" + (timed ? " and time of day" : "");
    }

    @Override
    public List<Feature> features() {
        List<Feature> features = new ArrayList<>();
        if (style.isClock()) {
            add(features, "time of day");
            wave(features, "time of day", DAYS);
        } else {
            add(features, "day number");
            wave(features, "year", YEARS);
            wave(features, "month", MONTHS);
            wave(features, "week", WEEKS);
            wave(features, "time of day", timed ? DAYS : 0);
        }
        if (flagged) {
            features.add(indicator(NumberEncoding.MISSING));
        }
        return features;
    }

    private void wave(List<Feature> features, String part, int frequencies) {
        for (int f = 1; f <= frequencies; f++) {
            add(features, part + " sin " + f);
            add(features, part + " cos " + f);
        }
    }

    private void add(List<Feature> features, String part) {
        features.add(Feature.number(column + " (" + part + ")"));
    }

    @Override
    public String write(Graph graph, boolean refusesUnseen) {
        String given = graph.input(
                column,
                Element.DOUBLE,
                1,
                "seconds since " + (style.isClock() ? "midnight" : "1970 on the clocks of the model's time zone")
                        + "; NaN where it is missing");
        graph.enter(column);
        String missing = graph.isNaN(given);
        String since = graph.node("Div", NumberEncoding.finite(graph, given), graph.constant(DAY));
        String days = style.isClock() ? graph.node("Sub", since, graph.floor(since)) : since;
        List<String> features = new ArrayList<>();
        features.add(scaling.write(graph, graph.node("Where", missing, graph.constant(scaling.fill()), days)));
        String known = graph.node("Where", missing, graph.constant(0.0), days);
        String waves = graph.concat(
                style.isClock()
                        ? CalendarNodes.waves(graph, known, DAYS)
                        : new CalendarNodes(graph, known).waves(YEARS, MONTHS, WEEKS, timed ? DAYS : 0));
        features.add(graph.node("Where", missing, graph.constant(0.0), waves));
        if (flagged) {
            features.add(graph.cast(missing, Element.DOUBLE));
        }
        return graph.concat(features);
    }

    @Override
    public void encode(@Nullable Object value, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen) {
        double seconds = Values.seconds(value, style, zone);
        if (Double.isNaN(seconds)) {
            if (Double.isNaN(scaling.fill())) {
                throw ColumnEncoding.missing();
            }
            sink.put(first, scaling.apply(scaling.fill()));
            if (flagged) {
                sink.put(first + width() - 1, 1);
            }
            return;
        }
        double days = seconds / DAY;
        double time = days - Math.floor(days);
        int next = first + 1;
        if (style.isClock()) {
            sink.put(first, scaling.apply(time));
            wave(sink, next, time, DAYS);
            return;
        }
        LocalDate date = LocalDate.ofEpochDay((long) Math.floor(days));
        sink.put(first, scaling.apply(days));
        next = wave(sink, next, (date.getDayOfYear() - 1 + time) / date.lengthOfYear(), YEARS);
        next = wave(sink, next, (date.getDayOfMonth() - 1 + time) / date.lengthOfMonth(), MONTHS);
        next = wave(sink, next, (date.getDayOfWeek().getValue() - 1) / 7.0, WEEKS);
        wave(sink, next, time, timed ? DAYS : 0);
    }

    private static int wave(FeatureSink sink, int first, double part, int frequencies) {
        for (int f = 1; f <= frequencies; f++) {
            double angle = 2 * Math.PI * f * part;
            sink.put(first + 2 * f - 2, StrictMath.sin(angle));
            sink.put(first + 2 * f - 1, StrictMath.cos(angle));
        }
        return first + 2 * frequencies;
    }
}
