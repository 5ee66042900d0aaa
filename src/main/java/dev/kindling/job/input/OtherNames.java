package dev.kindling.job.input;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What options of Keras, scikit-learn, XGBoost and Spark ML are called here. */
public final class OtherNames {
    static final Map<String, String> OURS = Map.ofEntries(
            Map.entry("alpha", "--l2 L"),
            Map.entry("batch-normalization", "--batch-norm"),
            Map.entry("class-weight", "--class-weights balanced"),
            Map.entry("cv", "--folds K"),
            Map.entry("dropout-rate", "--dropout F"),
            Map.entry("early-stopping", "--patience N"),
            Map.entry("early-stopping-rounds", "--patience N"),
            Map.entry("epoch", "--epochs N"),
            Map.entry("eta", "--learning-rate R"),
            Map.entry("features-cols", "--features COLUMN,COLUMN,…"),
            Map.entry("hidden-layer-sizes", "--hidden W,W,…"),
            Map.entry("hidden-layers", "--hidden W,W,…"),
            Map.entry("hidden-units", "--hidden W,W,…"),
            Map.entry("input", "--train PATH"),
            Map.entry("kernel-initializer", "--initializer SPEC"),
            Map.entry("label-col", "--label COLUMN"),
            Map.entry("layers", "--hidden W,W,…"),
            Map.entry("learning-rate-init", "--learning-rate R"),
            Map.entry("lr", "--learning-rate R"),
            Map.entry("max-epochs", "--epochs N"),
            Map.entry("max-iter", "--epochs N"),
            Map.entry("n-epochs", "--epochs N"),
            Map.entry("n-iter", "--trials N"),
            Map.entry("n-iter-no-change", "--patience N"),
            Map.entry("na-values", "--null-value TEXT"),
            Map.entry("normalize", "--standardize"),
            Map.entry("num-epochs", "--epochs N"),
            Map.entry("objective", "--task TASK or --loss SPEC"),
            Map.entry("output-model", "--model DIR"),
            Map.entry("random-state", "--seed S"),
            Map.entry("reg-param", "--l2 L"),
            Map.entry("response", "--label COLUMN"),
            Map.entry("sep", "--delimiter C"),
            Map.entry("solver", "--optimizer SPEC"),
            Map.entry("step-size", "--learning-rate R"),
            Map.entry("target", "--label COLUMN"),
            Map.entry("test-size", "--test-fraction F"),
            Map.entry("units", "--hidden W,W,…"),
            Map.entry("validation-split", "--validation-fraction F"),
            Map.entry("weight-col", "--weight COLUMN"),
            Map.entry("weight-decay", "--l2 L, or --optimizer \"adamw(weightDecay=0.01)\""));

    private OtherNames() {}

    /** Our option for the first of these unknown words that has one. */
    public static Optional<String> ours(List<String> unknown) {
        return unknown.stream()
                .filter(word -> word.startsWith("--"))
                .map(word -> OURS.get(named(word)))
                .filter(ours -> ours != null)
                .findFirst();
    }

    private static String named(String word) {
        return word.replaceFirst("^--", "")
                .replaceFirst("=.*", "")
                .replaceAll("([a-z])([A-Z])", "$1-$2")
                .replace('_', '-')
                .toLowerCase(Locale.ROOT);
    }
}
