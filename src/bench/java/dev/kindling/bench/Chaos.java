package dev.kindling.bench;

import dev.kindling.StandaloneCluster;
import dev.kindling.data.Shards;
import dev.kindling.nn.Network;
import dev.kindling.train.MortalDriver;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Kills what trains, and compares the bits it ends with to those of an undisturbed run: executors and workers of a
 * standalone cluster at random times, and drivers at random times and while they write checkpoints. Arguments: [kills of
 * executors and workers] [kills of drivers] [seed].
 */
public final class Chaos {
    private static final Path FOLDER = Path.of("target", "chaos").toAbsolutePath();
    private static final int WORKERS = 2;
    private static final int SHARDS = 4;
    private static final int KILLS_A_RUN = 7;

    private static final Table TABLE = new Table("campaign", "kills", "runs", "runs that ended", "same bits", "damaged checkpoints");

    private Chaos() {}

    public static void main(String[] arguments) throws Exception {
        int executors = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        int drivers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
        System.out.println("seed " + seed);
        Files.createDirectories(FOLDER);
        boolean same = killDrivers(drivers, new Random(seed)) & killExecutors(executors, new Random(seed));
        TABLE.print();
        System.exit(same ? 0 : 1);
    }

    private static boolean killDrivers(int kills, Random random) throws IOException, InterruptedException {
        float[] expected = MortalDriver.undisturbed();
        int killed = 0;
        int writing = 0;
        int runs = 0;
        int same = 0;
        int damaged = 0;
        while (killed < kills) {
            Path folder = Files.createTempDirectory(FOLDER, "driver-");
            MortalDriver.Fate fate = MortalDriver.run(folder, Math.min(KILLS_A_RUN, kills - killed), random);
            runs++;
            killed += fate.kills();
            writing += fate.writing();
            damaged += fate.damaged();
            same += Arrays.equals(fate.parameters(), expected) ? 1 : 0;
            System.out.printf("drivers: %d kills, %d inside a write, %d of %d runs same%n", killed, writing, same, runs);
        }
        String what = "drivers, " + writing + " inside a write";
        TABLE.add(what, killed, runs, runs, same, damaged);
        return same == runs && damaged == 0;
    }

    private static boolean killExecutors(int kills, Random random) throws IOException, InterruptedException {
        float[] expected;
        SparkConf local = new SparkConf()
                .setMaster("local[2]")
                .setAppName("undisturbed")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1");
        try (JavaSparkContext context = new JavaSparkContext(local)) {
            expected = train(context);
        }
        int runs = 0;
        int same = 0;
        try (StandaloneCluster cluster = new StandaloneCluster(FOLDER.resolve("cluster"), WORKERS, Map.of());
                JavaSparkContext context = new JavaSparkContext(cluster.conf())) {
            Killer killer = new Killer(cluster, context, kills, random);
            killer.start();
            while (killer.isAlive()) {
                same += Arrays.equals(train(context), expected) ? 1 : 0;
                runs++;
                System.out.printf("executors: %d kills, %d of %d runs same%n", killer.executors, same, runs);
            }
            killer.join();
            String what = "executors, " + killer.workers + " with their workers";
            TABLE.add(what, killer.executors, runs, runs, same, "none written");
        }
        return same == runs;
    }

    private static float[] train(JavaSparkContext context) {
        Network network = Noise.network(200);
        try (Shards shards = Noise.pack(context, 4_000, SHARDS)) {
            return Noise.train(network, shards, 20, 200, new TrainListener() {}).result();
        }
    }

    /** Kills an executor, all of them, or a worker with its executor, again and again. */
    private static final class Killer extends Thread {
        private static final int LONGEST_MILLIS = 1_500;

        private final StandaloneCluster cluster;
        private final JavaSparkContext context;
        private final int kills;
        private final Random random;
        private volatile int executors;
        private volatile int workers;

        Killer(StandaloneCluster cluster, JavaSparkContext context, int kills, Random random) {
            super("killer");
            setDaemon(true);
            this.cluster = cluster;
            this.context = context;
            this.kills = kills;
            this.random = random;
        }

        @Override
        public void run() {
            try {
                while (executors < kills) {
                    // the driver has a block manager too
                    StandaloneCluster.await(
                            "executors", () -> context.sc().getExecutorMemoryStatus().size() == WORKERS + 1);
                    Thread.sleep(random.nextInt(LONGEST_MILLIS));
                    kill(random.nextInt(WORKERS), random.nextInt(6));
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void kill(int worker, int how) throws IOException {
            int killed = 0;
            if (how == 0) {
                killed = cluster.executors(worker).size();
                cluster.killWorker(worker);
                cluster.startWorker(worker);
                workers++;
            } else if (how == 1) {
                for (int each = 0; each < WORKERS; each++) {
                    killed += cluster.killExecutors(each);
                }
            } else {
                killed = cluster.killExecutors(worker);
            }
            executors += killed;
        }
    }
}
