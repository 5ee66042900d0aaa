package dev.kindling.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Loss;
import dev.kindling.loss.Metric;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Network;
import dev.kindling.optim.GradientSource;
import dev.kindling.optim.Schedule;
import dev.kindling.spark.Floats;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("one-line")
class OrderedSumTest {
    private static final JavaSparkContext CONTEXT =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    /** The sums of an epoch's metric may have moments, and parts without rows. */
    @ParameterizedTest
    @ValueSource(ints = {3, 160})
    void anyMetricCanBeThatOfAnEpoch(int shards) {
        Network network = Network.of(Samples.FEATURES, List.of(new Dense(1)));
        Loss loss = new ValueLoss.SquaredError();
        Metric metric = new Metric.RSquared(1);
        RunSetup setup = new RunSetup(
                network,
                loss,
                metric,
                new GradientSource.Backpropagation(),
                "java",
                7,
                1,
                new Schedule.Constant(),
                null,
                null);
        float[] parameters = network.initialize(RandomKey.of(3));
        List<RunRequest> runs = List.of(new RunRequest(setup, new ShardRequest.Gradient(0, 0, 1), null, parameters));
        ShardTask task = ShardTask.with(runs, new Floats[] {new Floats(parameters)});
        double[] figures = new double[2];
        for (int way = 0; way < 2; way++) {
            try (Shards packed = Samples.pack(
                    CONTEXT,
                    Samples.clusters(150, 2),
                    3,
                    new Packing(way * shards + 1, 7, loss, 0, 0, Samples.COLUMNS))) {
                GradientSum sum = new OrderedSum(way * shards + 1, way * Long.MAX_VALUE)
                        .of(packed.rdd(), task, runs)
                        .sums()
                        .get(0);
                figures[way] = sum.of(metric);
            }
        }
        assertThat(figures[1]).isCloseTo(figures[0], within(1e-5)).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 40})
    void whereItIsAddedDoesNotChangeABit(int shards) {
        Network network = Network.of(Samples.FEATURES, Samples.wide());
        Loss loss = new Loss.SoftmaxCrossEntropy();
        RunSetup setup = new RunSetup(
                network,
                loss,
                Metric.of(loss),
                new GradientSource.Backpropagation(),
                "java",
                7,
                1,
                new Schedule.Constant(),
                null,
                null);
        int length = network.parameterCount();
        assertThat(length).isGreaterThan(4 * 4096); // in four slices
        float[] parameters = network.initialize(RandomKey.of(3));
        List<RunRequest> runs = List.of(new RunRequest(setup, new ShardRequest.Gradient(0, 0, 1), null, parameters));
        ShardTask task = ShardTask.with(runs, new Floats[] {new Floats(parameters)});
        try (Shards packed = Samples.pack(CONTEXT, Samples.clusters(150, 2), 3, Samples.packing(shards))) {
            GradientSum direct = new OrderedSum(shards, Long.MAX_VALUE)
                    .of(packed.rdd(), task, runs)
                    .sums()
                    .get(0);
            GradientSum scattered = new OrderedSum(shards, 0L)
                    .of(packed.rdd(), task, runs)
                    .sums()
                    .get(0);
            assertThat(scattered.gradient).isEqualTo(direct.gradient);
            assertThat(scattered.loss).isEqualTo(direct.loss);
            assertThat(scattered.metric).isEqualTo(direct.metric);
            assertThat(scattered.weight).isEqualTo(direct.weight).isEqualTo(150);
            assertThat(direct.gradient).doesNotContain(Float.NaN);
        }
    }
}
