package dev.kindling.table.value;

import dev.kindling.linalg.InvalidInput;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands behind each number of a column: a unit such as {@code cm}, {@code L/100km} or {@code °C}, in the plural too; or a letter
 * for thousands, millions or billions, as in {@code 12.5k} beside {@code 3M} and {@code 900}.
 */
final class Unit {
    /** Of {@link #of}: each number has a letter of its own for its size, or none. */
    private static final String SIZES = "k|M|B";

    /** A number and a unit. */
    private static final Pattern WITH_UNIT = Pattern.compile(
            "(.{0,40}?\\d[.,]?(?:[eE][-+]?\\d+)?[^\\p{L}\\d]{0,3}?)[\\s\\u00A0]*([\\p{L}°/\"″+].{0,30})");

    private static final Pattern WITH_SIZE = Pattern.compile("(.*[\\d.])[\\s\\u00A0]?(k|K|M|B|bn|Bn)");
    private static final Pattern DECIMALS = Pattern.compile("\\d[.,]\\d{1,2}(?!\\d)"); // three digits may be thousands
    private static final Pattern BLANKS = Pattern.compile("[\\s\\u00A0]+$");

    private Unit() {}

    /**
     * The unit that all texts have, or most of them while the others have none; empty if there is none, or if one is a code such as
     * {@code 007A}. Letters for sizes that are not the same throughout may be those of codes, unless one comes after decimals.
     */
    static String of(List<String> texts) {
        String common = "";
        int with = 0;
        int sizes = 0;
        boolean mixed = false;
        boolean decimals = false;
        for (String text : texts) {
            Matcher found = WITH_UNIT.matcher(text);
            if (NumberStyle.isCode(text)) {
                return "";
            }
            if (!found.matches()) {
                continue;
            }
            String unit = singular(found.group(2));
            boolean isSize = WITH_SIZE.matcher(text).matches();
            sizes += isSize ? 1 : 0;
            decimals |= isSize && DECIMALS.matcher(text).find();
            mixed |= with > 0 && !unit.equals(common);
            common = unit;
            with++;
        }
        boolean varies = mixed || with < texts.size();
        boolean areSizes = varies ? decimals : !common.equals("K"); // which are Kelvin
        if (with > 0 && sizes == with && areSizes) {
            return SIZES;
        }
        return mixed || 2 * with < texts.size() ? "" : common;
    }

    private static String singular(String unit) {
        int last = unit.length() - 1;
        return last > 1 && unit.charAt(last) == 's' && Character.isLetter(unit.charAt(last - 1))
                ? unit.substring(0, last)
                : unit;
    }

    /** The text without the unit, if it has it. */
    static String strip(String text, String unit) {
        if (unit.equals(SIZES)) {
            Matcher sized = WITH_SIZE.matcher(text);
            return sized.matches() ? sized.group(1) : text;
        }
        String plural = unit + "s";
        boolean isPlural = unit.length() > 1 && text.endsWith(plural);
        return isPlural || text.endsWith(unit)
                ? BLANKS.matcher(text.substring(0, text.length() - (isPlural ? plural : unit).length()))
                        .replaceAll("")
                : text;
    }

    /** How numbers may have the unit. */
    static String words(String unit) {
        if (unit.equals(SIZES)) {
            return ", perhaps with k, M or B behind them";
        }
        return unit.isEmpty() ? "" : ", in \"" + InvalidInput.value(unit) + "\" or without a unit";
    }

    /** The power of ten that the letter behind a number stands for. */
    static int power(String text, String unit) {
        Matcher sized = WITH_SIZE.matcher(unit.equals(SIZES) ? text : "");
        if (!sized.matches()) {
            return 0;
        }
        return switch (sized.group(2)) {
            case "k", "K" -> 3;
            case "M" -> 6;
            default -> 9;
        };
    }
}
