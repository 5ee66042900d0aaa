package dev.kindling.data;

import dev.kindling.data.disk.DiskFile;
import dev.kindling.data.disk.FloatChunk;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows packed into few arrays: features as row-major float32 chunks, or as compressed sparse rows if at most a tenth of
 * the values is non-zero; labels; weights, unless all are 1. With chunks, a large shard needs no single array of its
 * size, and nothing is copied while it grows.
 *
 * <p>A class, not a record: the Kryo that Spark ships cannot write records.
 */
public final class PackedRows implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final double SPARSE = 0.1;
    private static final int CHUNK = 1 << 20; // values, approximately

    private final int rows;
    private final int columns;
    private final int targets; // labels per row
    private final int chunkRows;
    private final FloatChunk[] values; // dense: [chunk](chunkRows, columns); sparse: [chunk](stored)
    private final int @Nullable [][] starts; // sparse: [chunk](chunkRows + 1)
    private final int @Nullable [][] indices; // sparse: [chunk](stored)
    private final float[] labels; // (rows, targets)
    private final float @Nullable [] weights; // (rows)

    // The rows that a view includes.
    private final int first; // the first row of the view
    private final int gapAt; // the row of the view before which rows are left out
    private final int gap; // the number of rows left out

    private PackedRows(
            int rows,
            int columns,
            int targets,
            int chunkRows,
            FloatChunk[] values,
            int @Nullable [][] starts,
            int @Nullable [][] indices,
            float[] labels,
            float @Nullable [] weights) {
        this.rows = rows;
        this.first = 0;
        this.gapAt = rows;
        this.gap = 0;
        this.columns = columns;
        this.targets = targets;
        this.chunkRows = chunkRows;
        this.values = values;
        this.starts = starts;
        this.indices = indices;
        this.labels = labels;
        this.weights = weights;
    }

    /** A view of {@code rows} rows from {@code first} on, without the {@code gap} rows before row {@code gapAt}. */
    private PackedRows(PackedRows whole, int rows, int first, int gapAt, int gap) {
        this.rows = rows;
        this.first = first;
        this.gapAt = gapAt;
        this.gap = gap;
        this.columns = whole.columns;
        this.targets = whole.targets;
        this.chunkRows = whole.chunkRows;
        this.values = whole.values;
        this.starts = whole.starts;
        this.indices = whole.indices;
        this.labels = whole.labels;
        this.weights = whole.weights;
    }

    /** A view of the rows in [from, to). This must not be a view itself. */
    PackedRows between(int from, int to) {
        return new PackedRows(this, to - from, from, to - from, 0);
    }

    /** A view of all rows except [from, to). */
    PackedRows without(int from, int to) {
        return new PackedRows(this, rows - (to - from), 0, from, to - from);
    }

    /** The index of a row in the arrays. */
    private int index(int row) {
        return first + row + (row < gapAt ? 0 : gap);
    }

    public int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    /** The number of labels per row. */
    int targets() {
        return targets;
    }

    /** The class, or the single value to predict. */
    public float label(int row) {
        return label(row, 0);
    }

    /** One of several values to predict. */
    public float label(int row, int target) {
        return labels[index(row) * targets + target];
    }

    float weight(int row) {
        return weights == null ? 1f : weights[index(row)];
    }

    /** The total weight of the rows. */
    double weight() {
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += weight(row);
        }
        return sum;
    }

    /** One feature of a row. */
    public float value(int row, int column) {
        int chunk = index(row) / chunkRows;
        int within = index(row) % chunkRows;
        if (starts == null || indices == null) {
            return values[chunk].get(within * columns + column);
        }
        int at = Arrays.binarySearch(indices[chunk], starts[chunk][within], starts[chunk][within + 1], column);
        return at < 0 ? 0 : values[chunk].get(at);
    }

    /** The number of values stored for a row, including the zeros of dense rows. */
    int stored(int row) {
        if (starts == null) {
            return columns;
        }
        int within = index(row) % chunkRows;
        int[] s = starts[index(row) / chunkRows];
        return s[within + 1] - s[within];
    }

    /** Copies a row's non-zero values and their columns; returns how many there are. */
    public int nonzeros(int row, int[] columnsFound, float[] found) {
        int chunk = index(row) / chunkRows;
        int within = index(row) % chunkRows;
        if (starts != null && indices != null) {
            int from = starts[chunk][within];
            int count = starts[chunk][within + 1] - from;
            System.arraycopy(indices[chunk], from, columnsFound, 0, count);
            values[chunk].get(from, found, 0, count);
            return count;
        }
        values[chunk].get(within * columns, found, 0, columns);
        int count = 0;
        for (int column = 0; column < columns; column++) {
            float value = found[column];
            columnsFound[count] = column;
            found[count] = value;
            count += value != 0f ? 1 : 0;
        }
        return count;
    }

    /** Sets the bit of each column that has a value other than 0 in a row. */
    public void mark(int row, long[] set) {
        int chunk = index(row) / chunkRows;
        int within = index(row) % chunkRows;
        if (starts != null && indices != null) {
            for (int p = starts[chunk][within]; p < starts[chunk][within + 1]; p++) {
                set[indices[chunk][p] / Long.SIZE] |= 1L << indices[chunk][p];
            }
            return;
        }
        for (int column = 0; column < columns; column++) {
            if (values[chunk].get(within * columns + column) != 0f) {
                set[column / Long.SIZE] |= 1L << column;
            }
        }
    }

    /** The number of rows in the contiguous piece that begins at {@code row}, at most {@code most}. */
    public int run(int row, int most) {
        int end = row < gapAt ? gapAt : rows;
        return Math.min(Math.min(most, end - row), chunkRows - index(row) % chunkRows);
    }

    /** A batch over {@code count} rows of one chunk, without a copy. */
    public Batch slice(int row, int count) {
        int index = index(row);
        int chunk = index / chunkRows;
        int within = index % chunkRows;
        Rows features = starts == null || indices == null
                ? values[chunk].rows(count, columns, within * columns)
                : Rows.sparse(count, columns, starts[chunk], within, indices[chunk], values[chunk].array());
        return new Batch(features, labels, index * targets, targets, weights, index);
    }

    /** Copies one row to the end of a batch under construction. */
    public void copyTo(int row, BatchBuffer buffer) {
        int index = index(row);
        int chunk = index / chunkRows;
        int within = index % chunkRows;
        if (starts == null || indices == null) {
            buffer.addDense(values[chunk], within * columns, labels, index * targets, weight(row));
        } else {
            int from = starts[chunk][within];
            int count = starts[chunk][within + 1] - from;
            buffer.addSparse(indices[chunk], values[chunk].array(), from, count, labels, index * targets, weight(row));
        }
    }

    /** A copy of the first {@code most} rows, or of all rows if there are fewer. */
    PackedRows head(int most) {
        return copy(List.of(this), most);
    }

    /** The rows of all parts, one after another; all parts have the same width. */
    static PackedRows joined(List<PackedRows> parts) {
        return copy(parts, Integer.MAX_VALUE);
    }

    /** The first {@code most} rows of each part. */
    private static PackedRows copy(List<PackedRows> parts, int most) {
        int rows = 0;
        long nonzero = 0;
        for (PackedRows part : parts) {
            int here = Math.min(most, part.rows);
            rows += here;
            for (int row = 0; row < here; row++) {
                nonzero += part.stored(row);
            }
        }
        PackedRows any = parts.get(0);
        Builder builder = new Builder(rows, any.columns, any.targets, nonzero);
        for (PackedRows part : parts) {
            for (int row = 0; row < Math.min(most, part.rows); row++) {
                part.copyTo(row, builder);
            }
        }
        return builder.build();
    }

    private void copyTo(int row, Builder builder) {
        int index = index(row);
        int chunk = index / chunkRows;
        int within = index % chunkRows;
        float[] own = Arrays.copyOfRange(labels, index * targets, (index + 1) * targets);
        if (starts == null || indices == null) {
            builder.add(values[chunk].buffer(), within * columns, own, weight(row));
        } else {
            int from = starts[chunk][within];
            int to = starts[chunk][within + 1];
            builder.add(
                    to - from,
                    Arrays.copyOfRange(indices[chunk], from, to),
                    Arrays.copyOfRange(values[chunk].array(), from, to),
                    own,
                    weight(row));
        }
    }

    /** A batch of the first {@code most} rows, or of as many as are contiguous. */
    Batch first(int most) {
        return slice(0, run(0, most));
    }

    /** The bytes of the values that are on disk. */
    long bytesOnDisk() {
        return Arrays.stream(values).mapToLong(FloatChunk::bytesOnDisk).sum();
    }

    boolean isSparse() {
        return starts != null;
    }

    boolean isWeighted() {
        return weights != null;
    }

    /** Packs rows that are added one after another. */
    static final class Builder {
        private final int rows;
        private final int columns;
        private final int targets;
        private final int chunkRows;
        private final FloatChunk[] values;
        private final @Nullable DiskFile file;
        private float[] chunk = {}; // the current one
        private final int @Nullable [][] starts;
        private final int @Nullable [][] indices;
        private final float[] labels; // (rows, targets)
        private final float[] weights;
        private boolean weighted;
        private int row;
        private int stored; // values stored in the current chunk, if sparse

        Builder(int rows, int columns, int targets, long nonzero) {
            this(rows, columns, targets, nonzero, null);
        }

        /**
         * @param nonzero the number of non-zero values among all {@code rows × columns}
         * @param file for the values of rows that are not sparse; null for memory
         */
        Builder(int rows, int columns, int targets, long nonzero, @Nullable DiskFile file) {
            this.rows = rows;
            this.columns = columns;
            this.targets = targets;
            boolean sparse = nonzero <= SPARSE * rows * columns && rows > 0;
            double width = Math.max(1, sparse ? (double) nonzero / rows : columns);
            this.chunkRows = (int) Math.max(1, Math.min(Math.max(rows, 1), CHUNK / width));
            int chunks = (int) (((long) rows + chunkRows - 1) / chunkRows);
            this.values = new FloatChunk[chunks];
            this.file = sparse ? null : file;
            this.starts = sparse ? new int[chunks][] : null;
            this.indices = sparse ? new int[chunks][] : null;
            this.labels = new float[Math.multiplyExact(rows, targets)];
            this.weights = new float[rows];
        }

        /** Adds a row with all its values, which begin at {@code from}. */
        void add(FloatBuffer values, int from, float[] labels, float weight) {
            begin(columns);
            if (indices == null) {
                values.get(from, chunk, row % chunkRows * columns, columns);
            } else {
                for (int i = 0; i < columns; i++) {
                    float value = values.get(from + i);
                    if (value != 0f) {
                        put(0, i, value);
                    }
                }
            }
            end(labels, weight);
        }

        /** Adds a row whose non-zero values are {@code values} in the columns {@code indices}. */
        void add(int count, int[] indices, float[] values, float[] labels, float weight) {
            begin(count);
            int base = row % chunkRows * columns;
            for (int p = 0; p < count; p++) {
                put(base, indices[p], values[p]);
            }
            end(labels, weight);
        }

        private void begin(int most) {
            if (row % chunkRows == 0) {
                int here = Math.min(chunkRows, rows - row);
                stored = 0;
                chunk = new float[starts == null ? here * columns : 0];
                if (starts != null && indices != null) {
                    starts[row / chunkRows] = new int[here + 1];
                    indices[row / chunkRows] = new int[0];
                }
            }
            if (indices != null && stored + most > chunk.length) {
                int room = Math.max(stored + most, chunk.length * 2);
                chunk = Arrays.copyOf(chunk, room);
                indices[row / chunkRows] = Arrays.copyOf(indices[row / chunkRows], room);
            }
        }

        private void put(int base, int column, float value) {
            if (indices == null) {
                chunk[base + column] = value;
            } else {
                indices[row / chunkRows][stored] = column;
                chunk[stored++] = value;
            }
        }

        private void end(float[] own, float weight) {
            int number = row / chunkRows;
            if (starts != null) {
                starts[number][row % chunkRows + 1] = stored;
            }
            System.arraycopy(own, 0, labels, row * targets, targets);
            weights[row] = weight;
            weighted |= weight != 1f;
            row++;
            if (row == rows || row % chunkRows == 0) {
                finish(number);
            }
        }

        private void finish(int number) {
            if (indices != null) {
                indices[number] = Arrays.copyOf(indices[number], stored);
                chunk = Arrays.copyOf(chunk, stored);
            }
            values[number] = file == null ? FloatChunk.of(chunk) : FloatChunk.onDisk(chunk, file);
        }

        PackedRows build() {
            if (row != rows) {
                throw new IllegalStateException("packed " + row + " of " + rows + " rows");
            }
            return new PackedRows(
                    rows, columns, targets, chunkRows, values, starts, indices, labels, weighted ? weights : null);
        }
    }
}
