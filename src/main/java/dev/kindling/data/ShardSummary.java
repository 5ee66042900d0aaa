package dev.kindling.data;

import dev.kindling.linalg.OffsetFinder;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What the driver must know about the rows of one or more shards. An unusable row is reported here and not thrown:
 * Spark would retry a failing task, in vain, and its stack traces would bury the message.
 */
public final class ShardSummary implements Serializable {
    private static final long serialVersionUID = 1L;

    long rows;
    long validationRows;
    double weight;
    double validationWeight;
    long nonzero; // of the feature values
    long onDisk; // bytes
    public long fingerprint; // the sum of the rows' hashes; those of validation rows are rotated
    int largestClass = -1; // of classification
    long[] classes = {}; // the classes that occur, as the words of a BitSet

    @Nullable
    Width width; // of the feature vectors

    @Nullable
    Width otherWidth; // a different width, if any

    @Nullable
    Problem problem; // the first unusable row

    OffsetFinder features = new OffsetFinder();
    OffsetFinder targets = new OffsetFinder(); // of values to predict

    /** Counts the rows of each kind and adds up their weights. */
    void count(PackedRows training, PackedRows validation) {
        rows = training.rows();
        validationRows = validation.rows();
        weight = training.weight();
        validationWeight = validation.weight();
        onDisk = training.bytesOnDisk() + validation.bytesOnDisk();
    }

    void addClass(int label) {
        int word = label / Long.SIZE;
        if (word >= classes.length) {
            classes = Arrays.copyOf(classes, word + 1);
        }
        classes[word] |= 1L << label;
        largestClass = Math.max(largestClass, label);
    }

    /** The number of training and validation rows. */
    long allRows() {
        return rows + validationRows;
    }

    int distinctClasses() {
        return BitSet.valueOf(classes).cardinality();
    }

    /** The first class below the largest that no row has, or the number of classes. */
    int firstUnusedClass() {
        return BitSet.valueOf(classes).nextClearBit(0);
    }

    /** Adds another summary. The result does not depend on the order of additions, except for rounding. */
    void add(ShardSummary other) {
        rows += other.rows;
        validationRows += other.validationRows;
        weight += other.weight;
        validationWeight += other.validationWeight;
        nonzero += other.nonzero;
        onDisk += other.onDisk;
        fingerprint += other.fingerprint;
        BitSet seen = BitSet.valueOf(classes);
        seen.or(BitSet.valueOf(other.classes));
        classes = seen.toLongArray();
        largestClass = Math.max(largestClass, other.largestClass);
        addWidth(other.width);
        addWidth(other.otherWidth);
        addProblem(other.problem);
        features.add(other.features);
        targets.add(other.targets);
    }

    void addWidth(@Nullable Width seen) {
        if (seen == null) {
            return;
        }
        if (width == null) {
            width = seen;
        } else if (seen.columns == width.columns) {
            width = seen.location.isBefore(width.location) ? seen : width;
        } else if (seen.location.isBefore(width.location)) {
            otherWidth = width;
            width = seen;
        } else if (otherWidth == null || seen.location.isBefore(otherWidth.location)) {
            otherWidth = seen;
        }
    }

    void addProblem(@Nullable Problem seen) {
        if (seen != null && (problem == null || seen.location.isBefore(problem.location))) {
            problem = seen;
        }
    }

    /** The position of a row in the source. Both numbers begin at 0, but messages count rows from 1. */
    public static final class RowLocation implements Serializable {
        private static final long serialVersionUID = 1L;

        final int partition;
        final long row;

        public RowLocation(int partition, long row) {
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

    /** The width of a row's feature vector. */
    public static final class Width implements Serializable {
        private static final long serialVersionUID = 1L;

        final int columns;
        final RowLocation location;

        Width(int columns, RowLocation location) {
            this.columns = columns;
            this.location = location;
        }
    }

    /** The reason why a row cannot be used. */
    public static final class Problem implements Serializable {
        private static final long serialVersionUID = 1L;

        final String sentence;
        final RowLocation location;

        Problem(String sentence, RowLocation location) {
            this.sentence = sentence;
            this.location = location;
        }
    }
}
