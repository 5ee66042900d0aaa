package dev.kindling.train;

import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/** Work whose Spark jobs end with it: a driver thread that is interrupted would leave its job running. */
final class JobScope {
    private JobScope() {}

    /** The work's result; where it throws, the jobs that it began in this thread are cancelled. */
    static <T> T run(SparkContext context, Supplier<T> work) {
        String tag = "kindling-" + UUID.randomUUID();
        context.addJobTag(tag);
        try {
            return work.get();
        } catch (Throwable e) {
            if (!context.isStopped()) {
                context.cancelJobsWithTag(tag);
            }
            throw e;
        } finally {
            context.removeJobTag(tag);
        }
    }
}
