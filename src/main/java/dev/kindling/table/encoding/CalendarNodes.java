package dev.kindling.table.encoding;

import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import java.util.ArrayList;
import java.util.List;

/**
 * Where dates are in their year, month, week and day, as nodes of a graph. It counts in whole doubles, by the algorithm of
 * Howard Hinnant, <a href="https://howardhinnant.github.io/date_algorithms.html#civil_from_days">chrono-compatible low-level
 * date algorithms</a>: there a year begins in March, so that the leap day is its last.
 */
final class CalendarNodes {
    private static final double TO_1970 = 719_468; // days from the first of March of the year 0
    private static final double ERA = 146_097; // days of 400 years
    private static final double MONTHS_BEFORE_JANUARY = 10; // from March
    private static final double DAYS_BEFORE_JANUARY = 306;
    private static final double DAYS_BEFORE_MARCH = 59; // of a year without a leap day

    private final Graph graph;
    private final String time; // of day, from 0 to 1
    private final String ofYear; // whole days since the first of the year
    private final String yearLength;
    private final String ofMonth;
    private final String monthLength;
    private final String ofWeek; // whole days since Monday

    /** @param days since 1970, (rows, 1), with the time of day as their fraction */
    CalendarNodes(Graph graph, String days) {
        this.graph = graph;
        String day = floor(days);
        time = sub(days, day);
        ofWeek = remainder(add(day, number(3)), 7); // 1970 began on a Thursday
        String shifted = add(day, number(TO_1970));
        String era = quotient(shifted, ERA);
        String ofEra = remainder(shifted, ERA);
        String withoutLeaps =
                sub(add(sub(ofEra, quotient(ofEra, 1_460)), quotient(ofEra, 36_524)), quotient(ofEra, ERA - 1));
        String year = quotient(withoutLeaps, 365); // of the era
        String ofMarchYear = sub(ofEra, sub(add(mul(year, number(365)), quotient(year, 4)), quotient(year, 100)));
        String month = quotient(add(mul(ofMarchYear, number(5)), number(2)), 153); // from March
        String monthStart = monthStart(month);
        ofMonth = sub(ofMarchYear, monthStart);
        String isLate = graph.node("GreaterOrEqual", month, number(MONTHS_BEFORE_JANUARY)); // January or February
        String civil = add(add(year, mul(era, number(400))), one(isLate));
        String leap = leap(civil);
        yearLength = add(leap, number(365));
        ofYear = graph.node(
                "Where",
                isLate,
                sub(ofMarchYear, number(DAYS_BEFORE_JANUARY)),
                add(add(ofMarchYear, leap), number(DAYS_BEFORE_MARCH)));
        String isFebruary = graph.node("Equal", month, number(MONTHS_BEFORE_JANUARY + 1));
        String length = sub(monthStart(add(month, number(1))), monthStart);
        monthLength = graph.node("Where", isFebruary, add(leap, number(28)), length);
    }

    /** Sines and cosines (rows, 1), one behind the other, of so many frequencies of each part. */
    List<String> waves(int years, int months, int weeks, int daily) {
        List<String> waves = new ArrayList<>();
        waves.addAll(waves(graph, graph.node("Div", add(ofYear, time), yearLength), years));
        waves.addAll(waves(graph, graph.node("Div", add(ofMonth, time), monthLength), months));
        waves.addAll(waves(graph, graph.node("Div", ofWeek, number(7)), weeks));
        waves.addAll(waves(graph, time, daily));
        return waves;
    }

    /** The same of a part, from 0 to 1. */
    static List<String> waves(Graph graph, String part, int frequencies) {
        List<String> waves = new ArrayList<>();
        for (int f = 1; f <= frequencies; f++) {
            String turns = graph.node("Mul", part, graph.constant(2 * Math.PI * f));
            String angle = graph.cast(turns, Element.FLOAT);
            waves.add(graph.cast(graph.node("Sin", angle), Element.DOUBLE));
            waves.add(graph.cast(graph.node("Cos", angle), Element.DOUBLE));
        }
        return waves;
    }

    /** The day of the year, from March, that a month begins with. */
    private String monthStart(String month) {
        return quotient(add(mul(month, number(153)), number(2)), 5);
    }

    /** 1 in leap years. */
    private String leap(String year) {
        String by400 = isZero(remainder(year, 400));
        String by100 = isZero(remainder(year, 100));
        String by4 = isZero(remainder(year, 4));
        return one(graph.node("Or", by400, graph.node("And", by4, graph.node("Not", by100))));
    }

    private String isZero(String value) {
        return graph.node("Equal", value, number(0));
    }

    private String one(String truth) {
        return graph.cast(truth, Element.DOUBLE);
    }

    private String quotient(String value, double divisor) {
        return floor(graph.node("Div", value, number(divisor)));
    }

    private String remainder(String value, double divisor) {
        return sub(value, mul(quotient(value, divisor), number(divisor)));
    }

    private String number(double value) {
        return graph.constant(value);
    }

    private String floor(String value) {
        return graph.floor(value);
    }

    private String add(String a, String b) {
        return graph.node("Add", a, b);
    }

    private String sub(String a, String b) {
        return graph.node("Sub", a, b);
    }

    private String mul(String a, String b) {
        return graph.node("Mul", a, b);
    }
}
