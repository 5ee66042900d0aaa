package dev.kindling.table.value;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads durations such as {@code 36:15}, {@code 1:02:33.5} and {@code 2 days 01:02:33}: the last number counts once, each before it
 * sixty times the next. As Python and pandas write them, {@code -1 day, 23:00:00} and {@code -1 days +23:00:00} are an hour before 0: a
 * time behind a comma or a sign of its own is added to the days.
 */
final class Durations {
    private static final Pattern TWO = Pattern.compile("([-+]?)(\\d{1,9}):([0-5]\\d(?:\\.\\d+)?)");
    private static final Pattern THREE =
            Pattern.compile("([-+]?)(?:(\\d{1,9}) days?( |, | [-+]))?(\\d{1,9}):([0-5]\\d):([0-5]\\d(?:\\.\\d+)?)");

    private Durations() {}

    /**
     * Whether all are. {@code 36:15} beside {@code 1:02:33} is in minutes and seconds, if it has less than sixty minutes and that one
     * less than a day; otherwise the two may be in hours and minutes.
     */
    static boolean are(List<String> texts) {
        long twos = 0;
        boolean minutes = true;
        for (String text : texts) {
            Matcher two = TWO.matcher(text);
            Matcher three = THREE.matcher(text);
            if (two.matches()) {
                twos++;
                minutes &= Long.parseLong(two.group(2)) < 60;
            } else if (three.matches()) {
                minutes &= Long.parseLong(three.group(4)) < 24;
            } else {
                return false;
            }
        }
        return twos == 0 || twos == texts.size() || minutes;
    }

    /** The duration, in seconds; of two numbers in minutes if they are hours and minutes. NaN for another text. */
    static double parse(String text) {
        Matcher three = THREE.matcher(text);
        if (three.matches()) {
            double minutes = 60 * Double.parseDouble(three.group(4)) + Double.parseDouble(three.group(5));
            double time = 60 * minutes + Double.parseDouble(three.group(6));
            @Nullable String days = three.group(2);
            if (days == null) {
                return signed(three.group(1), time);
            }
            double seconds = 86_400 * Double.parseDouble(days);
            return switch (three.group(3)) {
                case " " -> signed(three.group(1), seconds + time);
                case " -" -> signed(three.group(1), seconds) - time;
                default -> signed(three.group(1), seconds) + time;
            };
        }
        Matcher two = TWO.matcher(text);
        return two.matches()
                ? signed(two.group(1), 60 * Double.parseDouble(two.group(2)) + Double.parseDouble(two.group(3)))
                : Double.NaN;
    }

    private static double signed(String sign, double seconds) {
        return sign.equals("-") ? -seconds : seconds;
    }
}
