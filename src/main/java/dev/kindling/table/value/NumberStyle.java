package dev.kindling.table.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.kindling.linalg.InvalidInput;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How texts write numbers: a form, and what may stand around it.
 *
 * <p>As a text, it is the form, the sign if some have one, {@code +BOUNDS} if some are bounds, and the unit behind a blank: {@code
 * PLAIN}, {@code POINT($)}, {@code POINT cm}, {@code COMMA+BOUNDS}. Numbers may have no sign and no unit, but no others.
 */
public final class NumberStyle implements Serializable {
    private static final long serialVersionUID = 1L;

    private enum Form {
        PLAIN,
        POINT,
        COMMA,
        DURATION
    }

    /** {@code -1234.5e6}. */
    public static final NumberStyle PLAIN = new NumberStyle(Form.PLAIN, "", false, "");
    /** Amounts and percentages such as {@code $1,234.50}, {@code (12)} or {@code 3.5 %}. */
    public static final NumberStyle POINT = new NumberStyle(Form.POINT, "", false, "");
    /** The same with a decimal comma: {@code 1.234,50 €}. */
    public static final NumberStyle COMMA = new NumberStyle(Form.COMMA, "", false, "");
    /** {@code 36:15} and {@code 1:02:33}: see {@link Durations}. */
    public static final NumberStyle DURATION = new NumberStyle(Form.DURATION, "", false, "");

    private static final Set<String> MISSING = Set.of(
            "?",
            "??",
            "na",
            "n/a",
            "#n/a",
            "#na",
            "nan",
            "null",
            "none",
            "nil",
            "-",
            "--",
            ".",
            "missing",
            "(missing)",
            "inf", // a quotient by 0, which is no quantity
            "+inf",
            "-inf",
            "infinity",
            "+infinity",
            "-infinity");

    /**
     * Of decimals without needless zeros, one in ten has fewer than three digits behind the mark. If none of so many has, and no number
     * without a mark is over 999, the mark is one of thousands.
     */
    private static final int MANY_MARKED = 50;

    private static final String BOUNDED = "+BOUNDS";
    private static final Pattern STYLE = Pattern.compile("(?s)(\\w+)(?:\\((\\S+)\\))?(\\+BOUNDS)?(?: (.*))?");
    private static final Pattern BOUND = Pattern.compile("(?:<=|>=|=<|=>|[<>≤≥])[\\s\\u00A0]*(.*[^+])|(.*\\d)\\+");

    private final Form form;
    private final String sign; // in front of numbers or behind them; empty for any
    private final boolean bounds;
    private final String unit;

    private NumberStyle(Form form, String sign, boolean bounds, String unit) {
        this.form = form;
        this.sign = sign;
        this.bounds = bounds;
        this.unit = unit;
    }

    /**
     * The style that {@link #toString} writes.
     *
     * @throws InvalidInput for another text
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static NumberStyle of(String text) {
        Matcher parts = STYLE.matcher(text);
        for (Form form : Form.values()) {
            if (parts.matches() && form.name().equals(parts.group(1))) {
                return new NumberStyle(
                        form,
                        Objects.requireNonNullElse(parts.group(2), ""),
                        parts.group(3) != null,
                        Objects.requireNonNullElse(parts.group(4), ""));
            }
        }
        throw new InvalidInput("numbers must be of a style such as PLAIN or \"POINT cm\", but are of \""
                + InvalidInput.value(text) + "\"");
    }

    /**
     * The styles that read all texts, the plainest ones: none, one, or {@link #POINT} and {@link #COMMA}, if a mark may be one of
     * decimals or of thousands. Bounds such as {@code <5} and {@code 100+} may be among more other numbers.
     */
    public static List<NumberStyle> reading(List<String> texts) {
        List<NumberStyle> found = exact(texts);
        if (found.isEmpty()) {
            long bounded = texts.stream().filter(NumberStyle::isBound).count();
            if (bounded > 0 && 2 * bounded < texts.size()) {
                return exact(texts.stream().map(NumberStyle::withoutBound).toList()).stream()
                        .map(style -> new NumberStyle(style.form, style.sign, true, style.unit))
                        .toList();
            }
        }
        return found;
    }

    private static List<NumberStyle> exact(List<String> texts) {
        if (PLAIN.readsAll(texts)) {
            return List.of(PLAIN);
        }
        List<String> signs = Amount.signs(texts);
        if (signs.size() > 1) {
            return List.of();
        }
        String sign = signs.isEmpty() ? "" : signs.get(0);
        List<NumberStyle> amounts = both(sign, "", texts);
        if (!amounts.isEmpty()) {
            return amounts;
        }
        if (Durations.are(texts)) { // before units: the same time behind all days would be one
            return List.of(DURATION);
        }
        String unit = Unit.of(texts);
        return unit.isEmpty() ? List.of() : both(sign, unit, texts);
    }

    private static List<NumberStyle> both(String sign, String unit, List<String> texts) {
        NumberStyle point = new NumberStyle(Form.POINT, sign, false, unit);
        NumberStyle comma = new NumberStyle(Form.COMMA, sign, false, unit);
        List<NumberStyle> found = List.of(point, comma).stream()
                .filter(style -> style.readsAll(texts))
                .toList();
        if (found.size() < 2) {
            return found;
        }
        int marked = 0;
        int larger = 0; // with a point for decimals
        boolean small = true;
        for (String text : texts) {
            double asPoint = Math.abs(point.parse(text));
            double asComma = Math.abs(comma.parse(text));
            marked += asPoint == asComma ? 0 : 1;
            larger += asPoint > asComma ? 1 : 0;
            small &= asPoint != asComma || asPoint < 1000;
        }
        boolean same = larger == 0 || larger == marked;
        boolean certain = same && small && marked >= MANY_MARKED && marked < texts.size();
        return certain ? List.of(larger == 0 ? comma : point) : found;
    }

    private boolean readsAll(List<String> texts) {
        return texts.stream().noneMatch(text -> Double.isNaN(parse(text)));
    }

    /** Whether a text stands for a missing value where it is among numbers or dates. */
    public static boolean isMissing(String text) {
        return MISSING.contains(text.toLowerCase(Locale.ROOT));
    }

    /** The number that a text without blanks at its ends writes; NaN if it writes none. */
    public double parse(String text) {
        String exact = bounds ? withoutBound(text) : text;
        String found = sign.isEmpty() ? "" : Amount.sign(exact);
        if (!found.isEmpty() && !found.equals(sign)) {
            return Double.NaN; // of another measure
        }
        return switch (form) {
            case PLAIN -> PlainNumber.parse(exact);
            case DURATION -> Durations.parse(exact);
            default ->
                unit.isEmpty()
                        ? Amount.parse(exact, form == Form.COMMA, 0)
                        : Amount.parse(Unit.strip(exact, unit), form == Form.COMMA, Unit.power(exact, unit));
        };
    }

    /** Whether texts write the numbers plainly: with a decimal point and nothing else. */
    public boolean isPlain() {
        return form == Form.PLAIN && !bounds;
    }

    /** Whether the style reads the text as a bound, such as {@code <5} or {@code 100+}. */
    public boolean readsBound(String text) {
        return bounds && isBound(text);
    }

    private static boolean isBound(String text) {
        return !withoutBound(text).equals(text);
    }

    private static String withoutBound(String text) {
        int last = text.length() - 1;
        if (last < 1 || ("<>=≤≥".indexOf(text.charAt(0)) < 0 && text.charAt(last) != '+')) {
            return text; // most texts
        }
        Matcher bound = BOUND.matcher(text);
        if (!bound.matches()) {
            return text;
        }
        @Nullable String below = bound.group(1);
        return below == null ? bound.group(2) : below;
    }

    /** What a column of such numbers must hold, for {@link RowProblem#other}. */
    String words() {
        String signs = sign.isEmpty() ? "" : ", with \"" + InvalidInput.value(sign) + "\" or without a sign";
        return form == Form.DURATION ? "durations such as 1:02:33" : "numbers" + signs + Unit.words(unit);
    }

    /** Whether a number is written with zeros before it, as codes are: {@code 01220}. */
    public static boolean isCode(String text) {
        return text.length() > 1 && isCode(text.charAt(0), text.charAt(1));
    }

    /** The same of a part of the bytes, in ASCII. */
    public static boolean isCode(byte[] text, int start, int end) {
        return end - start > 1 && isCode(text[start], text[start + 1]);
    }

    private static boolean isCode(int first, int second) {
        return first == '0' && Character.isDigit(second);
    }

    @JsonValue
    @Override
    public String toString() {
        return form
                + (sign.isEmpty() ? "" : "(" + sign + ")")
                + (bounds ? BOUNDED : "")
                + (unit.isEmpty() ? "" : " " + unit);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NumberStyle style && style.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
