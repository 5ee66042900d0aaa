package dev.kindling.check;

import dev.kindling.data.Shards;
import dev.kindling.train.RunConfig;
import dev.kindling.train.RunMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import scala.Tuple2;
import scala.collection.Iterator;

/** Checks that rows, parameters and task results fit into memory and Spark's limits. */
final class MemoryCheck {
    private static final long MIB = 1 << 20;

    private final Cluster cluster;
    private final Need need;

    MemoryCheck(Cluster cluster, Need need) {
        this.cluster = cluster;
        this.need = need;
    }

    /**
     * The memory and limits of the cluster, in bytes.
     *
     * @param local whether the driver also computes, so that results are not sent over the network
     * @param heap the driver's heap
     * @param storage for cached rows, of all executors together
     * @param directResult {@code spark.task.maxDirectResultSize}
     * @param message {@code spark.rpc.message.maxSize}
     * @param results {@code spark.driver.maxResultSize}; 0 means unlimited
     */
    record Cluster(boolean local, long heap, long storage, long directResult, long message, long results) {

        static Cluster of(SparkContext context) {
            SparkConf conf = context.getConf();
            long storage = 0;
            Iterator<Tuple2<Object, Object>> memories =
                    context.getExecutorMemoryStatus().valuesIterator();
            int nodes = 0;
            long driver = Runtime.getRuntime().maxMemory();
            while (memories.hasNext()) {
                storage += (Long) memories.next()._1();
                nodes++;
            }
            // the driver's block manager is among them, but it caches no rows if there are executors
            long own = nodes > 1 ? storage / nodes : 0;
            return new Cluster(
                    context.isLocal(),
                    driver,
                    storage - own,
                    conf.getSizeAsBytes("spark.task.maxDirectResultSize", "1m"),
                    conf.getSizeAsMb("spark.rpc.message.maxSize", "128m") * MIB,
                    conf.getSizeAsBytes("spark.driver.maxResultSize", "1g"));
        }
    }

    /**
     * What training needs, in bytes.
     *
     * @param rows the packed shards
     * @param parameters one parameter vector
     * @param vectors how many such vectors the driver holds: parameters, gradients, optimizer state and other copies
     */
    record Need(long rows, long parameters, long vectors, int shards, int aggregationDepth) {

        /**
         * @param share of all rows that the shards hold
         * @param members the number of networks that train at once
         */
        static Need of(Shards shards, double share, RunConfig run, int members) {
            RunMemory memory = RunMemory.of(run, shards, false, members);
            return new Need(
                    (long) (shards.bytes() / share),
                    memory.vector(),
                    memory.vectors(),
                    shards.count(),
                    run.options().aggregationDepth());
        }

        long driver() {
            return parameters * vectors;
        }
    }

    List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        rows(found);
        driver(found);
        if (!cluster.local) {
            results(found);
        }
        if (found.isEmpty()) {
            found.add(Finding.ok(
                    "memory",
                    "the rows take " + size(need.rows) + " of " + size(cluster.storage) + " storage; the network takes "
                            + size(need.parameters) + ", with gradient and optimizer state " + size(need.driver())
                            + " of " + size(cluster.heap) + " on the driver"
                            + (cluster.local ? "" : "; a task result is " + size(need.parameters))));
        }
        return found;
    }

    private void rows(List<Finding> found) {
        if (need.rows > cluster.storage) {
            String more = setting(cluster.local ? "spark.driver.memory" : "spark.executor.memory", 2 * need.rows);
            found.add(Finding.warning(
                            "rowsExceedMemory",
                            "",
                            "the packed rows take " + size(need.rows) + ", but the executors can cache "
                                    + size(cluster.storage)
                                    + ": the rest is read from disk in every epoch")
                    .withFix(more + ", or more executors", more + ", or more executors"));
        }
    }

    private void driver(List<Finding> found) {
        if (need.driver() > RunMemory.COMFORTABLE * cluster.heap) {
            String more = "--conf spark.driver.memory=" + RunMemory.enough(need.driver());
            found.add(Finding.error(
                            "driverMemory",
                            "",
                            "parameters, gradient and optimizer state take " + size(need.driver()) + " (" + need.vectors
                                    + " vectors), but the driver has " + size(cluster.heap))
                    .withFix(more, more));
        }
    }

    private void results(List<Finding> found) {
        long together = need.parameters * need.shards;
        if (need.aggregationDepth == 1 && cluster.results > 0 && together > cluster.results) {
            found.add(Finding.error(
                            "resultsExceedDriver",
                            "",
                            "the gradients of " + need.shards + " shards take " + size(together)
                                    + " per step, but spark.driver.maxResultSize is " + size(cluster.results)
                                    + ": Spark would abort the job")
                    .withFix(
                            "--aggregation-depth 2, or " + setting("spark.driver.maxResultSize", 2 * together),
                            "setAggregationDepth(2), or " + setting("spark.driver.maxResultSize", 2 * together)));
        }
        long direct = Math.min(cluster.directResult, cluster.message);
        if (need.parameters > direct) {
            String settings = setting("spark.task.maxDirectResultSize", 2 * need.parameters) + " --conf"
                    + " spark.rpc.message.maxSize=" + (4 * need.parameters / MIB + 1);
            found.add(Finding.warning(
                            "indirectResults",
                            "",
                            "a gradient takes " + size(need.parameters) + ", but only results up to " + size(direct)
                                    + " are sent with the task status: each step needs one more round trip")
                    .withFix(settings, settings));
        }
    }

    private static String setting(String name, long bytes) {
        return "--conf " + name + "=" + Math.max(1, (bytes + MIB - 1) / MIB) + "m";
    }

    private static String size(long bytes) {
        if (bytes < MIB) {
            return Math.max(1, bytes >> 10) + " KiB";
        }
        return bytes < 1 << 30
                ? String.format(Locale.ROOT, "%.1f MiB", (double) bytes / MIB)
                : String.format(Locale.ROOT, "%.1f GiB", (double) bytes / (1 << 30));
    }
}
