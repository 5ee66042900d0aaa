package dev.kindling.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API backend (JEP 338 and its successors), for a JVM started with
 * {@code --add-modules=jdk.incubator.vector}. Only this class refers to the incubating module.
 *
 * <p>The method is that of K. Goto and R. van de Geijn, <i>Anatomy of High-Performance Matrix Multiplication</i> (ACM
 * TOMS 34(3), 2008): blocks of both matrices are packed into panels. A micro-kernel reads the panels from end to end
 * and keeps its tile of C in registers. Packing also does the transpositions, so one kernel serves all three products.
 *
 * <p>For each block of {@value #DEPTH} of the k terms, an element of C is one chain of fused multiply-adds in ascending
 * order, which is then added to the blocks before it. Neither the width of the CPU's vectors nor the position of an
 * element in its tile changes that, so the bits are the same on every CPU.
 *
 * <p>Each thread keeps its own arrays for the panels, 1.2 MB at most. They are scratch: nothing in them outlives a
 * call.
 */
final class VectorGemm extends Gemm {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /**
     * Rows of the micro-kernel's tile, which is two vectors wide. With more rows, or with two terms per turn of its
     * loop, HotSpot (of JDK 17 or of JDK 25) runs out of the 16 registers of AVX2, and the kernel drops to half its
     * speed or less.
     */
    private static final int ROWS = 4;

    private static final int COLUMNS = 2 * LANES;

    /** Terms in a block: a panel of B, DEPTH x COLUMNS, stays in a first-level cache. */
    private static final int DEPTH = 256;

    /** Rows in a block of A, a multiple of ROWS: HEIGHT x DEPTH floats stay in a second-level cache. */
    private static final int HEIGHT = 128;

    /** Columns in a block of B, a multiple of COLUMNS. */
    private static final int WIDTH = 1024;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    @Override
    public String name() {
        return "vector";
    }

    /**
     * Runs the vectors along the rows of C, or along its columns if C is so narrow that they would be mostly padding.
     */
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
        Scratch scratch = SCRATCH.get();
        if (n < COLUMNS && n < m) {
            blocks(n, m, k, b, bOffset, bColumn, bRow, a, aOffset, aColumn, aRow, beta, c, cOffset, 1, n, scratch);
        } else {
            blocks(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, beta, c, cOffset, n, 1, scratch);
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
            int cColumn,
            Scratch scratch) {
        scratch.reserve(Math.min(m, HEIGHT), Math.min(n, WIDTH), Math.min(k, DEPTH));
        float[] aPanels = scratch.a;
        float[] bPanels = scratch.b;
        for (int j = 0; j < n; j += WIDTH) {
            int columns = Math.min(WIDTH, n - j);
            for (int p = 0; p < k; p += DEPTH) {
                int depth = Math.min(DEPTH, k - p);
                boolean overwrite = p == 0 && beta == 0;
                pack(columns, COLUMNS, depth, b, bOffset + j * bColumn + p * bRow, bColumn, bRow, bPanels);
                for (int i = 0; i < m; i += HEIGHT) {
                    int rows = Math.min(HEIGHT, m - i);
                    pack(rows, ROWS, depth, a, aOffset + i * aRow + p * aColumn, aRow, aColumn, aPanels);
                    int cBlock = cOffset + i * cRow + j * cColumn;
                    tiles(rows, columns, depth, aPanels, bPanels, overwrite, c, cBlock, cRow, cColumn, scratch.tile);
                }
            }
        }
    }

    /**
     * Packs {@code lines} lines of {@code depth} terms into panels of {@code width} lines each: term p of all the
     * panel's lines, then term p + 1. A partial last panel has padding, which reaches no element of C. One of the two
     * strides is 1, as in any row-major matrix.
     */
    private static void pack(
            int lines, int width, int depth, float[] source, int offset, int line, int term, float[] panels) {
        for (int first = 0; first < lines; first += width) {
            int filled = Math.min(width, lines - first);
            int panel = first * depth;
            int from = offset + first * line;
            if (term == 1) {
                interleave(filled, width, depth, source, from, line, panels, panel);
            } else if (filled == COLUMNS) {
                copyColumns(depth, source, from, term, panels, panel);
            } else if (filled == ROWS && width == ROWS) {
                copyRows(depth, source, from, term, panels, panel);
            } else {
                for (int p = 0; p < depth; p++) {
                    System.arraycopy(source, from + p * term, panels, panel + p * width, filled);
                }
            }
        }
    }

    /** Packs a full panel of B whose terms are contiguous; each run is too short to be worth a call to arraycopy. */
    private static void copyColumns(int depth, float[] source, int from, int term, float[] panels, int panel) {
        int piece = from;
        for (int p = 0; p < depth; p++) {
            FloatVector.fromArray(SPECIES, source, piece).intoArray(panels, panel + p * COLUMNS);
            FloatVector.fromArray(SPECIES, source, piece + LANES).intoArray(panels, panel + p * COLUMNS + LANES);
            piece += term;
        }
    }

    /** The same for a full panel of A. */
    private static void copyRows(int depth, float[] source, int from, int term, float[] panels, int panel) {
        int piece = from;
        int to = panel;
        for (int p = 0; p < depth; p++) {
            panels[to] = source[piece];
            panels[to + 1] = source[piece + 1];
            panels[to + 2] = source[piece + 2];
            panels[to + 3] = source[piece + 3];
            piece += term;
            to += ROWS;
        }
    }

    /** Packs one panel from contiguous lines, four at a time, so that its cache lines fill up sooner. */
    private static void interleave(
            int lines, int width, int depth, float[] source, int from, int line, float[] panels, int panel) {
        int i = 0;
        for (; i + 4 <= lines; i += 4) {
            int line0 = from + i * line;
            int line1 = line0 + line;
            int line2 = line1 + line;
            int line3 = line2 + line;
            int to = panel + i;
            for (int p = 0; p < depth; p++) {
                panels[to] = source[line0 + p];
                panels[to + 1] = source[line1 + p];
                panels[to + 2] = source[line2 + p];
                panels[to + 3] = source[line3 + p];
                to += width;
            }
        }
        for (; i < lines; i++) {
            int to = panel + i;
            for (int p = 0; p < depth; p++) {
                panels[to] = source[from + i * line + p];
                to += width;
            }
        }
    }

    /** One block of C from the packed panels, tile by tile. */
    private static void tiles(
            int rows,
            int columns,
            int depth,
            float[] aPanels,
            float[] bPanels,
            boolean overwrite,
            float[] c,
            int cOffset,
            int cRow,
            int cColumn,
            float[] tile) {
        for (int j = 0; j < columns; j += COLUMNS) {
            int tileColumns = Math.min(COLUMNS, columns - j);
            for (int i = 0; i < rows; i += ROWS) {
                int tileRows = Math.min(ROWS, rows - i);
                int corner = cOffset + i * cRow + j * cColumn;
                if (tileRows == ROWS && tileColumns == COLUMNS && cColumn == 1) {
                    kernel(depth, aPanels, i * depth, bPanels, j * depth, overwrite, c, corner, cRow);
                    continue;
                }
                if (tileRows <= 2) {
                    for (int r = 0; r < tileRows; r++) {
                        rowKernel(depth, aPanels, i * depth + r, bPanels, j * depth, tile, r * COLUMNS);
                    }
                } else {
                    kernel(depth, aPanels, i * depth, bPanels, j * depth, true, tile, 0, COLUMNS);
                }
                store(tileRows, tileColumns, tile, overwrite, c, corner, cRow, cColumn);
            }
        }
    }

    /** Copies the part of a tile that belongs to C. */
    private static void store(
            int rows, int columns, float[] tile, boolean overwrite, float[] c, int cOffset, int cRow, int cColumn) {
        for (int r = 0; r < rows; r++) {
            int from = r * COLUMNS;
            int to = cOffset + r * cRow;
            if (overwrite) {
                for (int s = 0; s < columns; s++) {
                    c[to + s * cColumn] = tile[from + s];
                }
            } else {
                for (int s = 0; s < columns; s++) {
                    c[to + s * cColumn] += tile[from + s];
                }
            }
        }
    }

    /** One full tile, ROWS x COLUMNS: written to c, or added to it. */
    private static void kernel(
            int depth,
            float[] a,
            int aPanel,
            float[] b,
            int bPanel,
            boolean overwrite,
            float[] c,
            int cOffset,
            int cRow) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bPanel + p * COLUMNS);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bPanel + p * COLUMNS + LANES);
            int row = aPanel + p * ROWS;
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[row]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[row + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[row + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        put(c00, c01, overwrite, c, cOffset);
        put(c10, c11, overwrite, c, cOffset + cRow);
        put(c20, c21, overwrite, c, cOffset + 2 * cRow);
        put(c30, c31, overwrite, c, cOffset + 3 * cRow);
    }

    private static void put(FloatVector left, FloatVector right, boolean overwrite, float[] c, int offset) {
        if (overwrite) {
            left.intoArray(c, offset);
            right.intoArray(c, offset + LANES);
        } else {
            left.add(FloatVector.fromArray(SPECIES, c, offset)).intoArray(c, offset);
            right.add(FloatVector.fromArray(SPECIES, c, offset + LANES)).intoArray(c, offset + LANES);
        }
    }

    /** One row of a tile, for the last rows of a matrix, where a whole tile would be mostly padding. */
    private static void rowKernel(int depth, float[] a, int aPanel, float[] b, int bPanel, float[] tile, int row) {
        FloatVector left = FloatVector.zero(SPECIES);
        FloatVector right = left;
        for (int p = 0; p < depth; p++) {
            FloatVector factor = FloatVector.broadcast(SPECIES, a[aPanel + p * ROWS]);
            left = factor.fma(FloatVector.fromArray(SPECIES, b, bPanel + p * COLUMNS), left);
            right = factor.fma(FloatVector.fromArray(SPECIES, b, bPanel + p * COLUMNS + LANES), right);
        }
        left.intoArray(tile, row);
        right.intoArray(tile, row + LANES);
    }

    /** A thread's panels, grown to fit its largest product so far. */
    private static final class Scratch {
        private final float[] tile = new float[ROWS * COLUMNS]; // (ROWS, COLUMNS)
        private float[] a = new float[0]; // (panels, depth, ROWS)
        private float[] b = new float[0]; // (panels, depth, COLUMNS)

        void reserve(int rows, int columns, int depth) {
            a = atLeast(roundUp(rows, ROWS) * depth, a);
            b = atLeast(roundUp(columns, COLUMNS) * depth, b);
        }

        private static float[] atLeast(int length, float[] array) {
            return array.length < length ? new float[length] : array;
        }

        private static int roundUp(int lines, int width) {
            return (lines + width - 1) / width * width;
        }
    }
}
