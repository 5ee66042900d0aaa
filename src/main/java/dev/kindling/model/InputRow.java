package dev.kindling.model;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Offsets;
import dev.kindling.linalg.Rows;
import dev.kindling.nn.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The features of one row: dense, or those that are stored. It borrows its arrays. */
public final class InputRow {
    private static final int MOST_OUTPUTS = 1 << 22; // of all rows of a block

    private final int size;
    private final int @Nullable [] indices; // ascending; null: all
    private final double[] values;

    private InputRow(int size, int @Nullable [] indices, double[] values) {
        this.size = size;
        this.indices = indices;
        this.values = values;
    }

    public static InputRow dense(double[] values) {
        return new InputRow(values.length, null, values);
    }

    public static InputRow sparse(int size, int[] indices, double[] values) {
        return new InputRow(size, indices, values);
    }

    /**
     * Dense or sparse, whichever takes less memory: the rule of Spark's {@code Vector.compressed}, so that a row is scored with
     * the same bits here and there.
     */
    public static InputRow compressed(int size, int[] indices, double[] values) {
        if (1.5 * (indices.length + 1.0) < size) {
            return sparse(size, indices, values);
        }
        double[] dense = new double[size];
        for (int p = 0; p < indices.length; p++) {
            dense[indices[p]] = values[p];
        }
        return dense(dense);
    }

    /** The place of a value that is no finite float32; -1 if all are. */
    public int notFinite() {
        for (int p = 0; p < values.length; p++) {
            if (!isFinite(values[p])) {
                return indices == null ? p : indices[p];
            }
        }
        return -1;
    }

    public static boolean isFinite(double value) {
        return Float.isFinite((float) value);
    }

    /** How many rows are scored at once: fewer where each has many outputs. */
    public static int mostInBlock(Network network) {
        return Math.max(1, Math.min(network.passRows(), MOST_OUTPUTS / network.outputs()));
    }

    /**
     * The rows, less the offsets, as one matrix. It is sparse if all rows are sparse and few values are not zero.
     *
     * @throws InvalidInput for a row whose size is not the number of columns
     */
    public static Rows block(List<InputRow> given, int columns, Offsets offsets) {
        List<InputRow> rows = offsets.ofFeatures()
                ? given.stream().map(row -> row.less(offsets)).toList()
                : given;
        long stored = 0;
        boolean sparse = true;
        for (InputRow row : rows) {
            if (row.size != columns) {
                throw new InvalidInput("the model takes vectors of " + columns + " values, but one has " + row.size);
            }
            sparse &= row.indices != null;
            stored += row.values.length;
        }
        return sparse && stored * 10 <= (long) rows.size() * columns
                ? sparse(rows, columns, Math.toIntExact(stored))
                : dense(rows, columns);
    }

    private InputRow less(Offsets offsets) {
        if (indices == null) {
            return dense(offsets.subtract(values));
        }
        int[] stored = offsets.stored(size, indices);
        return sparse(size, stored, offsets.subtract(indices, values, stored));
    }

    private static Rows sparse(List<InputRow> rows, int columns, int stored) {
        int[] starts = new int[rows.size() + 1];
        int[] places = new int[stored];
        float[] copies = new float[stored];
        int next = 0;
        for (int i = 0; i < rows.size(); i++) {
            InputRow row = rows.get(i);
            for (int p = 0; p < row.values.length; p++) {
                if (row.indices != null && row.values[p] != 0) {
                    places[next] = row.indices[p];
                    copies[next++] = (float) row.values[p];
                }
            }
            starts[i + 1] = next;
        }
        return Rows.sparse(rows.size(), columns, starts, 0, places, copies);
    }

    private static Rows dense(List<InputRow> rows, int columns) {
        float[] copies = new float[Math.toIntExact((long) rows.size() * columns)];
        for (int i = 0; i < rows.size(); i++) {
            InputRow row = rows.get(i);
            int from = i * columns;
            for (int p = 0; p < row.values.length; p++) {
                copies[from + (row.indices == null ? p : row.indices[p])] = (float) row.values[p];
            }
        }
        return Rows.dense(rows.size(), columns, copies, 0);
    }
}
