package dev.kindling.data;

import dev.kindling.linalg.Offsets;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How a source is packed into shards.
 *
 * @param shards the number of shards; the bits of a run depend on it
 * @param seed of the spreading and of the validation split
 * @param loss which determines what labels are valid
 * @param classes the number of classes if it is known in advance, else 0
 * @param targets the number of labels per row; more than 1 only if labels are values
 * @param validationFraction the fraction of rows, in [0, 1), that is set aside for validation
 * @param fewest with fewer rows, none is set aside for validation
 * @param offsets what is subtracted from features and targets before they become float32; null for those that the rows need
 */
public record Packing(
        int shards,
        long seed,
        Loss loss,
        int classes,
        int targets,
        double validationFraction,
        long fewest,
        ColumnNames columns,
        @Nullable Offsets offsets)
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

    /** With one label per row, and the offsets that the rows need. */
    public Packing(int shards, long seed, Loss loss, int classes, double validationFraction, ColumnNames columns) {
        this(shards, seed, loss, classes, 1, validationFraction, 0, columns, null);
    }

    /** The same with known offsets. */
    Packing with(Offsets known) {
        return new Packing(shards, seed, loss, classes, targets, validationFraction, fewest, columns, known);
    }

    /** Whether predictions and targets may both be moved by an offset: the loss depends on their difference alone. */
    boolean mayMoveTargets() {
        return loss instanceof ValueLoss value && value.isStandardizable();
    }
}
