package dev.kindling.linalg;

import java.util.Arrays;

/**
 * The provider in plain Java, for any JVM.
 *
 * <p>Its speed rests on HotSpot's automatic vectorisation of one loop, {@link #addFourRows}. HotSpot (seen in JDK 17 and
 * 25) does that only if each array of the loop is indexed by the bare loop variable: with an offset of its own in any
 * one of them it must fear that a store changes what is loaded next, and the loop runs five times slower. Hence rows of
 * B and C are copied into arrays of their own, block by block, which also takes up the transpositions. No fused
 * multiply-add: it would bind the speed to a CPU that has one.
 *
 * <p>The blocks are arrays that each thread keeps, of 140 kB. They are scratch: nothing in them outlives a call.
 */
final class JavaGemm extends Gemm {

    /** Terms of a block of B: a multiple of 4. Its rows, DEPTH x WIDTH floats, stay in a second-level cache. */
    private static final int DEPTH = 128;

    /** Columns of a block of B. */
    private static final int WIDTH = 256;

    /** With fewer columns than this, the loop is all beginning and end: better along the columns of C. */
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

    /** Copies a block of B into rows; rows of zeros make their number a multiple of 4. */
    private static void loadRows(int depth, int columns, float[] b, int offset, int bRow, int bColumn, float[][] rows) {
        int p = 0;
        if (bColumn != 1) {
            // bRow is 1, as one stride of a row-major matrix is: four neighbours a visit save cache misses
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
