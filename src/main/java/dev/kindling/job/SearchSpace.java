package dev.kindling.job;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.params.ParamOption;
import dev.kindling.ml.search.RandomParamGrid;
import dev.kindling.search.Distribution;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;

/**
 * The options to search, each with a distribution of numbers, such as {@code learning-rate=logUniform(1e-4, 1e-1)}, or with
 * values to choose from, such as {@code hidden=64|128,64}; or {@code auto}.
 */
final class SearchSpace {
    static final String AUTO = "auto";

    private final boolean isAuto;
    private final EstimatorOptions options;
    private final Map<String, String> given = new LinkedHashMap<>(); // by option

    /**
     * @param texts each {@code NAME=VALUES}
     * @param options changed so that an estimator with them accepts the values to come
     */
    SearchSpace(List<String> texts, EstimatorOptions options) {
        this.options = options;
        this.isAuto = texts.equals(List.of(AUTO));
        if (isAuto) {
            return;
        }
        for (String text : texts) {
            int equals = text.indexOf('=');
            Require.that(
                    equals > 0 && equals + 1 < text.length(),
                    "--space must be an option and its values, such as learning-rate=logUniform(1e-4, 1e-1) or"
                            + " hidden=64|128,64, or auto alone, but is " + InvalidInput.value(text));
            String option = "--" + text.substring(0, equals).trim().replaceFirst("^--", "");
            Require.oneOf(option.substring(2), names(), "option of --space");
            Require.that(
                    !given.containsKey(option), "--space must name each option once, but names " + option + " twice");
            given.put(option, text.substring(equals + 1).trim());
        }
        preparePenalty();
        String architecture = options.option(new MlpClassifier().architecture());
        if (given.containsKey(architecture)) {
            options.put(architecture, choices(architecture).get(0));
        }
    }

    private Set<String> names() {
        return options.searchable().stream()
                .map(option -> option.substring(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void preparePenalty() {
        boolean l1 = given.containsKey(EstimatorOptions.L1);
        boolean l2 = given.containsKey(EstimatorOptions.L2);
        Require.that(!l1 || !l2, "--space must name one of --l1 and --l2, as one number stands for both");
        if (l1) {
            Require.that(
                    options.penalty(EstimatorOptions.L2) == 0,
                    "--l2 must be left out where --space has --l1, as one number stands for both");
            options.put(EstimatorOptions.L1, 1.0); // all of the penalty is L1
        }
        if (l2) {
            Require.that(
                    options.penalty(EstimatorOptions.L1) == 0,
                    "--l1 must be left out where --space has --l2, as one number stands for both");
        }
    }

    private List<String> choices(String option) {
        return Arrays.stream(given.getOrDefault(option, "").split("\\|"))
                .map(String::trim)
                .toList();
    }

    /** The space as the estimator's params. */
    RandomParamGrid grid(MlpEstimatorParams<?> estimator, long seed) {
        if (isAuto) {
            RandomParamGrid grid = RandomParamGrid.auto(estimator, seed);
            Require.that(
                    !grid.params().isEmpty(),
                    "--space auto has nothing to search, because all of its options have values: leave one of "
                            + RandomParamGrid.auto(new MlpClassifier(), seed).params().stream()
                                    .map(options::option)
                                    .collect(Collectors.joining(", "))
                            + " out, or name options in --space");
            grid.params().forEach(param -> given.put(options.option(param), AUTO));
            return grid;
        }
        RandomParamGrid grid = new RandomParamGrid(seed);
        given.keySet().forEach(option -> {
            try {
                add(grid, estimator.getParam(options.param(option)), option);
            } catch (InvalidInput e) {
                throw new InvalidInput("--space " + option.substring(2) + ": " + e.getMessage());
            }
        });
        return grid;
    }

    private void add(RandomParamGrid grid, Param<?> param, String option) {
        String text = given.getOrDefault(option, "");
        boolean drawn = Spec.names(Distribution.class).stream().anyMatch(name -> text.startsWith(name + "("));
        if (drawn && param instanceof DoubleParam number) {
            grid.add(number, text);
        } else if (drawn && param instanceof IntParam number) {
            grid.add(number, text);
        } else {
            Require.that(!drawn, option + " is no number to draw: list values to choose from, with | between them");
            Function<String, Object> parser = parser(param, option);
            @SuppressWarnings("unchecked") // the parser makes the param's values
            Param<Object> chosen = (Param<Object>) param;
            grid.add(chosen, choices(option).stream().map(parser).toList());
        }
    }

    private static Function<String, Object> parser(Param<?> param, String option) {
        if (param instanceof BooleanParam) {
            return text -> Boolean.valueOf(Require.oneOf(text, List.of("true", "false"), option));
        }
        if (param instanceof DoubleParam) {
            return text -> number(text, option, Double::valueOf);
        }
        if (param instanceof IntParam) {
            return text -> number(text, option, Integer::valueOf);
        }
        if (param instanceof IntArrayParam) {
            return text -> Arrays.stream(text.split(","))
                    .mapToInt(width -> number(width.trim(), option, Integer::valueOf))
                    .toArray();
        }
        return text -> text;
    }

    private static <N> N number(String text, String option, Function<String, N> parse) {
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new InvalidInput("values of " + option + " must be numbers, but one is " + InvalidInput.value(text));
        }
    }

    /** The name, without dashes, of the option that searches a param. */
    String name(String param) {
        return given.keySet().stream()
                .filter(option -> options.param(option).equals(param))
                .findFirst()
                .map(option -> option.substring(2))
                .orElse(param);
    }

    /** Whether the option is searched. */
    boolean has(String option) {
        return given.containsKey(option);
    }

    /** The searched options with these values, one a line, in the format of an options file. */
    List<String> lines(MlpEstimatorParams<?> estimator, ParamMap values) {
        List<String> lines = new ArrayList<>();
        for (String option : given.keySet()) {
            Object value = values.apply(estimator.getParam(options.param(option)));
            if (value instanceof Boolean flag) {
                lines.add(flag ? option : option + "=false");
            } else {
                lines.add(option + " " + quoted(ParamOption.text(value)));
            }
        }
        return lines;
    }

    /** The value in the format of an options file, where a value with blanks needs quotes. */
    static String quoted(String value) {
        return value.matches(".*[\\s\"'#].*")
                ? '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : value;
    }
}
