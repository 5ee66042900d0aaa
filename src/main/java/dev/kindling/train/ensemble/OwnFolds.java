package dev.kindling.train.ensemble;

import dev.kindling.data.CvFold;
import dev.kindling.data.Shards;
import org.jspecify.annotations.Nullable;

/**
 * A fold for each member of an ensemble: the first is validated on the rows that were set aside, the others on parts of the
 * same size of the other rows, so that every row trains most members. With one part for all, no member would learn from it.
 */
public final class OwnFolds {
    private static final int FEWEST_IN_PART = 2; // rows of a shard, on average
    private static final int MOST_ROWS = 10_000; // with more, the rows set aside are hardly missed

    private final int count;

    private OwnFolds(int count) {
        this.count = count;
    }

    /** All members are validated on the rows that were set aside, if there are any. */
    public static OwnFolds none() {
        return new OwnFolds(0);
    }

    /** None where rows are many, or too few for such parts. */
    public static OwnFolds of(Shards shards) {
        long aside = shards.validationRows();
        if (aside == 0 || shards.rows() + aside > MOST_ROWS) {
            return none();
        }
        int count = (int) Math.max(2, Math.round((double) shards.rows() / aside));
        return shards.rows() < (long) FEWEST_IN_PART * count * shards.count() ? none() : new OwnFolds(count);
    }

    public boolean isNone() {
        return count == 0;
    }

    /** A member's, counted from 0; null for the rows that were set aside. */
    public @Nullable CvFold of(int member) {
        return member == 0 || isNone() ? null : new CvFold((member - 1) % count, count);
    }
}
