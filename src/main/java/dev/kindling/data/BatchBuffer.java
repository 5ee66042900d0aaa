package dev.kindling.data;

import dev.kindling.data.disk.FloatChunk;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Scratch that gathers rows from anywhere in a shard into a batch: all of their columns, or only some of them. */
public final class BatchBuffer {
    private final int capacity;
    private final int columns;
    private final boolean narrow; // whether batches have only some columns
    private final int targets;
    private final boolean sparse;
    private final boolean weighted;
    private final float @Nullable [] factors; // (classes)
    private final int[] starts; // sparse: (capacity + 1)
    private final float[] labels; // (capacity, targets)
    private final float[] weights; // (capacity)
    private int[] indices;
    private float[] values; // dense: (capacity, columns); sparse: stored, grows
    private int rows;
    private int batchColumns;
    private int[] map; // narrow: (columns) of the source, each one's place in the batch

    /** @param factors of the rows' weights, by class; null if all are 1 */
    public BatchBuffer(PackedRows source, int capacity, float @Nullable [] factors) {
        this(source, capacity, factors, false);
    }

    /** @param narrow whether batches have only some columns; they are sparse */
    public BatchBuffer(PackedRows source, int capacity, float @Nullable [] factors, boolean narrow) {
        this.capacity = capacity;
        this.columns = source.columns();
        this.targets = source.targets();
        this.narrow = narrow;
        this.batchColumns = columns;
        this.map = new int[0];
        this.sparse = narrow || source.isSparse();
        this.weighted = source.isWeighted() || factors != null;
        this.factors = factors;
        this.starts = new int[sparse ? capacity + 1 : 0];
        this.labels = new float[Math.multiplyExact(capacity, targets)];
        this.weights = new float[weighted ? capacity : 0];
        this.indices = new int[0];
        this.values = new float[sparse ? 0 : Math.toIntExact((long) capacity * columns)];
    }

    /** Whether it has room for this many rows of this kind. */
    public boolean suits(PackedRows source, int count, float @Nullable [] classFactors, boolean narrowed) {
        return count <= capacity
                && columns == source.columns()
                && targets == source.targets()
                && narrow == narrowed
                && sparse == (narrowed || source.isSparse())
                && weighted == (source.isWeighted() || classFactors != null)
                && factors == classFactors;
    }

    public void clear() {
        rows = 0;
    }

    /**
     * Empties it, and chooses what the next batches have of the rows' columns.
     *
     * @param width columns of the batches
     * @param places of the rows' columns in the batches, which lack no column that is not 0; borrowed
     */
    public void clear(int width, int[] places) {
        clear();
        batchColumns = width;
        map = places;
    }

    boolean isFull() {
        return rows == capacity;
    }

    /** @param label index of the row's first label */
    void addDense(FloatChunk source, int from, float[] sourceLabels, int label, float weight) {
        if (narrow) {
            int stored = room(columns);
            for (int column = 0; column < columns; column++) {
                float value = source.get(from + column);
                if (value != 0f) {
                    values[stored] = value;
                    indices[stored++] = map[column];
                }
            }
            starts[rows + 1] = stored;
        } else {
            source.get(from, values, rows * columns, columns);
        }
        end(sourceLabels, label, weight);
    }

    /** @param label index of the row's first label */
    void addSparse(
            int[] sourceIndices, float[] source, int from, int count, float[] sourceLabels, int label, float weight) {
        int stored = room(count);
        System.arraycopy(source, from, values, stored, count);
        if (narrow) {
            for (int p = 0; p < count; p++) {
                indices[stored + p] = map[sourceIndices[from + p]];
            }
        } else {
            System.arraycopy(sourceIndices, from, indices, stored, count);
        }
        starts[rows + 1] = stored + count;
        end(sourceLabels, label, weight);
    }

    /** Makes room for so many values of the next row; returns the place of the first. */
    private int room(int count) {
        int stored = starts[rows];
        if (stored + count > values.length) {
            int room = Math.max(stored + count, 2 * values.length);
            values = Arrays.copyOf(values, room);
            indices = Arrays.copyOf(indices, room);
        }
        return stored;
    }

    private void end(float[] sourceLabels, int label, float weight) {
        System.arraycopy(sourceLabels, label, labels, rows * targets, targets);
        if (weighted) {
            weights[rows] = factors == null ? weight : weight * factors[(int) sourceLabels[label]];
        }
        rows++;
    }

    public Batch batch() {
        Rows features = sparse
                ? Rows.sparse(rows, batchColumns, starts, 0, indices, values)
                : Rows.dense(rows, columns, values, 0);
        return new Batch(features, labels, 0, targets, weighted ? weights : null, 0);
    }
}
