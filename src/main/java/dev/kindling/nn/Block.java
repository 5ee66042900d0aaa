package dev.kindling.nn;

import java.io.Serializable;

/**
 * A named block of a network's flat parameter vector: {@code rows × columns} values, row-major, from {@code offset}.
 *
 * @param name such as {@code dense1.weight}: the layer's kind, its number among layers of that kind, and the block's
 *     own name
 */
public record Block(String name, Role role, int offset, int rows, int columns) implements Serializable {

    /** The role of a block; penalties act on weights only. */
    public enum Role {
        /** A factor of the inputs. */
        WEIGHT,
        /** A trained summand. */
        BIAS,
        /** A trained factor or slope, such as batch norm's γ. */
        GAIN,
        /**
         * Not trained by the optimizer, such as batch norm's moving averages. In the place of a gradient it has
         * {@code momentum · (old value - batch's value)} times the total weight of the rows, so that subtracting the
         * mean gives the new value.
         */
        STATISTIC
    }

    /** The kind of layer that it is part of, such as {@code dense}; of layers within layers, the innermost. */
    public String layer() {
        int end = name.lastIndexOf('.');
        int begin = name.lastIndexOf('.', end - 1) + 1;
        while (Character.isDigit(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(begin, end);
    }

    public int size() {
        return rows * columns;
    }
}
