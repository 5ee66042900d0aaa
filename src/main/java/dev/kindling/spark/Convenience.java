package dev.kindling.spark;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Kindling takes from interfaces of Spark that are not public, and can do without. Another version of Spark may lack them: then
 * one line of the log says what is missing, and work goes on.
 */
final class Convenience {
    private static final Logger LOG = LoggerFactory.getLogger(Convenience.class);

    private static final Set<String> MISSING = ConcurrentHashMap.newKeySet();

    private Convenience() {}

    /**
     * The work's result; empty if this version of Spark lacks what the work needs.
     *
     * @param what it is good for, as the subject of a sentence
     */
    static <T> Optional<T> attempt(String what, Supplier<T> work) {
        try {
            return Optional.of(work.get());
        } catch (LinkageError | ClassCastException e) {
            if (MISSING.add(what)) {
                LOG.warn("{} does without what this version of Spark lacks: {}", what, e.toString());
            }
            return Optional.empty();
        }
    }
}
