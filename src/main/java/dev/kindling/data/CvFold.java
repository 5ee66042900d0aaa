package dev.kindling.data;

import dev.kindling.linalg.Require;
import java.io.Serializable;

/**
 * One of {@code count} parts of about the same size: its rows are validated on, the others trained on. Each shard is cut in
 * such parts. As its rows stand in the order of their hashes a part is one at random, and rows that are the same lie side by
 * side: no more than those at a cut are in two parts.
 *
 * @param index from 0
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
