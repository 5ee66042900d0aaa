package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.kindling.Samples;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.optim.OuterOptimizer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A fit by the driver's threads keeps no slot of a local master that another job waits for. */
@Tag("own-context")
final class ListenerJobsTest {
    private static final Duration LONG = Duration.ofSeconds(120);

    private static JavaSparkContext context(String master) {
        return new JavaSparkContext(new SparkConf()
                .setMaster(master)
                .setAppName("listener jobs")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
    }

    /** Counts an RDD after each epoch, in two stages. */
    private static TrainListener counting(JavaSparkContext context) {
        return new TrainListener() {
            @Override
            public void ended(Epoch epoch, float[] parameters) {
                assertThat(context.parallelize(List.of(1, 2, 3, 4), 2)
                                .distinct()
                                .count())
                        .isEqualTo(4);
            }
        };
    }

    private static TrainState fit(JavaSparkContext context, TrainListener listener) {
        Trainer trainer = Samples.trainer(Samples.options(3, 64, 5, 1, new OuterOptimizer.Average()), listener);
        try (Shards shards = Samples.pack(context, Samples.clusters(300, 21), 1, Samples.packing(2))) {
            return trainer.fit(shards);
        }
    }

    private static <T> T withContext(String master, Function<JavaSparkContext, T> use) {
        return assertTimeoutPreemptively(LONG, () -> {
            try (JavaSparkContext context = context(master)) {
                return use.apply(context);
            }
        });
    }

    @Test
    void aListenersJobRunsOnTheOnlySlot() {
        TrainState state = withContext("local[1]", context -> fit(context, counting(context)));
        assertThat(state.history()).hasSize(3);
    }

    @Test
    void twoFitsWhoseListenersRunJobsShareTwoSlots() {
        List<TrainState> states = withContext("local[2]", context -> {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                Supplier<TrainState> fit = () -> fit(context, counting(context));
                CompletableFuture<TrainState> one = CompletableFuture.supplyAsync(fit, threads);
                CompletableFuture<TrainState> other = CompletableFuture.supplyAsync(fit, threads);
                return List.of(one.join(), other.join());
            } finally {
                threads.shutdownNow();
            }
        });
        assertThat(states.get(0).result()).isEqualTo(states.get(1).result());
    }

    @Test
    void cancellingItsJobGroupEndsAFitThatGaveWay() {
        withContext("local[1]", context -> {
            TrainListener cancels = new TrainListener() {
                @Override
                public void ended(Epoch epoch, float[] parameters) {
                    counting(context).ended(epoch, parameters);
                    // as another thread would; the job group is this fit's
                    context.cancelJobGroup("mine");
                    sleep();
                }
            };
            context.setJobGroup("mine", "a fit");
            assertThatThrownBy(() -> fit(context, cancels)).isInstanceOf(CancellationException.class);
            return null;
        });
    }

    /** Long enough for the job to be submitted again and cancelled. */
    private static void sleep() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
