package dev.kindling.job;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.ml.params.ParamOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * The options of {@code train} that are params of the estimator. Each is built from its param: name, type, default and help.
 * Only the penalty is spelled differently here: {@code --l1} and {@code --l2} instead of {@code regParam} and {@code
 * elasticNetParam}.
 */
final class EstimatorOptions {
    static final String L1 = "--l1";
    static final String L2 = "--l2";

    private final MlpClassifier classifier = new MlpClassifier();
    private final MlpRegressor regressor = new MlpRegressor();
    private final Map<String, ParamOption> params = new LinkedHashMap<>(); // by option
    private final Map<String, OptionSpec> options = new LinkedHashMap<>(); // all, by name

    /** Adds the options to this mixin. */
    @Spec
    void addTo(CommandSpec own) {
        Iterator<ParamOption> ofRegressor = regressor.paramSet().options().iterator();
        for (ParamOption option : classifier.paramSet().options()) {
            params.put(option.name(), option);
            add(own, option(option, option.defaultText(), ofRegressor.next().defaultText()));
            if (option.param().equals(classifier.batchSize())) {
                add(own, penalty(L1, "Adds L*sum|w| to the loss"));
                add(own, penalty(L2, "Adds L/2*sum w^2 to the loss"));
            }
        }
    }

    private void add(CommandSpec own, OptionSpec option) {
        options.put(option.longestName(), option);
        own.addOption(option);
    }

    private static OptionSpec option(ParamOption option, @Nullable String ofClasses, @Nullable String ofValues) {
        OptionSpec.Builder builder = OptionSpec.builder(option.name()).type(type(option.param()));
        if (!option.label().isEmpty()) {
            builder.paramLabel(option.label());
        }
        if (option.param() instanceof IntArrayParam) {
            builder.splitRegex(",").hideParamSyntax(true);
        }
        String help = option.help();
        if (option.param() instanceof BooleanParam) {
            builder.arity("0..1").fallbackValue("true").paramLabel("BOOLEAN");
        }
        if (ofValues != null && (ofClasses == null || ofClasses.equals(ofValues))) {
            help += ". Default: " + ofValues;
        } else if (ofClasses != null) { // the estimator has its own
            help += ". Default: " + ofClasses + " for classes, " + ofValues + " for values";
        }
        return builder.description(help).build();
    }

    private static Class<?> type(Param<?> param) {
        if (param instanceof BooleanParam) {
            return Boolean.class;
        } else if (param instanceof IntParam) {
            return int.class;
        } else if (param instanceof LongParam) {
            return long.class;
        } else if (param instanceof DoubleParam) {
            return double.class;
        }
        return param instanceof IntArrayParam ? int[].class : String.class;
    }

    private static OptionSpec penalty(String name, String meaning) {
        return OptionSpec.builder(name)
                .type(double.class)
                .paramLabel("L")
                .defaultValue("0")
                .description(meaning + ". Default: 0")
                .build();
    }

    /**
     * Sets the estimator's params.
     *
     * @throws InvalidInput for the first option that is out of bounds
     */
    void applyTo(MlpEstimatorParams<?> estimator) {
        Set<String> replaced = value(option(estimator.architecture())) == null
                ? Set.of()
                : estimator.paramSet().replacedByArchitecture().stream()
                        .map(Param::name)
                        .collect(Collectors.toSet());
        for (ParamOption option : params.values()) {
            Object value = value(option.name());
            if (value == null || replaced.contains(option.param().name())) {
                continue;
            }
            if (estimator.hasParam(option.param().name())) {
                set(estimator, option, value);
            } else {
                Require.that(
                        value.equals(false), option.name() + " needs values to predict, but the labels are classes");
            }
        }
        estimator.paramSet().usePreset();
        double l1 = penalty(L1);
        double l2 = penalty(L2);
        estimator.setRegParam(l1 + l2);
        estimator.setElasticNetParam(l1 == 0 ? 0 : l1 / (l1 + l2));
    }

    /** The preset and the options that it decides for this estimator, as one types them. */
    static String preset(MlpEstimatorParams<?> estimator) {
        List<Param<?>> replaced =
                estimator.isSet(estimator.architecture()) ? estimator.paramSet().replacedByArchitecture() : List.of();
        return estimator.paramSet().ofPreset().stream()
                .filter(option -> !replaced.contains(option.param()))
                .map(option -> " " + option.name() + " "
                        + SearchSpace.quoted(option.briefText(
                                estimator.getDefault(option.param()).get())))
                .collect(Collectors.joining("", "preset " + estimator.getPreset(), ""));
    }

    private static void set(MlpEstimatorParams<?> estimator, ParamOption option, Object value) {
        if (value instanceof int[] widths) {
            for (int width : widths) {
                Require.that(width > 0, option.name() + " must list positive widths such as 256,128, but has " + width);
            }
        }
        try {
            option.set(estimator, value);
        } catch (InvalidInput e) {
            throw new InvalidInput(option.name() + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new InvalidInput(option.name() + " cannot be " + value + ": it is the " + option.meaning());
        }
    }

    /** The strength that an option of the penalty has. */
    double penalty(String option) {
        double strength = Objects.requireNonNull((Double) value(option));
        Require.nonNegative(strength, option);
        return strength;
    }

    private @Nullable Object value(String option) {
        return Objects.requireNonNull(options.get(option)).getValue();
    }

    /** Gives an option a value, as if it had been on the command line. */
    void put(String option, Object value) {
        Objects.requireNonNull(options.get(option)).setValue(value);
    }

    /** The option that sets a param. */
    String option(Param<?> param) {
        return params.values().stream()
                .filter(option -> option.param().name().equals(param.name()))
                .map(ParamOption::name)
                .findFirst()
                .orElseThrow();
    }

    /** The name of the param that an option sets. */
    String param(String option) {
        ParamOption param = params.get(option);
        return param != null ? param.param().name() : classifier.regParam().name();
    }

    /** The options whose values a search can choose. */
    Set<String> searchable() {
        Set<String> names = new TreeSet<>(options.keySet());
        params.values().stream().filter(ParamOption::isPlainText).forEach(option -> names.remove(option.name()));
        return names;
    }
}
