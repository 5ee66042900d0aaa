package dev.kindling.table.value;

import dev.kindling.linalg.InvalidInput;

/** A value that its column must not have. It has no stack trace: readers of rows turn it into a sentence. */
public final class RowProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String rule;

    /** @param rule what the column must hold, and what it holds, such as {@code must hold numbers, but holds "a"} */
    public RowProblem(String rule) {
        super(null, null, false, false);
        this.rule = rule;
    }

    /** A value of another kind than its column's. */
    public static RowProblem other(String kind, Object value) {
        return new RowProblem("must hold " + kind + ", but holds \"" + InvalidInput.value(value) + "\"");
    }

    /** The sentence for {@link InvalidInput}, in which values of the data are marked. */
    public String of(String column) {
        return "column \"" + column + "\" " + rule;
    }
}
