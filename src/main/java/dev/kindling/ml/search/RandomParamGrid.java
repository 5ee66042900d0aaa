package dev.kindling.ml.search;

import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.search.Distribution;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamPair;
import org.jspecify.annotations.Nullable;

/**
 * Random maps of params, for {@link MlpSearch} and for Spark's CrossValidator and TrainValidationSplit. With the same number
 * of trials, a grid tries few values of each param, and a random search tries a new value in each trial. The same seed,
 * params and order of calls give the same maps.
 */
public final class RandomParamGrid {
    private final long seed;
    private final List<Dimension<?>> dimensions;

    public RandomParamGrid(long seed) {
        this(seed, new ArrayList<>());
    }

    private RandomParamGrid(long seed, List<Dimension<?>> dimensions) {
        this.seed = seed;
        this.dimensions = dimensions;
    }

    /**
     * The space to look in where nothing is known: learning rate, widths and activation of the hidden layers, dropout and
     * weight decay. Params that are set on the estimator keep their values.
     */
    public static RandomParamGrid auto(MlpEstimatorParams<?> estimator, long seed) {
        RandomParamGrid all = new RandomParamGrid(seed)
                .add(estimator.stepSize(), new Distribution.LogUniform(5e-4, 1e-2))
                .add(
                        estimator.hiddenLayers(),
                        List.of(new int[] {64}, new int[] {128, 64}, new int[] {256, 128}, new int[] {256, 256, 256}))
                .add(estimator.activation(), List.of("relu", "selu", "silu"))
                .add(estimator.dropout(), new Distribution.Uniform(0, 0.5))
                .add(estimator.optimizer(), List.of("adam", "adamw(weightDecay=0.01)", "adamw(weightDecay=0.1)"));
        List<Param<?>> fixed = new ArrayList<>();
        if (estimator.isSet(estimator.architecture())) {
            fixed.addAll(estimator.paramSet().replacedByArchitecture());
        }
        List<Dimension<?>> open = all.dimensions.stream()
                .filter(each -> !estimator.isSet(each.param()) && !fixed.contains(each.param()))
                .toList();
        return new RandomParamGrid(seed, new ArrayList<>(open));
    }

    /** One param and the source of its values. */
    private interface Dimension<T> {
        Param<T> param();

        ParamPair<?> draw(SplitMix64 random);

        /** The same, narrowed to the range of these values. */
        Dimension<T> narrowed(List<T> values);

        default @Nullable Distribution distribution() {
            return null;
        }
    }

    private record Numbers<T>(Param<T> param, Distribution distribution, Function<Number, ParamPair<T>> pair)
            implements Dimension<T> {
        @Override
        public ParamPair<T> draw(SplitMix64 random) {
            return pair.apply(distribution.draw(random));
        }

        @Override
        public Dimension<T> narrowed(List<T> values) {
            List<Number> numbers = values.stream().map(Number.class::cast).toList();
            return new Numbers<>(param, distribution.narrowed(numbers), pair);
        }
    }

    private record Choices<T>(Param<T> param, List<T> values) implements Dimension<T> {
        @Override
        public ParamPair<T> draw(SplitMix64 random) {
            return param.w(values.get(random.nextInt(values.size())));
        }

        @Override
        public Dimension<T> narrowed(List<T> drawn) {
            return new Choices<>(
                    param,
                    values.stream()
                            .filter(value -> drawn.stream().anyMatch(each -> Objects.deepEquals(each, value)))
                            .toList());
        }
    }

    /** Draws from a distribution such as {@code logUniform(1e-5, 1e-1)} or {@code uniform(0, 0.5)}. */
    public RandomParamGrid add(DoubleParam param, String distribution) {
        return add(param, Spec.parse(Distribution.class, distribution));
    }

    /** The same as an object. */
    public RandomParamGrid add(DoubleParam param, Distribution distribution) {
        return add(new Numbers<>(param, distribution, number -> param.w(number.doubleValue())));
    }

    /** Draws whole numbers from a distribution such as {@code int(1, 5)} or, cut off, {@code logUniform(16, 512)}. */
    public RandomParamGrid add(IntParam param, String distribution) {
        return add(param, Spec.parse(Distribution.class, distribution));
    }

    /** The same as an object. */
    public RandomParamGrid add(IntParam param, Distribution distribution) {
        return add(new Numbers<>(param, distribution, number -> param.w(number.intValue())));
    }

    /** Draws one of these values, such as specs of optimizers or widths of hidden layers. */
    public <T> RandomParamGrid add(Param<T> param, List<T> choices) {
        Require.that(!choices.isEmpty(), "there must be at least one value of " + param.name() + " to choose from");
        return add(new Choices<>(param, List.copyOf(choices)));
    }

    private RandomParamGrid add(Dimension<?> dimension) {
        dimensions.add(dimension);
        return this;
    }

    /**
     * The maps of so many trials.
     *
     * @throws IllegalArgumentException from the param's own check, for a value that the param does not allow
     */
    public ParamMap[] build(int trials) {
        Require.positive(trials, "the number of trials");
        ParamMap[] maps = new ParamMap[trials];
        for (int trial = 0; trial < trials; trial++) {
            maps[trial] = draw(trial);
        }
        return maps;
    }

    /** The map of a trial, counted from 0. */
    ParamMap draw(int trial) {
        ParamMap map = new ParamMap();
        for (int i = 0; i < dimensions.size(); i++) {
            SplitMix64 random = RandomKey.of(seed).fold(trial).fold(i).generator();
            map.put(new ParamPair<?>[] {dimensions.get(i).draw(random)});
        }
        return map;
    }

    /** The params that are drawn, in the order in which they were added. */
    public List<Param<?>> params() {
        return dimensions.stream().<Param<?>>map(Dimension::param).toList();
    }

    /** The distribution of a param's numbers; null if the param has a list of choices. */
    @Nullable
    Distribution distribution(Param<?> param) {
        return dimensions.stream()
                .filter(dimension -> dimension.param().equals(param))
                .findFirst()
                .map(Dimension::distribution)
                .orElse(null);
    }

    /** A grid that is narrowed to the range of these maps. */
    RandomParamGrid narrowed(List<ParamMap> maps) {
        return new RandomParamGrid(
                seed,
                new ArrayList<>(dimensions.stream()
                        .<Dimension<?>>map(dimension -> narrowed(dimension, maps))
                        .toList()));
    }

    private static <T> Dimension<T> narrowed(Dimension<T> dimension, List<ParamMap> maps) {
        return dimension.narrowed(
                maps.stream().map(map -> map.apply(dimension.param())).toList());
    }
}
