package dev.kindling.nn.embedding;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Rows;

/**
 * Embeddings looked up: {@code out = in · W} for inputs that have a row in the tables, which lie one behind the other as
 * one matrix of width {@code dim}; other inputs pass unchanged.
 *
 * @param places (inputs, 2): where an input's output or first output is, and its row in the tables, or -1 if it passes
 * @param outputs of a row
 */
@SuppressWarnings("ArrayRecordComponent") // borrowed; never compared
public record Tables(int dim, int[] places, int outputs) {

    /**
     * Looks the rows' embeddings up.
     *
     * @param out (rows, outputs); overwritten
     */
    public void forward(Rows in, float[] tables, int offset, float[] out) {
        float[] values = in.values();
        Kernels.fill(in.rows() * outputs, 0f, out, 0);
        for (int row = 0; row < in.rows(); row++) {
            for (int p = in.begin(row); p < in.end(row); p++) {
                int input = in.column(row, p);
                int to = row * outputs + places[2 * input];
                int embedding = places[2 * input + 1];
                if (embedding < 0) {
                    out[to] = values[p];
                } else if (values[p] != 0) {
                    Kernels.axpy(dim, values[p], tables, offset + embedding * dim, out, to);
                }
            }
        }
    }

    /**
     * Adds the gradient of the embeddings that the rows have.
     *
     * @param gradient of the tables, from {@code offset}; added to
     */
    public void backward(Rows in, float[] delta, float[] gradient, int offset) {
        float[] values = in.values();
        for (int row = 0; row < in.rows(); row++) {
            for (int p = in.begin(row); p < in.end(row); p++) {
                int input = in.column(row, p);
                int embedding = places[2 * input + 1];
                if (embedding >= 0 && values[p] != 0) {
                    int from = row * outputs + places[2 * input];
                    Kernels.axpy(dim, values[p], delta, from, gradient, offset + embedding * dim);
                }
            }
        }
    }
}
