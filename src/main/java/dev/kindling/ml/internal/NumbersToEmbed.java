package dev.kindling.ml.internal;

import dev.kindling.data.Shards;
import dev.kindling.linalg.Rows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The features that {@code numberEmbedding=auto} embeds: numbers of a table that have at least {@value #FEWEST_VALUES}
 * different values, because fewer are codes or grades, which waves only blur. None where rows are few, for waves overfit
 * there; none where the rows or the numbers are so many that the embedding would take most of the time of a fit; and none in
 * vectors that no table vectorizer has scaled.
 * {@code submit/benchmark recipes} measures what it gains.
 */
final class NumbersToEmbed {
    private static final int FEWEST_VALUES = 10;
    private static final long FEWEST_ROWS = 1_000;
    private static final long MOST_ROWS = 20_000;
    private static final int MOST_NUMBERS = 64;

    private NumbersToEmbed() {}

    static boolean[] of(Shards shards, FeatureLayout layout) {
        if (!layout.isVectorized() || shards.rows() < FEWEST_ROWS || shards.rows() > MOST_ROWS) {
            return new boolean[shards.columns()];
        }
        Rows rows = shards.sample((int) MOST_ROWS).features();
        List<Set<Float>> values = new ArrayList<>(); // by feature
        for (int j = 0; j < rows.columns(); j++) {
            values.add(new HashSet<>());
        }
        for (int row = 0; row < rows.rows(); row++) {
            for (int p = rows.begin(row); p < rows.end(row); p++) {
                Set<Float> seen = values.get(rows.column(row, p));
                if (seen.size() < FEWEST_VALUES) {
                    seen.add(rows.values()[p]);
                }
            }
        }
        boolean[] numbers = new boolean[rows.columns()];
        int count = 0;
        for (int j = 0; j < numbers.length; j++) {
            numbers[j] = values.get(j).size() == FEWEST_VALUES;
            count += numbers[j] ? 1 : 0;
        }
        return count > MOST_NUMBERS ? new boolean[numbers.length] : numbers;
    }
}
