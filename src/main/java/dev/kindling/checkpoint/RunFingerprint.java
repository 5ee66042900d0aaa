package dev.kindling.checkpoint;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Block;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What run it is: all that its bits depend on, in words. */
public final class RunFingerprint {
    private static final String PREFIX = "run.";

    final List<Block> layout;
    final String gemm;
    private final Map<String, String> facts = new LinkedHashMap<>();

    /** @param gemm the provider of products: it may change, and then so may bits */
    public RunFingerprint(List<Block> layout, String gemm) {
        this.layout = layout;
        this.gemm = gemm;
    }

    public RunFingerprint with(String name, Object value) {
        facts.put(name, value.toString());
        return this;
    }

    void write(Map<String, String> strings) {
        facts.forEach((name, value) -> strings.put(PREFIX + name, value));
    }

    /**
     * Refuses what another run has written.
     *
     * @param what has the strings
     */
    void requireSame(Map<String, String> strings, String what) {
        List<String> differences = new ArrayList<>();
        facts.forEach((name, value) -> {
            String other = strings.get(PREFIX + name);
            if (!value.equals(other)) {
                differences.add(name + " " + (other == null ? "unknown" : other) + " and not " + value);
            }
        });
        if (!differences.isEmpty()) {
            throw new InvalidInput(what + " must be of this run to go on from, but is of one with "
                    + String.join(", ", differences) + "; train as then, or into another folder");
        }
    }
}
