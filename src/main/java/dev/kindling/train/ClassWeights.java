package dev.kindling.train;

import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Factors by which the weights of training rows are multiplied, by class: for classes that are rare or matter more.
 * Validation and test rows keep their weights.
 */
public sealed interface ClassWeights extends Serializable {

    /**
     * The factor of each class.
     *
     * @param totals the total weight of each class's training rows
     * @return null if all factors are 1
     */
    float @Nullable [] of(double[] totals);

    /** The same weight for all classes. */
    record None() implements ClassWeights {
        @Override
        public float @Nullable [] of(double[] totals) {
            return null;
        }
    }

    /** {@code W/(k·W_c)}: each of the k classes that occur gets the same total weight, as with scikit-learn's {@code balanced}. */
    record Balanced() implements ClassWeights {
        @Override
        public float @Nullable [] of(double[] totals) {
            double all = 0;
            int present = 0;
            for (double total : totals) {
                all += total;
                present += total > 0 ? 1 : 0;
            }
            float[] factors = new float[totals.length];
            for (int i = 0; i < factors.length; i++) {
                factors[i] = totals[i] > 0 ? (float) (all / (present * totals[i])) : 1f;
            }
            return factors;
        }
    }

    /** Factors of some classes; the others have 1. */
    record ByClass(List<Integer> classes, List<Double> factors) implements ClassWeights {
        public ByClass {
            classes = List.copyOf(classes);
            factors = List.copyOf(factors);
            Require.that(
                    classes.size() == factors.size(),
                    "there must be one class weight for each class named, but there are " + factors.size() + " for "
                            + classes.size());
            Require.that(
                    classes.size() == classes.stream().distinct().count(),
                    "each class must be named once, but the classes are " + classes);
            for (double factor : factors) {
                Require.nonNegative((float) factor, "each class weight, as a float32,");
            }
        }

        @Override
        public float[] of(double[] totals) {
            float[] values = new float[totals.length];
            Arrays.fill(values, 1f);
            for (int i = 0; i < classes.size(); i++) {
                int label = classes.get(i);
                Require.that(
                        label >= 0 && label < values.length,
                        "class weights must be for the classes 0 to " + (values.length - 1) + ", but one is for "
                                + label);
                values[label] = factors.get(i).floatValue();
            }
            return values;
        }
    }

    /** One factor per class, in the order of the class indices. */
    record Factors(List<Double> factors) implements ClassWeights {
        public Factors {
            factors = List.copyOf(factors);
            for (double factor : factors) {
                Require.nonNegative((float) factor, "each class weight, as a float32,");
            }
            Require.that(
                    factors.stream().anyMatch(factor -> factor > 0),
                    "at least one class weight must be above 0, but they are " + factors);
        }

        @Override
        public float[] of(double[] totals) {
            Require.that(
                    factors.size() == totals.length,
                    "there must be one class weight for each of the " + totals.length + " classes, but there are "
                            + factors.size());
            float[] values = new float[totals.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = factors.get(i).floatValue();
            }
            return values;
        }
    }
}
