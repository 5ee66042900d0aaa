package dev.kindling.ml;

import dev.kindling.diagnose.Distribution;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.nn.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamPair;

/**
 * Maps of params drawn at random, for Spark's CrossValidator and TrainValidationSplit: of as many trials a grid tries few
 * values of each param, and this as many values as there are trials. The same seed, params and order of calls draw the same.
 */
public final class RandomParamGrid {
    /** Puts a value drawn into a map. */
    private interface Draw {
        void into(ParamMap map, SplitMix64 random);
    }

    private final long seed;
    private final List<Draw> draws = new ArrayList<>();

    public RandomParamGrid(long seed) {
        this.seed = seed;
    }

    /** Draws from a distribution such as {@code logUniform(1e-5, 1e-1)} or {@code uniform(0, 0.5)}. */
    public RandomParamGrid add(DoubleParam param, String distribution) {
        return add(param, Spec.parse(Distribution.class, distribution));
    }

    /** The same as an object. */
    public RandomParamGrid add(DoubleParam param, Distribution distribution) {
        return add(random -> param.w(distribution.draw(random).doubleValue()));
    }

    /** Draws whole numbers from a distribution such as {@code int(1, 5)} or, cut off, {@code logUniform(16, 512)}. */
    public RandomParamGrid add(IntParam param, String distribution) {
        return add(param, Spec.parse(Distribution.class, distribution));
    }

    /** The same as an object. */
    public RandomParamGrid add(IntParam param, Distribution distribution) {
        return add(random -> param.w(distribution.draw(random).intValue()));
    }

    /** Draws one of these values, such as specs of optimizers or widths of hidden layers. */
    public <T> RandomParamGrid add(Param<T> param, List<T> choices) {
        Require.that(!choices.isEmpty(), "there must be at least one value of " + param.name() + " to choose from");
        List<T> own = List.copyOf(choices);
        return add(random -> param.w(own.get(random.nextInt(own.size()))));
    }

    private RandomParamGrid add(Function<SplitMix64, ParamPair<?>> pair) {
        draws.add((map, random) -> map.put(new ParamPair<?>[] {pair.apply(random)}));
        return this;
    }

    /**
     * So many maps; a value that a param does not allow is refused.
     *
     * @throws IllegalArgumentException as the param's own check throws it
     */
    public ParamMap[] build(int trials) {
        Require.positive(trials, "the number of trials");
        ParamMap[] maps = new ParamMap[trials];
        for (int trial = 0; trial < trials; trial++) {
            maps[trial] = new ParamMap();
            for (int i = 0; i < draws.size(); i++) {
                draws.get(i)
                        .into(
                                maps[trial],
                                RandomKey.of(seed).fold(trial).fold(i).generator());
            }
        }
        return maps;
    }
}
