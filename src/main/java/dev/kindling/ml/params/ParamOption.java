package dev.kindling.ml.params;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.jspecify.annotations.Nullable;

/**
 * A param as an option of the command line.
 *
 * @param name such as {@code --batch-size}
 * @param label what stands for the value in the help, such as {@code B}; empty for a flag
 * @param param its type is the option's type
 * @param value the default; null without one
 * @param meaning the param's documentation, which refers to other params by their options
 */
public record ParamOption(String name, String label, Param<?> param, @Nullable Object value, String meaning) {
    private static final String WHETHER = "whether to ";

    /** The default as one types it on the command line; null without one. */
    public @Nullable String defaultText() {
        return value == null ? null : text(value);
    }

    /** A value of this param as one types it, a spec without arguments that are defaults. */
    public String briefText(Object chosen) {
        return param instanceof SpecParam spec ? spec.brief((String) chosen) : text(chosen);
    }

    /** What the help says of it, without the default. */
    public String help() {
        String help = meaning.startsWith(WHETHER) ? meaning.substring(WHETHER.length()) : meaning;
        return Character.toUpperCase(help.charAt(0)) + help.substring(1);
    }

    /**
     * Sets the param of an estimator.
     *
     * @throws InvalidInput for an invalid spec
     * @throws IllegalArgumentException for a number that is out of bounds
     */
    public void set(Params estimator, Object value) {
        Param<Object> own = estimator.getParam(param.name());
        estimator.set(own, ParamSet.canonical(own, value));
    }

    /** Whether the param takes any text: a path or a column, so there is nothing to search over. */
    public boolean isPlainText() {
        return param.getClass() == Param.class;
    }

    /** A param's value as one types it on the command line. */
    public static String text(Object value) {
        if (value instanceof int[] numbers) {
            return Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining(","));
        }
        return value instanceof Double number ? Spec.print(number.doubleValue()) : value.toString();
    }
}
