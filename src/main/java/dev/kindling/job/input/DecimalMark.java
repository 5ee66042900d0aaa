package dev.kindling.job.input;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.translate;
import static org.apache.spark.sql.functions.when;

import java.util.regex.Pattern;
import org.apache.spark.sql.Column;

/** The mark before the decimals of a number. The other mark, spaces and apostrophes may separate thousands. */
public enum DecimalMark {
    POINT(".", ","),
    COMMA(",", ".");

    private static final String SPACES = " \u00A0\u202F'\u2019";

    private final String mark;
    private final String separators;
    private final Pattern number;

    DecimalMark(String mark, String other) {
        this.mark = mark;
        this.separators = other + SPACES;
        this.number = Pattern.compile("[-+]?([1-9]\\d{0,2}([" + separators + "])\\d{3}(\\2\\d{3})*|\\d+)([" + mark
                + "]\\d*)?([eE][-+]?\\d+)?|[-+]?[" + mark + "]\\d+([eE][-+]?\\d+)?");
    }

    /** Whether the text is a number with this mark. */
    public boolean isNumber(String text) {
        return number.matcher(text).matches();
    }

    /** Whether each text is a number with this mark. */
    Column isNumber(Column text) {
        return text.rlike("^(?:" + number.pattern() + ")$");
    }

    /** The texts with a decimal point and without separators; null for what is no number. */
    public Column plain(Column text) {
        return when(isNumber(text), translate(text, mark + separators, ".")).otherwise(lit(null));
    }

    @Override
    public String toString() {
        return mark;
    }
}
