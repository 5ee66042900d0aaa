package dev.kindling.nn.ensemble;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Block;
import dev.kindling.nn.Network;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Networks of one architecture whose predictions are averaged: their number is 1 for a plain network.
 *
 * @param temperature what the logits are divided by; 1 leaves them as they are
 */
public record Ensemble(Network network, Loss loss, int members, double temperature) implements Serializable {
    public Ensemble {
        Require.positive(members, "the number of members");
        Require.positive(temperature, "the temperature");
        Require.that(
                (long) members * network.parameterCount() <= Integer.MAX_VALUE - 8,
                "the parameters of all members must fit in one array, but are " + members + " times "
                        + network.parameterCount());
        Require.that(
                temperature == 1 || loss.isClassification(), "a temperature is for classes, but targets are values");
    }

    /** One network, as it is. */
    public static Ensemble of(Network network, Loss loss) {
        return new Ensemble(network, loss, 1, 1);
    }

    /** Whether it predicts as its one network does. */
    public boolean isPlain() {
        return members == 1 && temperature == 1;
    }

    public Ensemble withTemperature(double value) {
        return new Ensemble(network, loss, members, value);
    }

    /** The number of parameters of all members together. */
    public int parameterCount() {
        return members * network.parameterCount();
    }

    /**
     * The named blocks of the parameters of all members, in order, without gaps. Of several members, a name begins with its
     * member, as in {@code member1.dense1.weight}.
     */
    public List<Block> layout() {
        List<Block> blocks = new ArrayList<>();
        for (int member = 0; member < members; member++) {
            String prefix = members == 1 ? "" : "member" + (member + 1) + ".";
            int from = member * network.parameterCount();
            for (Block block : network.layout()) {
                blocks.add(new Block(
                        prefix + block.name(), block.role(), from + block.offset(), block.rows(), block.columns()));
            }
        }
        return blocks;
    }

    /** The parameters of one member; members are counted from 0. */
    public float[] member(float[] parameters, int member) {
        int count = network.parameterCount();
        return Arrays.copyOfRange(parameters, member * count, (member + 1) * count);
    }

    /**
     * Passes of up to {@code capacity} rows.
     *
     * @param parameters of all members; not modified
     */
    public EnsemblePass pass(Gemm gemm, float[] parameters, int capacity) {
        return new EnsemblePass(this, gemm, parameters, capacity);
    }
}
