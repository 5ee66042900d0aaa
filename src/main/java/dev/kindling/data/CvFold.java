package dev.kindling.data;

import dev.kindling.linalg.Require;
import java.io.Serializable;

/**
 * One of {@code count} folds of about the same size: the model is validated on its rows and trained on the others. Each
 * shard is cut into {@code count} contiguous parts. A shard's rows are ordered by their hashes, so a part is a random
 * one, and identical rows are adjacent: only those at a cut can be in two folds.
 *
 * @param index counted from 0
 */
public record CvFold(int index, int count) implements Serializable {
    public CvFold {
        Require.that(count >= 2, "there must be at least 2 folds, but there are " + count);
        Require.that(
                index >= 0 && index < count, "a fold's index must be from 0 to " + (count - 1) + ", but is " + index);
    }

    int begin(int rows) {
        return (int) ((long) rows * index / count);
    }

    int end(int rows) {
        return (int) ((long) rows * (index + 1) / count);
    }
}
