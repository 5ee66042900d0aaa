package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.StandaloneCluster;
import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.data.Packing;
import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Loss;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.spark.OneJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a standalone cluster that is hit in every way, training ends with the bits of an undisturbed run on two threads. */
@Tag("own-context")
@Tag("slow")
final class ClusterTest {
    private static final Path FOLDER = Path.of(System.getProperty("project.build.directory"), "cluster");
    private static final List<Sample> SAMPLES = Samples.clusters(600, 21);
    private static final int EPOCHS = 9;

    private static StandaloneCluster cluster;
    private static float[] expected;

    @BeforeAll
    static void trainUndisturbed() throws Exception {
        cluster = new StandaloneCluster(FOLDER, 2, Map.of());
        SparkConf local = cluster.conf().setMaster("local[2]").set(OneJvm.PROPERTY, "false");
        expected = train(local, shards -> shards, hits -> (epoch -> {})).parameters;
        for (float parameter : expected) {
            assertThat(parameter).isFinite();
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private interface Wrapping {
        JavaRDD<Shard> wrap(JavaRDD<Shard> shards);
    }

    /** What a test does after an epoch, before the next begins. */
    private interface Disturbance {
        void after(int epoch) throws Exception;
    }

    /** What Spark tells of executors and tasks; it makes one for each context. */
    public static final class Hits extends SparkListener {
        private static volatile Hits latest;

        final AtomicInteger added = new AtomicInteger();
        final AtomicInteger removed = new AtomicInteger();
        final AtomicInteger speculative = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();

        public Hits() {
            latest = this;
        }

        @Override
        public void onExecutorAdded(SparkListenerExecutorAdded event) {
            added.incrementAndGet();
        }

        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
            removed.incrementAndGet();
        }

        @Override
        public void onTaskStart(SparkListenerTaskStart event) {
            speculative.addAndGet(event.taskInfo().speculative() ? 1 : 0);
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd event) {
            failed.addAndGet(event.reason() instanceof ExceptionFailure ? 1 : 0);
        }

        int executors() {
            return added.get() - removed.get();
        }
    }

    private record Outcome(float[] parameters, long rowsRead, Hits hits) {}

    private static Outcome train(
            SparkConf conf, Wrapping wrapping, java.util.function.Function<Hits, Disturbance> test) {
        conf.set("spark.extraListeners", Hits.class.getName());
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            Hits hits = Hits.latest;
            LongAccumulator read = context.sc().longAccumulator();
            Disturbance disturbance = test.apply(hits);
            TrainListener listener = new TrainListener() {
                @Override
                public void ended(Epoch epoch) {
                    try {
                        disturbance.after(epoch.number());
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            };
            TrainOptions options = Samples.options(EPOCHS, 160, 5, 1, new OuterOptimizer.Average());
            Trainer trainer = Samples.trainer(options, listener);
            Packing packing = new Packing(4, 7, new Loss.SoftmaxCrossEntropy(), 0, 0.2, Samples.COLUMNS);
            JavaRDD<Sample> rows = context.parallelize(SAMPLES, 2).map(new Counting(read));
            try (Shards shards = Shards.pack(rows, new Samples.Reader(), packing)) {
                float[] first = trainer.run().network().initialize(RandomKey.of(5));
                float[] parameters = trainer.fit(
                                wrapping.wrap(shards.rdd()),
                                shards,
                                shards.moments(false),
                                first,
                                CheckpointPolicy.NONE)
                        .result();
                return new Outcome(parameters, read.value(), hits);
            }
        }
    }

    /** A class of its own, as executors know nothing of this one's folder. */
    private static final class Counting implements Function<Sample, Sample> {
        private static final long serialVersionUID = 1L;

        private final LongAccumulator read;

        Counting(LongAccumulator read) {
            this.read = read;
        }

        @Override
        public Sample call(Sample row) {
            read.add(1);
            return row;
        }
    }

    /** Does something in the midst of the next steps. */
    private static void soon(Random random, Runnable what) {
        Executor later = CompletableFuture.delayedExecutor(random.nextInt(150), TimeUnit.MILLISECONDS);
        CompletableFuture.runAsync(what, later);
    }

    private static Random random() {
        long seed = System.nanoTime();
        System.out.println("ClusterTest kills by seed " + seed);
        return new Random(seed);
    }

    @Tag("smoke")
    @Test
    void executorsAreKilled() {
        Random random = random();
        AtomicInteger killed = new AtomicInteger();
        Outcome outcome = train(cluster.conf(), shards -> shards, hits -> epoch -> {
            if (epoch % 3 == 0 && epoch < EPOCHS) {
                // both are there, with shards in their memory
                StandaloneCluster.await("executors", () -> hits.executors() == 2);
                soon(random, () -> killed.addAndGet(cluster.killExecutors(random.nextInt(2))));
            }
        });
        assertThat(outcome.parameters).isEqualTo(expected);
        assertThat(killed.get()).isEqualTo(EPOCHS / 3 - 1);
        assertThat(outcome.hits.removed.get()).isGreaterThanOrEqualTo(killed.get());
        assertThat(outcome.rowsRead).isGreaterThan(SAMPLES.size());
    }

    @Test
    void aWorkerIsKilledWithItsExecutorAndStartedAnew() {
        Random random = random();
        Outcome outcome = train(cluster.conf(), shards -> shards, hits -> epoch -> {
            if (epoch == 3) {
                soon(random, () -> cluster.killWorker(1));
            } else if (epoch == 6) {
                StandaloneCluster.await("the loss of an executor", () -> hits.removed.get() == 1);
                cluster.startWorker(1);
                StandaloneCluster.await("its successor", () -> hits.executors() == 2);
            }
        });
        assertThat(outcome.parameters).isEqualTo(expected);
        assertThat(outcome.rowsRead).isGreaterThan(SAMPLES.size());
        assertThat(outcome.hits.added.get()).isEqualTo(3);
    }

    @Test
    void tasksFailThreeTimesAndSlowOnesAreSpeculatedOn() {
        SparkConf conf = cluster.conf()
                .set("spark.task.maxFailures", "4")
                .set("spark.speculation", "true")
                .set("spark.speculation.quantile", "0.5")
                .set("spark.speculation.interval", "20ms");
        Outcome outcome = train(conf, shards -> shards.map(new Hindering()), hits -> epoch -> {});
        assertThat(outcome.parameters).isEqualTo(expected);
        assertThat(outcome.hits.failed.get()).isGreaterThanOrEqualTo(3);
        assertThat(outcome.hits.speculative.get()).isPositive();
    }

    /** In one step of five a task is slow until another attempt ends it, and in another step a task fails three times. */
    private static final class Hindering implements Function<Shard, Shard> {
        private static final long serialVersionUID = 1L;

        @Override
        public Shard call(Shard shard) throws InterruptedException, SparkException {
            TaskContext task = TaskContext.get();
            int stage = task.stageId() % 5;
            if (stage == 0 && task.partitionId() == 1 && task.attemptNumber() == 0) {
                Thread.sleep(60_000);
            } else if (stage == 1 && task.partitionId() == 2 && task.attemptNumber() < 3) {
                throw new SparkException("three attempts fail, as the test wants");
            }
            return shard;
        }
    }

    @Test
    void executorsComeAndGo() {
        SparkConf conf = cluster.conf()
                .set("spark.scheduler.minRegisteredResourcesRatio", "0")
                .set("spark.dynamicAllocation.enabled", "true")
                .set("spark.dynamicAllocation.shuffleTracking.enabled", "true")
                .set("spark.dynamicAllocation.shuffleTracking.timeout", "1s")
                .set("spark.dynamicAllocation.cachedExecutorIdleTimeout", "1s")
                .set("spark.dynamicAllocation.executorIdleTimeout", "1s")
                .set("spark.dynamicAllocation.schedulerBacklogTimeout", "1s");
        Outcome outcome = train(conf, shards -> shards, hits -> epoch -> {
            if (epoch == 3) {
                StandaloneCluster.await("executors to go", () -> hits.executors() == 0);
            }
        });
        assertThat(outcome.parameters).isEqualTo(expected);
        assertThat(outcome.hits.added.get()).isGreaterThan(outcome.hits.removed.get());
        assertThat(outcome.rowsRead).isGreaterThan(SAMPLES.size());
    }

    @Test
    void allThatCrossesAndSpillsIsEncrypted() throws Exception {
        Path keys = keystore();
        Map<String, String> secured = new TreeMap<>(Map.of(
                "spark.authenticate", "true",
                "spark.authenticate.secret", Long.toHexString(new Random().nextLong()),
                "spark.network.crypto.enabled", "true",
                "spark.io.encryption.enabled", "true",
                "spark.master.rest.enabled", "false")); // it knows no secret, and Spark 4 refuses it then
        for (String scope : List.of("spark.ssl", "spark.ssl.rpc")) { // the latter since Spark 4
            secured.put(scope + ".enabled", "true");
            secured.put(scope + ".protocol", "TLSv1.3");
            secured.put(scope + ".keyStore", keys.toString());
            secured.put(scope + ".keyStorePassword", "kindling");
            secured.put(scope + ".keyPassword", "kindling");
            secured.put(scope + ".trustStore", keys.toString());
            secured.put(scope + ".trustStorePassword", "kindling");
        }
        try (StandaloneCluster safe = new StandaloneCluster(FOLDER.resolve("secured"), 2, secured)) {
            SparkConf conf = safe.conf();
            secured.forEach(conf::set);
            Outcome outcome = train(conf, shards -> shards, hits -> {
                assertThat(SparkEnv.get().securityManager().isAuthenticationEnabled())
                        .isTrue();
                assertThat(SparkEnv.get().serializerManager().encryptionEnabled())
                        .isTrue();
                return epoch -> {};
            });
            assertThat(outcome.parameters).isEqualTo(expected);
            assertThat(outcome.hits.added.get()).isEqualTo(2);
        }
    }

    private static Path keystore() throws IOException, InterruptedException {
        Path keys = Files.createDirectories(FOLDER).resolve("keys.p12").toAbsolutePath();
        Files.deleteIfExists(keys);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "kindling",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1,ip:127.0.0.2,ip:127.0.0.3",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "kindling",
                        "-keystore",
                        keys.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return keys;
    }
}
