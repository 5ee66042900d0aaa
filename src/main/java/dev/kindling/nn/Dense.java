package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.nn.embedding.Runs;
import dev.kindling.nn.embedding.TouchedRows;
import java.util.List;
import java.util.Optional;

/**
 * A fully connected layer: {@code out = in · W + b}, with {@code W} of shape (inputs, units), {@code b} of (units).
 *
 * @param units the width of the output
 * @param initializer of the weights; biases start at zero
 */
public record Dense(int units, Initializer initializer) implements Layer {

    public Dense {
        Require.positive(units, "the number of units of a dense layer");
    }

    public Dense(int units) {
        this(units, new Initializer.Auto());
    }

    @Override
    public int outputs(int inputs) {
        return units;
    }

    @Override
    public List<Block> blocks(int inputs) {
        return List.of(
                new Block("weight", Block.Role.WEIGHT, 0, inputs, units),
                new Block("bias", Block.Role.BIAS, inputs * units, 1, units));
    }

    @Override
    public void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
        initializer.fill(inputs, units, following, random, parameters, offset);
    }

    @Override
    public boolean takesSparseRows() {
        return true;
    }

    @Override
    public Optional<TouchedRows> touched(int inputs, int[] touched) {
        return Optional.of(TouchedRows.of(new Runs(List.of(0), List.of(inputs)), inputs, units, touched));
    }

    @Override
    public void forward(Frame frame) {
        int rows = frame.in.rows();
        Kernels.fillRows(rows, units, frame.parameters, frame.offset + frame.inputs * units, frame.out, 0);
        frame.in.multiply(frame.gemm, units, frame.parameters, frame.offset, 1f, frame.out);
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        int rows = frame.in.rows();
        frame.in.accumulateTransposed(frame.gemm, units, delta, gradient, frame.offset);
        Kernels.addRowSums(rows, units, delta, 0, gradient, frame.offset + frame.inputs * units);
        if (!frame.first) {
            // (rows, inputs) = delta(rows, units) · Wᵀ
            frame.gemm.multiplyTransB(
                    rows, frame.inputs, units, delta, 0, frame.parameters, frame.offset, 0f, spare, 0);
        }
        return spare;
    }
}
