package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.data.Shards;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.UpdateRule;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** What a run's memory is said to need, beside what the JVM allocates for it. */
final class RunMemoryTest {
    private static final long HEAP = Runtime.getRuntime().maxMemory();

    private final SparkContext context = LocalSpark.session().sparkContext();

    @Test
    void outputsOfManyClassesAreCountedAsTheJvmAllocatesThem() {
        int classes = 50_000;
        int shards = 2;
        Network network =
                Network.of(Samples.FEATURES, List.of(new Dense(16), new Activation.Relu(), new Dense(classes)));
        RunConfig run = new RunConfig(
                network,
                new Loss.SoftmaxCrossEntropy(),
                new UpdateRule(new FirstOrder.Adam(), 0.01),
                new TrainOptions(1, 200, 1, EarlyStopping.NEVER, 2),
                Gemm.best().name());
        RunMemory memory;
        try (Shards packed =
                Samples.pack(new JavaSparkContext(context), Samples.clusters(400, 1), 2, Samples.packing(shards))) {
            memory = RunMemory.of(run, packed, false, 1);
            assertThat(memory.rows()).isPositive();
        }
        assertThat(memory.tasks()).isEqualTo(Math.min(shards, context.defaultParallelism()));

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Workspace workspace = network.workspace(Gemm.best(), 100);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(workspace.capacity()).isEqualTo(100);
        assertThat((double) memory.scratch() / allocated).isBetween(0.9, 1.1);
    }

    @Test
    void whatTheHeapCannotHoldIsRefusedWithTheOptionThatGivesEnough() {
        RunMemory small = new RunMemory(1000, 4, 1000, 1, HEAP / 10, 2, HEAP / 10);
        assertThatCode(() -> small.requireFits(context)).doesNotThrowAnyException();

        assertThatThrownBy(() -> new RunMemory(1000, 4, 1000, 1, HEAP / 2, 2, 0).requireFits(context))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(
                        "outputs of layers in 2 tasks, " + (HEAP / 2 * 2 >> 20) + " MiB, and 128 MiB for Spark")
                .hasMessageContaining(
                        "--driver-memory " + ((long) Math.ceil((HEAP / 2 * 2 + 20_000) / 0.6 / (1 << 20)) + 1) + "m");
        assertThatThrownBy(() -> new RunMemory(1000, 4, 1000, 1, 0, 2, HEAP).requireFits(context))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("the rows, " + (HEAP >> 20) + " MiB");
    }

    @Test
    void hiddenLayersThatNoRowsCouldMakeFitAreRefusedWithoutRows() {
        int width = (int) Math.sqrt(HEAP / 8.0); // two vectors are a whole heap
        Network wide = Network.of(1, List.of(new Dense(width), new Dense(width), new Dense(1)));
        assertThatThrownBy(() -> RunMemory.requireFits(wide, new FirstOrder.Adam()))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("4 vectors of the hidden layers' " + wide.parameterCount() + " parameters");
        Network narrow = Network.of(1, List.of(new Dense(100), new Dense(1)));
        assertThatCode(() -> RunMemory.requireFits(narrow, new FirstOrder.Adam()))
                .doesNotThrowAnyException();
    }
}
