package dev.kindling.checkpoint;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Block;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Identifies a run by everything that its bits depend on, in words. A checkpoint of another run is refused. */
public final class RunFingerprint {
    static final String PREFIX = "run.";
    private static final int DIGEST_BYTES = 8;

    final List<Block> layout;
    final String gemm;
    private final Map<String, String> facts = new LinkedHashMap<>();

    /** @param gemm the GEMM backend; a resumed run may use another, and then its bits may differ */
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

    /** A short name that only runs with the same facts and layout share. */
    public String digest() {
        try {
            String text = layout + "\n" + facts;
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }

    /**
     * Refuses the checkpoint of another run.
     *
     * @param what the strings were read from, for the message
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
            throw new InvalidInput(what + " must be one of this run to resume from, but is of a run with "
                    + String.join(", ", differences) + "; use the same settings and rows, or another folder");
        }
    }
}
