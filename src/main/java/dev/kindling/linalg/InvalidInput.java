package dev.kindling.linalg;

import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A user error: an option, a column, a row or a file that the user must fix. The message is one sentence in the user's
 * words that says what must hold and what was given; it is shown without a stack trace. The only value of the data in
 * it is the faulty one, and {@link #redacted} leaves that out too.
 */
public final class InvalidInput extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    // Unicode reserves these two characters for internal use. They mark values within a message, through whatever adds
    // to it.
    private static final char BEGIN = '\uFDD0';
    private static final char END = '\uFDD1';
    private static final String MARKS = "[" + BEGIN + END + "]";

    private final String redacted;

    /**
     * Rejects an input.
     *
     * @param message one sentence: what must hold, and what was given; pass anything from the data's rows through
     *     {@link #value}
     */
    public InvalidInput(String message) {
        super(printable(message.replaceAll(MARKS, "")));
        this.redacted = printable(message.replaceAll("(?s)" + BEGIN + ".*?" + END, "(redacted)"));
    }

    private InvalidInput(String message, String redacted) {
        super(message);
        this.redacted = redacted;
    }

    /** The same with words behind it, such as where the input was. */
    public InvalidInput followedBy(String words) {
        return new InvalidInput(getMessage() + words, redacted + words);
    }

    /** Marks a value of the data within a message, until the exception is created. */
    public static String value(Object value) {
        return BEGIN + value.toString().replaceAll(MARKS, "") + END;
    }

    /**
     * A text for a terminal or a log: control characters, line breaks and invisible characters such as those that reverse
     * the direction of writing become escapes such as {@code \\u001B} and {@code \\n}. Joiners stay, because emoji have them.
     */
    public static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (isPrintable(point)) {
                shown.appendCodePoint(point);
            } else {
                shown.append(escape(point));
            }
        });
        return shown.toString();
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            case Character.FORMAT -> point == '\u200C' || point == '\u200D';
            default -> true;
        };
    }

    private static String escape(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                Character.toString(point)
                        .chars()
                        .mapToObj(unit -> String.format(Locale.ROOT, "\\u%04X", unit))
                        .collect(Collectors.joining());
        };
    }

    /** The message without values of the data. */
    public String redacted() {
        return redacted;
    }
}
