package dev.kindling.score;

import dev.kindling.linalg.InvalidInput;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model predicts for a row: a class and the classes' probabilities, or the values of a regression. */
public final class Prediction {
    private final List<String> classes; // empty for a regression
    private final int predicted; // the index of the class
    private final double[] numbers; // (classes) probabilities, or (targets) values

    Prediction(List<String> classes, int predicted, double[] numbers) {
        this.classes = classes;
        this.predicted = predicted;
        this.numbers = numbers;
    }

    /** Whether it is a class; else values. */
    public boolean isClass() {
        return !classes.isEmpty();
    }

    /** The name of the predicted class: by the model's thresholds, if it has them. */
    public String label() {
        requireClasses("label");
        return classes.get(predicted);
    }

    /** The probabilities by class, in the order of {@link Scorer#classes()}. */
    public Map<String, Double> probabilities() {
        requireClasses("probabilities");
        Map<String, Double> byClass = new LinkedHashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            byClass.put(classes.get(i), numbers[i]);
        }
        return byClass;
    }

    /** The predicted value of a regression with one target. */
    public double value() {
        double[] all = values();
        if (all.length != 1) {
            throw new InvalidInput("a model must have one target for value(), but this one has " + all.length
                    + "; values() has them all");
        }
        return all[0];
    }

    /** The predicted values of a regression, one for each target. */
    public double[] values() {
        if (isClass()) {
            throw new InvalidInput("a model must be a regression for values(), but this one is a classifier");
        }
        return numbers.clone();
    }

    private void requireClasses(String method) {
        if (!isClass()) {
            throw new InvalidInput("a model must be a classifier for " + method + "(), but this one is a regression");
        }
    }

    @Override
    public String toString() {
        return isClass() ? label() + " " + probabilities() : Arrays.toString(numbers);
    }
}
