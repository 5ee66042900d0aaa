package dev.kindling.data;

import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import java.io.Serializable;

/**
 * How a source is packed into shards.
 *
 * @param shards the number of shards; the bits of a run depend on it
 * @param seed of the spreading and of the validation split
 * @param loss which determines what labels are valid
 * @param classes the number of classes if it is known in advance, else 0
 * @param targets the number of labels per row; more than 1 only if labels are values
 * @param validationFraction the fraction of rows, in [0, 1), that is set aside for validation
 */
public record Packing(
        int shards, long seed, Loss loss, int classes, int targets, double validationFraction, ColumnNames columns)
        implements Serializable {

    public Packing {
        Require.positive(shards, "the number of shards");
        Require.that(classes >= 0, "the number of classes must not be negative, but is " + classes);
        Require.positive(targets, "the number of targets");
        Require.that(
                targets == 1 || !loss.isClassification(),
                "a row must have one class, but the labels are of " + targets + " values");
        Require.fraction(validationFraction, "the validation fraction");
    }

    /** With one label per row. */
    public Packing(int shards, long seed, Loss loss, int classes, double validationFraction, ColumnNames columns) {
        this(shards, seed, loss, classes, 1, validationFraction, columns);
    }
}
