package dev.kindling.bench;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.data.Shards;
import dev.kindling.nn.Network;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Ten thousand steps, each a Spark job: what they leave in memory, in the block manager and on disk, a line each tenth.
 * With 2 shards and broadcast parameters; then a hundredth of them with 40 shards, whose gradients are added over a
 * shuffle. Arguments: [steps].
 */
public final class Soak {
    private static final int ROWS = 80;
    private static final int BATCH = 40; // two steps an epoch

    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(Session.local(2).sparkContext());
    private final Path scratch;

    private Soak() throws IOException {
        scratch = Path.of(SparkEnv.get().blockManager().diskBlockManager().localDirs()[0].getPath());
    }

    public static void main(String[] arguments) throws Exception {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        Soak soak = new Soak();
        soak.context.setLocalProperty("spark.kindling.oneJvm", "false");
        soak.run(2, 2_500, steps);
        soak.run(40, 8_200, steps / 100);
    }

    private void run(int shardCount, int width, int steps) {
        Network network = Noise.network(width);
        Table table =
                new Table("steps", "live heap MB", "blocks", "their MB", "files", "their MB on disk", "threads", "ms a step");
        try (Shards shards = Noise.pack(context, ROWS, shardCount)) {
            Noise.train(network, shards, steps * BATCH / ROWS, BATCH, new Lines(table, Math.max(1, steps / 10)));
        }
        System.out.printf("%n%,d parameters, %d shards%n", network.parameterCount(), shardCount);
        table.print();
    }

    private final class Lines implements TrainListener {
        private final Table table;
        private final int every;
        private long steps;
        private double milliseconds;

        Lines(Table table, int every) {
            this.table = table;
            this.every = every;
        }

        @Override
        public void ended(Epoch epoch) {
            long before = steps / every;
            steps += epoch.steps();
            milliseconds += epoch.trainingSeconds() * 1e3;
            if (steps / every > before) {
                line();
                milliseconds = 0;
            }
        }

        private void line() {
            for (int i = 0; i < 2; i++) {
                System.gc();
            }
            var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
            var status = SparkEnv.get().blockManager().master().getStorageStatus()[0];
            long[] disk = disk();
            table.add(
                    String.format("%,d", steps),
                    heap.getUsed() / 1e6,
                    SparkEnv.get().blockManager().blockInfoManager().size(),
                    status.memUsed() / 1e6,
                    disk[0],
                    disk[1] / 1e6,
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    milliseconds / every);
        }

        private long[] disk() {
            try (Stream<Path> files = Files.walk(scratch)) {
                List<Path> all = files.filter(Files::isRegularFile).toList();
                // Spark may be deleting some
                return new long[] {
                    all.size(), all.stream().mapToLong(file -> file.toFile().length()).sum()
                };
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
