package dev.kindling.nn.embedding;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.linalg.Waves;

/**
 * Embeddings of numbers by waves, in one of two forms. Frequencies f, phases p, weights A and biases a are trained, and each
 * number x has its own:
 *
 * <ul>
 *   <li>{@code relu(A · v + a)} with waves {@code v = [cos(2π f x), sin(2π f x)]};
 *   <li>shifted: {@code [x, A · v + a]} with {@code v = cos(2π f x + p)}.
 * </ul>
 *
 * <p>The parameters: frequencies (numbers, frequencies), phases the same, weights (waves, numbers · units), biases (numbers ·
 * units). The scratch: cosines and sines of each number (frequencies, rows), which stay from the forward to the backward pass;
 * then what a pass needs for one number: the gradient with respect to x (rows), z = A · v + a (units, rows), the waves' gradient (waves, rows), the number's
 * weights, and their gradient.
 *
 * @param dim the width of an embedding
 */
public record NumberWaves(int numbers, int frequencies, int dim, boolean shifted) {

    /** The waves of a number. */
    public int waves() {
        return shifted ? frequencies : 2 * frequencies;
    }

    /** The outputs of a number's linear layer. */
    public int units() {
        return shifted ? dim - 1 : dim;
    }

    /** Where the phases begin, from the first parameter. */
    public int phase() {
        return numbers * frequencies;
    }

    public int weight() {
        return shifted ? 2 * phase() : phase();
    }

    public int bias() {
        return weight() + waves() * numbers * units();
    }

    private int end() {
        return bias() + numbers * units();
    }

    /**
     * Draws the frequencies from N(0, σ²), the phases from U(-π, π), and weights and biases as PyTorch's {@code Linear}.
     *
     * @param parameters from {@code offset}; overwritten
     */
    public void initialize(double sigma, SplitMix64 random, float[] parameters, int offset) {
        double bound = 1 / Math.sqrt(waves());
        for (int i = 0; i < end(); i++) {
            parameters[offset + i] = (float)
                    (i < phase()
                            ? sigma * random.nextGaussian()
                            : (2 * random.nextDouble() - 1) * (i < weight() ? Math.PI : bound));
        }
    }

    /** The length of the scratch for so many rows. */
    public int scratch(int rows) {
        return Math.toIntExact((2L * frequencies * numbers + 1 + units() + waves()) * rows + 2L * waves() * units());
    }

    private int cosines(int number, int rows) {
        return 2 * frequencies * number * rows;
    }

    private int slopeOfX(int rows) {
        return cosines(numbers, rows);
    }

    private int z(int rows) {
        return slopeOfX(rows) + rows;
    }

    private int slope(int rows) {
        return z(rows) + units() * rows;
    }

    private int matrix(int rows) {
        return slope(rows) + waves() * rows;
    }

    /**
     * Computes the embeddings, and copies the inputs between numbers.
     *
     * @param places as {@link Runs#places} gives them
     * @param parameters from {@code offset}
     * @param in (rows, inputs)
     * @param out (rows, inputs + numbers · (dim - 1)); overwritten
     * @param scratch overwritten, as is {@code x} (rows)
     */
    public void forward(
            Gemm gemm,
            int[] places,
            int rows,
            float[] parameters,
            int offset,
            float[] in,
            float[] out,
            float[] scratch,
            double[] x) {
        int inputs = places.length / 2;
        int width = inputs + numbers * (dim - 1);
        for (int i = 0; i < inputs; i++) {
            int to = places[2 * i];
            int number = places[2 * i + 1];
            if (number < 0 || shifted) {
                Kernels.copyColumn(rows, in, i, inputs, out, to, width);
            }
            if (number >= 0) {
                widen(rows, in, i, inputs, x);
                sample(number, rows, parameters, offset, x, scratch);
                multiply(gemm, number, rows, parameters, offset, scratch);
                write(number, rows, parameters, offset, scratch, out, shifted ? to + 1 : to, width);
            }
        }
    }

    private static void widen(int rows, float[] in, int column, int inputs, double[] x) {
        for (int row = 0; row < rows; row++) {
            x[row] = in[row * inputs + column];
        }
    }

    private void sample(int number, int rows, float[] parameters, int offset, double[] x, float[] scratch) {
        for (int f = 0; f < frequencies; f++) {
            int at = offset + number * frequencies + f;
            float phase = shifted ? parameters[at + phase()] : 0f;
            int cosine = cosines(number, rows) + f * rows;
            int sine = cosine + frequencies * rows;
            Waves.sample(rows, parameters[at], phase, x, scratch, cosine, scratch, sine);
        }
    }

    private void multiply(Gemm gemm, int number, int rows, float[] parameters, int offset, float[] scratch) {
        copyWeights(number, rows, parameters, offset, scratch);
        int cosines = cosines(number, rows);
        // (units, rows) = Aᵀ(units, waves) · v(waves, rows)
        gemm.multiplyTransA(units(), rows, waves(), scratch, matrix(rows), scratch, cosines, 0f, scratch, z(rows));
    }

    private void write(
            int number, int rows, float[] parameters, int offset, float[] scratch, float[] out, int to, int width) {
        for (int k = 0; k < units(); k++) {
            float bias = parameters[offset + bias() + number * units() + k];
            for (int row = 0; row < rows; row++) {
                float z = scratch[z(rows) + k * rows + row] + bias;
                out[row * width + to + k] = shifted ? z : Math.max(z, 0f); // max keeps a NaN
            }
        }
    }

    /** (waves, units) of one number. */
    private void copyWeights(int number, int rows, float[] parameters, int offset, float[] scratch) {
        for (int v = 0; v < waves(); v++) {
            int from = offset + weight() + (v * numbers + number) * units();
            System.arraycopy(parameters, from, scratch, matrix(rows) + v * units(), units());
        }
    }

    /**
     * Adds the gradient of the parameters, and computes that of the inputs.
     *
     * @param out as the forward pass left it, as is {@code scratch}
     * @param x (rows) overwritten
     * @param delta the gradient with respect to {@code out}
     * @param spare (rows, inputs): becomes the gradient with respect to {@code in}
     * @param gradient from {@code offset}; added to
     */
    public void backward(
            Gemm gemm,
            int[] places,
            int rows,
            float[] parameters,
            int offset,
            float[] in,
            float[] out,
            float[] delta,
            float[] spare,
            float[] scratch,
            double[] x,
            float[] gradient) {
        int inputs = places.length / 2;
        int width = inputs + numbers * (dim - 1);
        for (int i = 0; i < inputs; i++) {
            int from = places[2 * i];
            int number = places[2 * i + 1];
            if (number < 0) {
                Kernels.copyColumn(rows, delta, from, width, spare, i, inputs);
            } else {
                read(number, rows, offset, out, delta, shifted ? from + 1 : from, width, scratch, gradient);
                toWeights(gemm, number, rows, offset, scratch, gradient);
                copyWeights(number, rows, parameters, offset, scratch);
                // (waves, rows) = A(waves, units) · ∂z(units, rows)
                gemm.multiply(
                        waves(), rows, units(), scratch, matrix(rows), scratch, z(rows), 0f, scratch, slope(rows));
                toAngles(number, rows, scratch);
                widen(rows, in, i, inputs, x);
                toWaves(number, rows, offset, x, scratch, gradient);
                toNumber(gemm, number, rows, parameters, offset, scratch, delta, from, width, spare, i, inputs);
            }
        }
    }

    /** Writes the gradient with respect to z, and adds that of the biases. */
    private void read(
            int number,
            int rows,
            int offset,
            float[] out,
            float[] delta,
            int from,
            int width,
            float[] scratch,
            float[] gradient) {
        for (int k = 0; k < units(); k++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                int at = row * width + from + k;
                float slope = shifted || out[at] > 0 ? delta[at] : 0f;
                scratch[z(rows) + k * rows + row] = slope;
                sum += slope;
            }
            gradient[offset + bias() + number * units() + k] += (float) sum;
        }
    }

    /** Writes {@code ∂x = 2π f · ∂angle}, and adds the gradient of the number itself where it is an output. */
    private void toNumber(
            Gemm gemm,
            int number,
            int rows,
            float[] parameters,
            int offset,
            float[] scratch,
            float[] delta,
            int from,
            int width,
            float[] spare,
            int to,
            int inputs) {
        int f = offset + number * frequencies;
        // (1, rows) = f(1, frequencies) · ∂angle(frequencies, rows)
        gemm.multiply(1, rows, frequencies, parameters, f, scratch, slope(rows), 0f, scratch, slopeOfX(rows));
        for (int row = 0; row < rows; row++) {
            float itself = shifted ? delta[row * width + from] : 0f;
            spare[row * inputs + to] = itself + (float) (2 * Math.PI) * scratch[slopeOfX(rows) + row];
        }
    }

    private void toWeights(Gemm gemm, int number, int rows, int offset, float[] scratch, float[] gradient) {
        int product = matrix(rows) + waves() * units();
        // ∂Aᵀ(units, waves) = ∂z(units, rows) · vᵀ(rows, waves)
        int cosines = cosines(number, rows);
        gemm.multiplyTransB(units(), waves(), rows, scratch, z(rows), scratch, cosines, 0f, scratch, product);
        for (int v = 0; v < waves(); v++) {
            int to = offset + weight() + (v * numbers + number) * units();
            for (int k = 0; k < units(); k++) {
                gradient[to + k] += scratch[product + k * waves() + v];
            }
        }
    }

    /** Turns the gradient with respect to cosines and sines into that with respect to angles, in the cosines' place. */
    private void toAngles(int number, int rows, float[] scratch) {
        int n = frequencies * rows;
        int cosines = cosines(number, rows);
        int slope = slope(rows);
        for (int i = 0; i < n; i++) {
            scratch[slope + i] *= -scratch[cosines + n + i];
        }
        for (int i = 0; i < n && !shifted; i++) {
            scratch[slope + i] += scratch[slope + n + i] * scratch[cosines + i];
        }
    }

    private void toWaves(int number, int rows, int offset, double[] x, float[] scratch, float[] gradient) {
        for (int f = 0; f < frequencies; f++) {
            int angle = slope(rows) + f * rows;
            double ofFrequency = 0;
            double ofPhase = 0;
            for (int row = 0; row < rows; row++) {
                ofFrequency += scratch[angle + row] * x[row];
                ofPhase += scratch[angle + row];
            }
            int at = offset + number * frequencies + f;
            gradient[at] += (float) (2 * Math.PI * ofFrequency);
            if (shifted) {
                gradient[at + phase()] += (float) ofPhase;
            }
        }
    }
}
