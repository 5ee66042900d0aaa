package dev.kindling.data;

import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import java.io.Serializable;

/**
 * How a source is packed into shards.
 *
 * @param shards how many; part of what the bits of a run depend on
 * @param seed of the spreading and of the split
 * @param loss that says what labels must be
 * @param classes the number of classes if it is known beforehand, else 0
 * @param targets the number of labels a row, more than 1 only where they are values
 * @param validationFraction the fraction of rows, in [0, 1), that is set aside to validate on
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

    /** With one label a row. */
    public Packing(int shards, long seed, Loss loss, int classes, double validationFraction, ColumnNames columns) {
        this(shards, seed, loss, classes, 1, validationFraction, columns);
    }
}
