package dev.kindling.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The peers in Python: scripts of src/bench/python, by the interpreter that the environment's PYTHON names. */
final class Python {
    private static final String INTERPRETER = System.getenv().getOrDefault("PYTHON", "python3");
    private static final Set<String> MISSING = new HashSet<>();

    private Python() {}

    /** What the script prints; empty, and said once, where Python lacks the peer. */
    static Optional<String> run(String peer, String script, Object... arguments)
            throws IOException, InterruptedException {
        if (MISSING.contains(peer)) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(INTERPRETER, "src/bench/python/" + script));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException noInterpreter) {
            return missing(peer);
        }
        String printed = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
        return printed.equals("missing") ? missing(peer) : Optional.of(printed);
    }

    private static Optional<String> missing(String peer) {
        MISSING.add(peer);
        System.out.println(INTERPRETER + " has no " + peer + ": left out");
        return Optional.empty();
    }
}
