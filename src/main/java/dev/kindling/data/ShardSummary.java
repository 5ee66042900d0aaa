package dev.kindling.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What the driver must know of the rows of a shard, or of several. A row that cannot be used is told of here rather than
 * thrown: a task that throws is tried again, in vain, and its stack traces bury the sentence.
 */
public final class ShardSummary implements Serializable {
    private static final long serialVersionUID = 1L;

    long rows;
    long validationRows;
    double weight;
    double validationWeight;
    long nonzero; // of the feature values
    public long fingerprint; // the sum of the rows' hashes, of validation rows rotated
    int largestClass = -1; // of classification
    long[] classes = {}; // the classes that occur, as a BitSet's words

    @Nullable
    Width width; // of the feature vectors

    @Nullable
    Width otherWidth; // one that differs

    @Nullable
    Problem problem; // the first row that cannot be used

    /** Notes how many rows of each kind there are, and what they weigh. */
    void count(PackedRows training, PackedRows validation) {
        rows = training.rows();
        validationRows = validation.rows();
        weight = training.weight();
        validationWeight = validation.weight();
    }

    void addClass(int label) {
        int word = label / Long.SIZE;
        if (word >= classes.length) {
            classes = Arrays.copyOf(classes, word + 1);
        }
        classes[word] |= 1L << label;
        largestClass = Math.max(largestClass, label);
    }

    /** Of training and validation. */
    long allRows() {
        return rows + validationRows;
    }

    int distinctClasses() {
        return BitSet.valueOf(classes).cardinality();
    }

    /** Adds what another summary holds. The result does not depend on the order of additions, save rounding. */
    void add(ShardSummary other) {
        rows += other.rows;
        validationRows += other.validationRows;
        weight += other.weight;
        validationWeight += other.validationWeight;
        nonzero += other.nonzero;
        fingerprint += other.fingerprint;
        BitSet seen = BitSet.valueOf(classes);
        seen.or(BitSet.valueOf(other.classes));
        classes = seen.toLongArray();
        largestClass = Math.max(largestClass, other.largestClass);
        addWidth(other.width);
        addWidth(other.otherWidth);
        addProblem(other.problem);
    }

    void addWidth(@Nullable Width seen) {
        if (seen == null) {
            return;
        }
        if (width == null) {
            width = seen;
        } else if (seen.columns == width.columns) {
            width = seen.place.isBefore(width.place) ? seen : width;
        } else if (seen.place.isBefore(width.place)) {
            otherWidth = width;
            width = seen;
        } else if (otherWidth == null || seen.place.isBefore(otherWidth.place)) {
            otherWidth = seen;
        }
    }

    void addProblem(@Nullable Problem seen) {
        if (seen != null && (problem == null || seen.place.isBefore(problem.place))) {
            problem = seen;
        }
    }

    /** Where in the source a row stands; both numbers begin at 0, but people count rows from 1. */
    public static final class RowLocation implements Serializable {
        private static final long serialVersionUID = 1L;

        final int partition;
        final long row;

        RowLocation(int partition, long row) {
            this.partition = partition;
            this.row = row;
        }

        boolean isBefore(RowLocation other) {
            return partition != other.partition ? partition < other.partition : row < other.row;
        }

        @Override
        public String toString() {
            return "row " + (row + 1) + (partition == 0 ? "" : " of partition " + partition);
        }
    }

    /** The width of the feature vector of some row. */
    public static final class Width implements Serializable {
        private static final long serialVersionUID = 1L;

        final int columns;
        final RowLocation place;

        Width(int columns, RowLocation place) {
            this.columns = columns;
            this.place = place;
        }
    }

    /** Why a row cannot be used. */
    public static final class Problem implements Serializable {
        private static final long serialVersionUID = 1L;

        final String sentence;
        final RowLocation place;

        Problem(String sentence, RowLocation place) {
            this.sentence = sentence;
            this.place = place;
        }
    }
}
