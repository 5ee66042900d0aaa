package dev.kindling.nn;

import java.io.Serializable;

/**
 * A named piece of a network's flat parameter vector: {@code rows × columns} values, row-major, from {@code offset}.
 *
 * @param name such as {@code dense1.weight}: the layer's kind and its place among its kind, then what it is
 */
public record Block(String name, Role role, int offset, int rows, int columns) implements Serializable {

    /** What a piece of the parameters is; penalties act on weights alone. */
    public enum Role {
        /** What inputs are multiplied with. */
        WEIGHT,
        /** What is added. */
        BIAS,
        /** A trained factor or slope, such as batch norm's γ. */
        GAIN,
        /**
         * Not trained by the optimizer, such as batch norm's moving averages. Where the gradient of other blocks
         * stands, it has {@code momentum · (old value - batch's value)} times the rows' weight, so that subtracting the
         * mean of it is the new value.
         */
        STATISTIC
    }

    public int size() {
        return rows * columns;
    }
}
