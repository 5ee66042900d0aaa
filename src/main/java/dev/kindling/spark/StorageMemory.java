package dev.kindling.spark;

import org.apache.spark.SparkContext;
import scala.Tuple2;
import scala.collection.Iterator;

/** The memory that Spark caches in. */
public final class StorageMemory {
    private StorageMemory() {}

    /** The bytes that could still be cached, by the driver and all executors. */
    public static long left(SparkContext context) {
        long left = 0;
        Iterator<Tuple2<Object, Object>> memories =
                context.getExecutorMemoryStatus().valuesIterator();
        while (memories.hasNext()) {
            left += (Long) memories.next()._2();
        }
        return left;
    }
}
