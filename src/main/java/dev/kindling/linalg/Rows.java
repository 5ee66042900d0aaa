package dev.kindling.linalg;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A view of a matrix of input rows: a dense row-major slice, or compressed sparse rows (CSR). The view borrows its
 * arrays.
 *
 * <p>It computes the two products that the first layer of a network needs. Their cost is proportional to the number of
 * stored values.
 */
public final class Rows {
    private final int rows;
    private final int columns;
    private final float[] values; // dense: (rows, columns) from offset; sparse: the stored values
    private final int offset; // dense: of the first value; sparse: of the first entry in starts
    private final int @Nullable [] starts; // sparse: (rows + 1) from offset, positions in indices and values
    private final int @Nullable [] indices; // sparse: the column of each stored value

    private Rows(int rows, int columns, float[] values, int offset, int @Nullable [] starts, int @Nullable [] indices) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
        this.offset = offset;
        this.starts = starts;
        this.indices = indices;
    }

    /** The {@code rows × columns} values of a row-major array that begin at {@code offset}. */
    public static Rows dense(int rows, int columns, float[] values, int offset) {
        Objects.checkFromIndexSize(offset, Math.toIntExact((long) rows * columns), values.length);
        return new Rows(rows, columns, values, offset, null, null);
    }

    /**
     * Compressed sparse rows: row i holds {@code values[p]} in column {@code indices[p]} for p from
     * {@code starts[startsOffset + i]} to, not including, {@code starts[startsOffset + i + 1]}.
     */
    public static Rows sparse(int rows, int columns, int[] starts, int startsOffset, int[] indices, float[] values) {
        Objects.checkFromIndexSize(startsOffset, rows + 1, starts.length);
        Objects.checkFromToIndex(starts[startsOffset], starts[startsOffset + rows], values.length);
        return new Rows(rows, columns, values, startsOffset, starts, indices);
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public boolean isSparse() {
        return starts != null;
    }

    /** The array of stored values; the rows of a dense view begin at {@link #offset()}. */
    public float[] values() {
        return values;
    }

    /** The index in {@link #values()} where a dense view's first row begins. */
    public int offset() {
        return offset;
    }

    /** The index in {@link #values()} of a row's first stored value; a dense view stores all. */
    public int begin(int row) {
        return starts == null ? offset + row * columns : starts[offset + row];
    }

    /** The index after that of a row's last stored value. */
    public int end(int row) {
        return begin(row + 1);
    }

    /** The column of a row's value with index {@code p} in {@link #values()}. */
    public int column(int row, int p) {
        return indices == null ? p - offset - row * columns : indices[p];
    }

    /** {@code out(rows, n) = beta · out + this(rows, columns) · weights(columns, n)}, with beta 0 or 1. */
    public void multiply(Gemm gemm, int n, float[] weights, int weightsOffset, float beta, float[] out) {
        if (starts == null || indices == null) {
            gemm.multiply(rows, n, columns, values, offset, weights, weightsOffset, beta, out, 0);
            return;
        }
        if (beta == 0) {
            Kernels.fill(rows * n, 0f, out, 0);
        }
        for (int row = 0; row < rows; row++) {
            for (int p = starts[offset + row]; p < starts[offset + row + 1]; p++) {
                Kernels.axpy(n, values[p], weights, weightsOffset + indices[p] * n, out, row * n);
            }
        }
    }

    /** {@code out(columns, n) += thisᵀ(columns, rows) · delta(rows, n)}, into {@code out} from {@code outOffset}. */
    public void accumulateTransposed(Gemm gemm, int n, float[] delta, float[] out, int outOffset) {
        if (starts == null || indices == null) {
            gemm.multiplyTransA(columns, n, rows, values, offset, delta, 0, 1f, out, outOffset);
            return;
        }
        for (int row = 0; row < rows; row++) {
            for (int p = starts[offset + row]; p < starts[offset + row + 1]; p++) {
                Kernels.axpy(n, values[p], delta, row * n, out, outOffset + indices[p] * n);
            }
        }
    }

    /** Writes the rows into {@code out(rows, columns)}, zeros included. */
    public void copyTo(float[] out) {
        if (starts == null || indices == null) {
            System.arraycopy(values, offset, out, 0, rows * columns);
            return;
        }
        Kernels.fill(rows * columns, 0f, out, 0);
        for (int row = 0; row < rows; row++) {
            for (int p = starts[offset + row]; p < starts[offset + row + 1]; p++) {
                out[row * columns + indices[p]] = values[p];
            }
        }
    }

    /** A copy of some of the rows, in the order given. */
    public Rows pick(int[] picked) {
        if (starts == null || indices == null) {
            float[] copy = new float[Math.toIntExact((long) picked.length * columns)];
            for (int i = 0; i < picked.length; i++) {
                System.arraycopy(values, offset + picked[i] * columns, copy, i * columns, columns);
            }
            return dense(picked.length, columns, copy, 0);
        }
        int[] begins = new int[picked.length + 1];
        for (int i = 0; i < picked.length; i++) {
            begins[i + 1] = begins[i] + starts[offset + picked[i] + 1] - starts[offset + picked[i]];
        }
        int[] places = new int[begins[picked.length]];
        float[] copy = new float[places.length];
        for (int i = 0; i < picked.length; i++) {
            int count = begins[i + 1] - begins[i];
            System.arraycopy(indices, starts[offset + picked[i]], places, begins[i], count);
            System.arraycopy(values, starts[offset + picked[i]], copy, begins[i], count);
        }
        return sparse(picked.length, columns, begins, 0, places, copy);
    }
}
