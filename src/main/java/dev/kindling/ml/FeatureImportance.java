package dev.kindling.ml;

import dev.kindling.data.Shards;
import dev.kindling.engine.PermutationImportance;
import dev.kindling.ml.columns.FeatureRows;
import dev.kindling.ml.columns.SchemaCheck;
import dev.kindling.ml.internal.LabelledRows;
import dev.kindling.ml.internal.NetworkWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;

/**
 * The permutation importance of one feature: how far the model's accuracy or R² on some rows falls when the feature's values
 * are permuted among the rows. Correlated features may each seem unimportant, because the others stand in. Features that one
 * column of a table became, such as those of its categories, are one feature here, if the vector's metadata tell.
 *
 * @param index the position in the feature vector, of the first of several
 * @param name the name in the column's metadata, or else {@code feature 3}
 * @param mean the mean over the repetitions
 * @param deviation the population standard deviation over the repetitions
 */
public record FeatureImportance(int index, String name, double mean, double deviation) {

    /** The importance of all features, the most important first. */
    static List<FeatureImportance> of(
            Dataset<?> dataset, MlpModel model, String features, String label, int repeats, long seed) {
        SchemaCheck.labelled(dataset.schema(), model, features, label);
        FeatureRows in = FeatureRows.of(dataset, model, features);
        NetworkWeights trained = model.trained();
        List<String> names = LabelledRows.featureColumns(in.rows().schema(), in.features());
        int[][] groups = groups(names, trained.network.inputs());
        try (Shards shards = LabelledRows.pack(
                in.rows(),
                model,
                in.features(),
                label,
                trained.loss,
                trained.shards,
                seed,
                0,
                0,
                trained.offsetVector(),
                null)) {
            double[][] falls = PermutationImportance.of(
                    shards, trained.ensemble, trained.parameters, trained.gemm, groups, repeats, seed);
            List<FeatureImportance> all = new ArrayList<>();
            for (int i = 0; i < falls.length; i++) {
                int first = groups[i][0];
                all.add(of(first, first < names.size() ? names.get(first) : "feature " + first, falls[i]));
            }
            all.sort(Comparator.comparingDouble(FeatureImportance::mean).reversed());
            return List.copyOf(all);
        }
    }

    /** The features of each column; without names, each feature alone. */
    private static int[][] groups(List<String> names, int features) {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < features; i++) {
            boolean isNamed = i < names.size() && !names.get(i).equals(LabelledRows.UNNAMED);
            groups.computeIfAbsent(isNamed ? names.get(i) : LabelledRows.UNNAMED + i, name -> new ArrayList<>())
                    .add(i);
        }
        return groups.values().stream()
                .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
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
