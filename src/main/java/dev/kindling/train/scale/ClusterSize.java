package dev.kindling.train.scale;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The cluster at hand.
 *
 * @param executors that there are now; 1 with a local master
 * @param cores of each that run tasks at once
 * @param local whether the master is local, so that no network is between them
 */
record ClusterSize(int executors, int cores, boolean local) {

    static ClusterSize of(JavaSparkContext context) {
        SparkConf conf = context.getConf();
        // the driver's block manager is among them
        int executors = Math.max(1, context.sc().getExecutorMemoryStatus().size() - 1);
        int all = conf.getInt("spark.executor.cores", Math.max(1, context.defaultParallelism() / executors));
        int cores = context.isLocal() ? context.defaultParallelism() : all / conf.getInt("spark.task.cpus", 1);
        return new ClusterSize(executors, Math.max(1, cores), context.isLocal());
    }

    int slots() {
        return executors * cores;
    }

    @Override
    public String toString() {
        String each = cores + (cores == 1 ? " core" : " cores");
        return local
                ? "a local master of " + each
                : executors + (executors == 1 ? " executor of " : " executors of ") + each;
    }
}
