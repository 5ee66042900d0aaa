package dev.kindling.table.value;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads durations such as {@code 36:15}, {@code 1:02:33.5} and {@code 2 days 01:02:33}: the last number counts once, each before it
 * sixty times the next.
 */
final class Durations {
    private static final Pattern TWO = Pattern.compile("([-+]?)(\\d{1,9}):([0-5]\\d(?:\\.\\d+)?)");
    private static final Pattern THREE =
            Pattern.compile("([-+]?)(?:(\\d{1,9}) days?,? )?(\\d{1,9}):([0-5]\\d):([0-5]\\d(?:\\.\\d+)?)");

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
                minutes &= Long.parseLong(three.group(3)) < 24;
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
            @Nullable String days = three.group(2);
            double hours = Double.parseDouble(three.group(3)) + (days == null ? 0 : 24 * Double.parseDouble(days));
            double minutes = 60 * hours + Double.parseDouble(three.group(4));
            return signed(three.group(1), 60 * minutes + Double.parseDouble(three.group(5)));
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
