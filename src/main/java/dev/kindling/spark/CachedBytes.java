package dev.kindling.spark;

import java.util.Arrays;
import org.apache.spark.rdd.RDD;

/**
 * The bytes of an RDD's cached partitions, as Spark's storage status has them.
 *
 * @param known whether this version of Spark tells
 */
public record CachedBytes(long memory, long disk, boolean known) {

    /** Those of an RDD; 0 if it has no cached partitions. */
    public static CachedBytes of(RDD<?> rdd) {
        return Convenience.attempt("the size of the cached rows", () -> status(rdd))
                .orElse(new CachedBytes(0, 0, false));
    }

    private static CachedBytes status(RDD<?> rdd) {
        return Arrays.stream(rdd.context().getRDDStorageInfo())
                .filter(info -> info.id() == rdd.id())
                .map(info -> new CachedBytes(info.memSize(), info.diskSize(), true))
                .findFirst()
                .orElse(new CachedBytes(0, 0, true));
    }
}
