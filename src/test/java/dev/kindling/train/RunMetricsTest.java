package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.codahale.metrics.MetricRegistry;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.linalg.Gemm;
import dev.kindling.loss.Loss;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.UpdateRule;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.metrics.source.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark's metrics system shows a fit while it runs, and so do the sinks that are set up in it. */
@Tag("own-context")
final class RunMetricsTest {
    private static final int ROWS = 130;
    private static final int STEPS = 7; // an epoch, of batches of 20
    private static final List<Sample> SAMPLES = Samples.clusters(ROWS, 3);

    @TempDir
    private static Path folder;

    private static JavaSparkContext context;

    @BeforeAll
    static void start() {
        context = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("kindling metrics")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.ui.port", "0")
                .set("spark.metrics.namespace", "app")
                .set("spark.metrics.conf.*.sink.csv.class", "org.apache.spark.metrics.sink.CsvSink")
                .set("spark.metrics.conf.*.sink.csv.period", "10")
                .set("spark.metrics.conf.*.sink.csv.unit", "minutes")
                .set("spark.metrics.conf.*.sink.csv.directory", folder.toString())
                .set(
                        "spark.metrics.conf.*.sink.prometheusServlet.class",
                        "org.apache.spark.metrics.sink.PrometheusServlet")
                .set("spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus"));
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(sources()).isEmpty();
    }

    private static List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        SparkEnv.get().metricsSystem().getSourcesByName("kindling").foreach(sources::add);
        return sources;
    }

    private static MetricRegistry registry() {
        assertThat(sources()).hasSize(1);
        return sources().get(0).metricRegistry();
    }

    private static Object gauge(String name) {
        return registry().getGauges().get(name).getValue();
    }

    private static TrainListener afterEach(Consumer<Epoch> epoch) {
        return new TrainListener() {
            @Override
            public void ended(Epoch ended) {
                epoch.accept(ended);
            }
        };
    }

    private static TrainState fit(Optimizer optimizer, int localSteps, TrainListener listener) {
        TrainOptions options = Samples.options(3, 20, 5, localSteps, new OuterOptimizer.Average());
        UpdateRule rule = new UpdateRule(optimizer, optimizer instanceof FirstOrder ? 0.01 : 1);
        Loss loss = new Loss.SoftmaxCrossEntropy();
        Trainer trainer = new Trainer(
                new RunConfig(
                        Samples.network(), loss, rule, options, Gemm.best().name()),
                listener);
        try (Shards shards = Samples.pack(context, SAMPLES, 2, Samples.packing(2))) {
            return trainer.fit(shards);
        }
    }

    private static TrainState fit(TrainListener listener) {
        return fit(new FirstOrder.Adam(), 1, listener);
    }

    @Test
    void theyTellLossRowsAndStepsOfARunningFit() {
        assertThat(sources()).isEmpty();
        TrainState state = fit(afterEach(epoch -> {
            assertThat(gauge("loss")).isEqualTo(epoch.trainingLoss());
            assertThat(gauge("epoch")).isEqualTo((double) epoch.number());
            assertThat(gauge("runs")).isEqualTo(1);
            assertThat(registry().meter("rows").getCount()).isEqualTo((long) ROWS * epoch.number());
            assertThat(registry().timer("step").getCount()).isEqualTo((long) STEPS * epoch.number());
        }));
        assertThat(state.history()).hasSize(3);
    }

    @Test
    void aStepTakesAsLongAsTheEpochsSay() {
        double[] seconds = {0};
        fit(afterEach(epoch -> {
            seconds[0] += epoch.trainingSeconds();
            double mean = registry().timer("step").getSnapshot().getMean() / 1e9;
            assertThat(mean).isCloseTo(seconds[0] / (STEPS * epoch.number()), within(0.4 * mean));
        }));
        assertThat(seconds[0]).isPositive();
    }

    @Test
    void localStepsAreTimedByTheRoundAndLbfgsByTheEpoch() {
        fit(new FirstOrder.Adam(), 3, afterEach(epoch -> {
            assertThat(registry().timer("step").getCount()).isEqualTo(3L * epoch.number());
            assertThat(registry().meter("rows").getCount()).isEqualTo((long) ROWS * epoch.number());
        }));
        fit(new Optimizer.Lbfgs(10, 1e-9), 1, afterEach(epoch -> {
            assertThat(gauge("loss")).isEqualTo(epoch.trainingLoss());
            assertThat(registry().timer("step").getCount()).isEqualTo(epoch.number());
            assertThat(registry().meter("rows").getCount()).isEqualTo((long) ROWS * epoch.number());
        }));
    }

    @Test
    void afterAFitThatFailsNothingIsShown() {
        TrainListener failing = afterEach(epoch -> {
            throw new IllegalStateException("as the test wants");
        });
        assertThatThrownBy(() -> fit(failing)).hasMessage("as the test wants");
        assertThat(sources()).isEmpty();
    }

    @Test
    void fitsAtOnceShareTheNamesAndTheLastToEndTakesThemAway() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        TrainListener both = afterEach(epoch -> {
            if (epoch.number() == 1) {
                meet(together);
                assertThat(gauge("runs")).isEqualTo(2);
                assertThat(registry().meter("rows").getCount()).isEqualTo(2L * ROWS);
                meet(together);
            }
        });
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            fit(both);
            meet(together); // this one has ended, the other one is in its last epoch
        });
        fit(TrainListener.all(both, afterEach(epoch -> {
            if (epoch.number() == 3) {
                meet(together);
                assertThat(gauge("runs")).isEqualTo(1);
                assertThat(gauge("loss")).isEqualTo(epoch.trainingLoss());
            }
        })));
        other.get(1, TimeUnit.MINUTES);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(1, TimeUnit.MINUTES);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void sinksWriteThemUnderStableNames() {
        fit(afterEach(epoch -> {
            SparkEnv.get().metricsSystem().report();
            try {
                Path file = folder.resolve("app.driver.kindling.loss.csv");
                assertThat(lastOf(file)).endsWith("," + epoch.trainingLoss());
                assertThat(folder.resolve("app.driver.kindling.rows.csv")).exists();
                assertThat(folder.resolve("app.driver.kindling.step.csv")).exists();
                assertThat(scraped())
                        .contains("metrics_app_driver_kindling_loss_Value{type=\"gauges\"} " + epoch.trainingLoss())
                        .contains("metrics_app_driver_kindling_rows_Count{type=\"counters\"} " + ROWS * epoch.number())
                        .contains("metrics_app_driver_kindling_step_Count{type=\"timers\"} " + STEPS * epoch.number());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    private static String lastOf(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.get(lines.size() - 1);
    }

    private static String scraped() throws IOException, InterruptedException {
        String page = context.sc().uiWebUrl().get() + "/metrics/prometheus/";
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(page)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
