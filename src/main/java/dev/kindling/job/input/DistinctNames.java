package dev.kindling.job.input;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Refuses columns whose names differ only by case, because Spark takes them for one. */
public final class DistinctNames {
    private DistinctNames() {}

    /**
     * Refuses the first two names of one kind.
     *
     * @throws InvalidInput if there are such names
     */
    public static void require(List<String> names) {
        Map<String, String> seen = new HashMap<>();
        for (String name : names) {
            String other = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            Require.that(
                    other == null,
                    "columns must have names that differ by more than case, but there are \"" + other + "\" and \""
                            + name + "\"");
        }
    }
}
