package dev.kindling.ml;

import dev.kindling.data.Shards;
import dev.kindling.engine.PermutationImportance;
import dev.kindling.ml.internal.LabelledRows;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.ml.internal.SchemaCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;

/**
 * What one feature is worth to a model: by how much its accuracy or R² on some rows falls where the feature's values are
 * dealt out anew among them. Of features that tell the same each may seem worthless, for the other stands in.
 *
 * @param index its place in the vector
 * @param name as the column's metadata tell, else {@code feature 3}
 * @param mean over the repetitions
 * @param deviation of the repetitions, that of a population
 */
public record FeatureImportance(int index, String name, double mean, double deviation) {

    /** Of all features, the most important first. */
    static List<FeatureImportance> of(
            Dataset<?> dataset, MlpModel model, String features, String label, int repeats, long seed) {
        SchemaCheck.labelled(dataset.schema(), model, features, label);
        NetworkWeights trained = model.trained();
        List<String> names = LabelledRows.featureNames(dataset.schema(), features);
        try (Shards shards =
                LabelledRows.pack(dataset, model, features, label, trained.loss, trained.shards, seed, 0)) {
            double[][] falls = PermutationImportance.of(
                    shards, trained.network, trained.loss, trained.parameters, trained.gemm, repeats, seed);
            List<FeatureImportance> all = new ArrayList<>();
            for (int j = 0; j < falls.length; j++) {
                all.add(of(j, j < names.size() ? names.get(j) : "feature " + j, falls[j]));
            }
            all.sort(Comparator.comparingDouble(FeatureImportance::mean).reversed());
            return List.copyOf(all);
        }
    }

    private static FeatureImportance of(int index, String name, double[] falls) {
        double mean = Arrays.stream(falls).average().orElse(0);
        double variance = Arrays.stream(falls)
                .map(fall -> (fall - mean) * (fall - mean))
                .average()
                .orElse(0);
        return new FeatureImportance(index, name, mean, Math.sqrt(variance));
    }
}
