package dev.kindling.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.data.Packing;
import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spark.OneJvm;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.Trainer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.storage.RDDBlockId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shard that left the cache is packed again from its source, which must give the same rows. */
final class LostShardsTest {
    private static final int ROWS = 150;
    private static final int LOST = 1;
    private static final List<Sample> SAMPLES = Samples.clusters(ROWS, 21);
    private static final AtomicInteger READ = new AtomicInteger();

    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    @BeforeEach
    void readNothingSoFar() {
        READ.set(0);
    }

    @AfterEach
    void nothingStaysCached() {
        assertThat(context.getPersistentRDDs()).isEmpty();
    }

    /** A source's rows as they come the first time, and as they come when they are read again. */
    private interface Rereading extends Function<Sample, Sample> {
        Sample again(Sample row);

        @Override
        default Sample call(Sample row) {
            return READ.incrementAndGet() > ROWS ? again(row) : row;
        }
    }

    /** The parameters after three epochs; a shard is lost after the first. */
    private float[] train(boolean shuffled, boolean loses, int localSteps, Rereading source) {
        TrainListener losing = new TrainListener() {
            private Shards shards;

            @Override
            public void started(RunConfig run, Shards shards, ExecutionMode place) {
                this.shards = shards;
            }

            @Override
            public void ended(Epoch epoch) {
                if (loses && epoch.number() == 1) {
                    lose(shards.rdd());
                }
            }
        };
        Trainer trainer = new Trainer(
                new RunConfig(
                        Samples.network(),
                        new Loss.SoftmaxCrossEntropy(),
                        new UpdateRule(new FirstOrder.Adam(), 0.01),
                        Samples.options(3, 50, 5, localSteps, new OuterOptimizer.Average()),
                        "java"),
                losing);
        Packing packing = new Packing(3, 7, new Loss.SoftmaxCrossEntropy(), 0, 0.2, Samples.COLUMNS);
        JavaRDD<Sample> rows = context.parallelize(SAMPLES, 2).map(source);
        try (Shards shards = pack(rows, packing, shuffled)) {
            return trainer.fit(shards).result();
        }
    }

    /** Over a shuffle, as on a cluster, or within one JVM. */
    private Shards pack(JavaRDD<Sample> rows, Packing packing, boolean shuffled) {
        context.setLocalProperty(OneJvm.PROPERTY, String.valueOf(!shuffled));
        try {
            return Shards.pack(rows, new Samples.Reader(), packing);
        } finally {
            context.setLocalProperty(OneJvm.PROPERTY, null);
        }
    }

    /** As when an executor dies: a shard, and what the shuffle wrote. */
    private static void lose(JavaRDD<Shard> rdd) {
        SparkEnv.get().blockManager().removeBlock(new RDDBlockId(rdd.id(), LOST), true);
        rdd.rdd().cleanShuffleDependencies(true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTheSameRowsItTrainsToTheSameBits(boolean shuffled) {
        for (int localSteps : new int[] {1, 2}) {
            float[] expected = train(shuffled, false, localSteps, row -> row);
            assertThat(READ.getAndSet(0)).isEqualTo(ROWS);
            assertThat(train(shuffled, true, localSteps, row -> row)).isEqualTo(expected);
            assertThat(READ.getAndSet(0)).isGreaterThan(ROWS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofOtherRowsItEndsTheRunWithASentence(boolean shuffled) {
        Rereading other = row -> new Sample(new double[] {1, 2, row.features[0], 4, 5, 6}, row.label);
        for (int localSteps : new int[] {1, 2}) {
            READ.set(0);
            assertThatThrownBy(() -> train(shuffled, true, localSteps, other))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessage("the source must give the same rows each time it is read, but shard 1, lost and read"
                            + " again, holds 46 rows that differ from the 52 before: persist the data or write them to"
                            + " files before training, or give their random functions a seed");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRowThatGoesToTheOtherSideOfTheSplitIsAnotherRow(boolean shuffled) {
        assertThatThrownBy(() -> train(shuffled, true, 1, Sample::held))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("shard 1, lost and read again, holds 52 rows that differ from the 52 before");
    }
}
