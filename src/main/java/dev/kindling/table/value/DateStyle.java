package dev.kindling.table.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.kindling.linalg.InvalidInput;
import java.io.Serializable;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How texts write dates, or times of day: a pattern of {@link DateTimeFormatter}, or ISO 8601 where it is empty. */
public final class DateStyle implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final DateStyle ISO = new DateStyle("");

    /** {@code 2020-01-31}, also with {@code 10:30[:59[.5]]} after a blank or a T, and with a zone. */
    private static final String ISO_PATTERN =
            "uuuu-M-d[['T'][' ']H:mm[:ss[.SSSSSSSSS][.SSSSSS][.SSS][.SS][.S]]][ ][XXX][XX][X]";

    private static final List<String> DATES = List.of(
            "M/d/uuuu",
            "d/M/uuuu",
            "uuuu/M/d",
            "d.M.uuuu",
            "d-M-uuuu",
            "M-d-uuuu",
            "M/d/uu",
            "d/M/uu",
            "d.M.uu",
            "d-MMM-uuuu",
            "d MMM uuuu",
            "d MMMM uuuu",
            "MMM d, uuuu",
            "MMMM d, uuuu",
            "d-MMM-uu");

    private static final List<String> TIMES = List.of("[ H:mm[:ss]]", " h:mm[:ss] a");

    /** Times of day alone. */
    private static final List<String> CLOCKS = List.of("H:mm[:ss]", "h[:mm[:ss]][ ]a");

    /** The letters of patterns that tell of days. */
    private static final Pattern OF_DAYS = Pattern.compile("[GuyDMLdgQqYwWEecF]");

    private final String pattern;
    private final boolean clock;
    private transient @Nullable DateTimeFormatter formatter;

    private DateStyle(String pattern) {
        this.pattern = pattern;
        clock = !pattern.isEmpty()
                && !OF_DAYS.matcher(pattern.replaceAll("'[^']*'", "")).find();
    }

    /**
     * The style of a pattern.
     *
     * @throws InvalidInput if it is none
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static DateStyle of(String pattern) {
        DateStyle style = new DateStyle(pattern);
        try {
            style.formatter();
        } catch (IllegalArgumentException e) {
            throw new InvalidInput(
                    "a date's pattern must be one of java.time.format.DateTimeFormatter, such as dd/MM/yyyy, but is \""
                            + pattern + "\": " + e.getMessage());
        }
        return style;
    }

    /** The styles that read all texts, of those known. */
    public static List<DateStyle> reading(List<String> texts) {
        List<DateStyle> found = new ArrayList<>();
        if (texts.stream().allMatch(ISO::reads)) {
            return List.of(ISO);
        }
        List<String> patterns = new ArrayList<>();
        TIMES.forEach(time -> DATES.forEach(date -> patterns.add(date + time)));
        patterns.addAll(CLOCKS);
        for (String pattern : patterns) {
            DateStyle style = new DateStyle(pattern);
            if (texts.stream().allMatch(style::reads)) {
                found.add(style);
            }
        }
        return found;
    }

    /** Whether texts write times of day without a date. */
    public boolean isClock() {
        return clock;
    }

    /** What a column of such dates must hold, in words. */
    public String words() {
        return pattern.isEmpty() ? "dates" : (clock ? "times of day like " : "dates like ") + pattern;
    }

    private DateTimeFormatter formatter() {
        DateTimeFormatter known = formatter;
        if (known == null) {
            known = new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern(pattern.isEmpty() ? ISO_PATTERN : pattern)
                    .toFormatter(Locale.ENGLISH);
            formatter = known;
        }
        return known;
    }

    /** Whether the text writes a date so. */
    public boolean reads(String text) {
        return !Double.isNaN(seconds(text, ZoneOffset.UTC));
    }

    /** Seconds since 1970, or since midnight, on the clocks of the zone; NaN for another text. A text without a zone is in that zone. */
    double seconds(String text, ZoneId zone) {
        if (text.isEmpty() || text.length() > 64) {
            return Double.NaN;
        }
        try {
            // parseBest would throw for each date without a time or a zone, which takes longer than to read it
            TemporalAccessor read = formatter().parse(text);
            LocalDate date = read.query(TemporalQueries.localDate());
            LocalTime time = read.query(TemporalQueries.localTime());
            if (date == null) {
                return time == null || !clock ? Double.NaN : time.toSecondOfDay();
            }
            if (isMoved(date, text)) {
                return Double.NaN;
            }
            if (time == null) {
                return date.toEpochDay() * 86_400.0;
            }
            return Values.seconds(
                    read.query(TemporalQueries.zone()) == null
                            ? date.atTime(time)
                            : ZonedDateTime.from(read).withZoneSameInstant(zone).toLocalDateTime());
        } catch (DateTimeException e) {
            return Double.NaN;
        }
    }

    /** Whether the text writes a day that its month lacks, such as 30 February: the formatter takes the last one for it. */
    private boolean isMoved(LocalDate date, String text) {
        int last = date.lengthOfMonth();
        if (last == 31 || date.getDayOfMonth() != last) {
            return false;
        }
        TemporalAccessor written = formatter().parseUnresolved(text, new ParsePosition(0));
        return written.isSupported(ChronoField.DAY_OF_MONTH) && written.getLong(ChronoField.DAY_OF_MONTH) > last;
    }

    @JsonValue
    @Override
    public String toString() {
        return pattern;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DateStyle style && style.pattern.equals(pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }
}
