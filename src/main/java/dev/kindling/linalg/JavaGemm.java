package dev.kindling.linalg;

import java.util.Arrays;

/**
 * The backend in plain Java, for any JVM.
 *
 * <p>Its speed depends on HotSpot's automatic vectorisation of one loop, {@link #addFourRows}. HotSpot (seen in JDK 17
 * and 25) vectorises it only if each array of the loop is indexed by the bare loop variable. If any array has an offset
 * of its own, HotSpot must assume that a store may change a later load, and the loop runs five times slower. So rows of
 * B and C are copied into arrays of their own, block by block; the copies also do the transpositions. There is no fused
 * multiply-add: it would be fast only on a CPU that has one.
 *
 * <p>Each thread keeps its own arrays for the blocks, 140 kB in all. They are scratch: nothing in them outlives a call.
 */
final class JavaGemm extends Gemm {

    /**
     * Terms in a block of B, a multiple of 4. The rows of a block, DEPTH x WIDTH floats, stay in a second-level cache.
     */
    private static final int DEPTH = 128;

    /** Columns in a block of B. */
    private static final int WIDTH = 256;

    /** A loop over fewer columns than this is all overhead, so narrow products loop along the columns of C. */
    private static final int NARROW = 16;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    @Override
    public String name() {
        return "java";
    }

    /** Runs the loop along the rows of C, or along its columns if C is narrow: C^T = B^T A^T. */
    @Override
    void product(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bRow,
            int bColumn,
            float beta,
            float[] c,
            int cOffset) {
        if (n < NARROW && n < m) {
            blocks(n, m, k, b, bOffset, bColumn, bRow, a, aOffset, aColumn, aRow, beta, c, cOffset, 1, n);
        } else {
            blocks(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, beta, c, cOffset, n, 1);
        }
    }

    /** C = beta C + A B, where element (i, j) of a matrix X lies at xOffset + i xRow + j xColumn. */
    private static void blocks(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bRow,
            int bColumn,
            float beta,
            float[] c,
            int cOffset,
            int cRow,
            int cColumn) {
        Scratch scratch = SCRATCH.get();
        float[][] rows = scratch.rows;
        float[] factors = scratch.factors;
        float[] sums = scratch.sums;
        for (int j = 0; j < n; j += WIDTH) {
            int columns = Math.min(WIDTH, n - j);
            for (int p = 0; p < k; p += DEPTH) {
                int depth = Math.min(DEPTH, k - p);
                loadRows(depth, columns, b, bOffset + p * bRow + j * bColumn, bRow, bColumn, rows);
                for (int i = 0; i < m; i++) {
                    int line = cOffset + i * cRow + j * cColumn;
                    load(depth, a, aOffset + i * aRow + p * aColumn, aColumn, factors);
                    Arrays.fill(factors, depth, roundUp(depth), 0);
                    if (p == 0 && beta == 0) {
                        Arrays.fill(sums, 0, columns, 0);
                    } else {
                        load(columns, c, line, cColumn, sums);
                    }
                    for (int q = 0; q < depth; q += 4) {
                        addFourRows(columns, factors, q, rows[q], rows[q + 1], rows[q + 2], rows[q + 3], sums);
                    }
                    store(columns, sums, c, line, cColumn);
                }
            }
        }
    }

    /** Copies a block of B into rows, and pads it with rows of zeros to a multiple of 4. */
    private static void loadRows(int depth, int columns, float[] b, int offset, int bRow, int bColumn, float[][] rows) {
        int p = 0;
        if (bColumn != 1) {
            // bRow is 1, as one stride of a row-major matrix always is: reading four neighbours at once saves cache
            // misses
            for (; p + 4 <= depth; p += 4) {
                loadFourRows(columns, b, offset + p, bColumn, rows[p], rows[p + 1], rows[p + 2], rows[p + 3]);
            }
        }
        for (; p < depth; p++) {
            load(columns, b, offset + p * bRow, bColumn, rows[p]);
        }
        for (; p < roundUp(depth); p++) {
            Arrays.fill(rows[p], 0, columns, 0);
        }
    }

    private static void loadFourRows(
            int columns, float[] b, int offset, int bColumn, float[] row0, float[] row1, float[] row2, float[] row3) {
        int from = offset;
        for (int j = 0; j < columns; j++) {
            row0[j] = b[from];
            row1[j] = b[from + 1];
            row2[j] = b[from + 2];
            row3[j] = b[from + 3];
            from += bColumn;
        }
    }

    /** sums += factors[q] row0 + factors[q + 1] row1 + factors[q + 2] row2 + factors[q + 3] row3. */
    private static void addFourRows(
            int columns, float[] factors, int q, float[] row0, float[] row1, float[] row2, float[] row3, float[] sums) {
        float factor0 = factors[q];
        float factor1 = factors[q + 1];
        float factor2 = factors[q + 2];
        float factor3 = factors[q + 3];
        for (int j = 0; j < columns; j++) {
            sums[j] += factor0 * row0[j] + factor1 * row1[j] + factor2 * row2[j] + factor3 * row3[j];
        }
    }

    private static void load(int count, float[] source, int offset, int stride, float[] line) {
        if (stride == 1) {
            System.arraycopy(source, offset, line, 0, count);
        } else {
            int from = offset;
            for (int i = 0; i < count; i++) {
                line[i] = source[from];
                from += stride;
            }
        }
    }

    private static void store(int count, float[] line, float[] target, int offset, int stride) {
        if (stride == 1) {
            System.arraycopy(line, 0, target, offset, count);
        } else {
            int to = offset;
            for (int i = 0; i < count; i++) {
                target[to] = line[i];
                to += stride;
            }
        }
    }

    private static int roundUp(int depth) {
        return (depth + 3) / 4 * 4;
    }

    /** A thread's block of B, and one line of A and C. */
    private static final class Scratch {
        private final float[][] rows = new float[DEPTH][WIDTH]; // (DEPTH, WIDTH)
        private final float[] factors = new float[DEPTH];
        private final float[] sums = new float[WIDTH];
    }
}
