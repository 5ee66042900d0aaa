package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.SparseSamples;
import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.data.Packing;
import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spark.OneJvm;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same data, seed and shards give the same bits wherever and however often tasks run, and however data are written. */
@Tag("end-to-end")
@Tag("one-line")
@Tag("own-context")
final class SameBitsTest {
    private static final List<Sample> SAMPLES = Samples.clusters(500, 21);
    private static final List<SparseSamples.Sample> SPARSE = SparseSamples.rows(500, 22);
    private static float[] expected;

    private static SparkConf conf(String master) {
        return new SparkConf()
                .set(OneJvm.PROPERTY, "false")
                .setMaster(master)
                .setAppName("same bits")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1");
    }

    private interface Wrapping {
        JavaRDD<Shard> wrap(JavaRDD<Shard> shards);
    }

    /** The parameters that steps of whole batches end with, then those of local steps; then the same of sparse rows. */
    private static float[] train(SparkConf conf, Wrapping wrapping) {
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            float[] whole = train(context, wrapping, Samples.options(3, 64, 5, 1, new OuterOptimizer.Average()));
            float[] local = train(context, wrapping, Samples.options(3, 64, 5, 3, new OuterOptimizer.Nesterov()));
            return joined(
                    whole,
                    local,
                    sparse(context, wrapping, "lazyAdam", 1),
                    sparse(context, wrapping, "momentum", 1),
                    sparse(context, wrapping, "lazyAdam", 3));
        }
    }

    private static float[] joined(float[]... vectors) {
        float[] all = {};
        for (float[] vector : vectors) {
            all = Arrays.copyOf(all, all.length + vector.length);
            System.arraycopy(vector, 0, all, all.length - vector.length, vector.length);
        }
        return all;
    }

    private static float[] sparse(JavaSparkContext context, Wrapping wrapping, String optimizer, int localSteps) {
        Network network = Network.of(SparseSamples.COLUMNS, Spec.parseAll(Layer.class, "dense(20) relu dense(2)"));
        Trainer trainer = new Trainer(
                new RunConfig(
                        network,
                        new Loss.SoftmaxCrossEntropy(),
                        new UpdateRule(Spec.parse(Optimizer.class, optimizer), 0.01),
                        Samples.options(2, 64, 5, localSteps, new OuterOptimizer.Average()),
                        "java"),
                new TrainListener() {});
        try (Shards shards = SparseSamples.pack(context, SPARSE, 4)) {
            assertThat(TouchedSteps.length(trainer.run(), shards)).isPresent();
            return trainer.fit(
                            wrapping.wrap(shards.rdd()),
                            shards,
                            shards.moments(false),
                            network.initialize(RandomKey.of(5)),
                            CheckpointPolicy.NONE)
                    .result();
        }
    }

    private static float[] train(JavaSparkContext context, Wrapping wrapping, TrainOptions options) {
        Trainer trainer = Samples.trainer(options, new TrainListener() {});
        Packing packing = new Packing(4, 7, new Loss.SoftmaxCrossEntropy(), 0, 0.2, Samples.COLUMNS);
        try (Shards shards = Samples.pack(context, SAMPLES, context.defaultParallelism(), packing)) {
            float[] first = trainer.run().network().initialize(RandomKey.of(5));
            return trainer.fit(wrapping.wrap(shards.rdd()), shards, shards.moments(false), first, CheckpointPolicy.NONE)
                    .result();
        }
    }

    @BeforeAll
    static void trainOnOneThread() {
        expected = train(conf("local[1]"), shards -> shards);
        for (float parameter : expected) {
            assertThat(parameter).isFinite();
        }
    }

    @Test
    void onFourThreads() {
        assertThat(train(conf("local[4]"), shards -> shards)).isEqualTo(expected);
    }

    @Test
    void byThreadsOfTheDriver() {
        for (String master : new String[] {"local[1]", "local[3]"}) {
            SparkConf conf = conf(master).set(OneJvm.PROPERTY, "true");
            assertThat(train(conf, shards -> shards)).isEqualTo(expected);
        }
    }

    @Test
    void whereTheFirstAttemptOfEveryTaskThrows() {
        assertThat(train(conf("local[4,3]"), shards -> shards.map(new FailingFirst())))
                .isEqualTo(expected);
    }

    private static final class FailingFirst implements Function<Shard, Shard> {
        private static final long serialVersionUID = 1L;

        @Override
        public Shard call(Shard shard) throws SparkException {
            if (TaskContext.get().attemptNumber() == 0) {
                throw new SparkException("the first attempt fails, as the test wants");
            }
            return shard;
        }
    }

    @Tag("smoke")
    @Test
    void underKryoWithRegistrationRequiredAndShardsOnDiskOnly() {
        SparkConf conf = conf("local[2]")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.kryo.registrator", "dev.kindling.ml.KryoClasses")
                .set(
                        "spark.kryo.classesToRegister",
                        Sample.class.getName() + "," + SparseSamples.Sample.class.getName());
        assertThat(train(conf, SameBitsTest::onDisk)).isEqualTo(expected);
    }

    @Test
    void underJavaSerialisationAndShardsOnDiskOnly() {
        assertThat(train(conf("local[2]"), SameBitsTest::onDisk)).isEqualTo(expected);
    }

    private static JavaRDD<Shard> onDisk(JavaRDD<Shard> shards) {
        return shards.map(shard -> shard).persist(StorageLevel.DISK_ONLY());
    }

    @Tag("slow")
    @Tag("smoke")
    @Test
    void onTwoExecutorsOfACluster() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        SparkConf conf = conf("local-cluster[2,1,1024]")
                .set("spark.executor.memory", "512m")
                .set("spark.executor.extraClassPath", classPath)
                .set("spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector -XX:TieredStopAtLevel=1");
        assertThat(train(conf, shards -> shards)).isEqualTo(expected);
    }
}
