package dev.kindling.ml;

import static org.apache.spark.sql.functions.callUDF;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.train.DivergenceException;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;
import scala.runtime.AbstractFunction1;

/** Many fits in one context, at once or after one that failed or was cancelled: each gives what it gives alone. */
@Tag("end-to-end")
@Tag("one-line")
final class ManyFitsTest {
    private static final String ONE_JVM = "spark.kindling.oneJvm";
    private static final String GROUP = "a fit to stop";
    private static final long PATIENCE = 30_000; // milliseconds
    private static final int LARGE_BLOCK = 400_000; // bytes: of the blocks of a broadcast, only parameters have as many

    private static final Dataset<Row> TRAIN = Flowers.clusters(240, 3, 1);

    private final SparkContext context = LocalSpark.session().sparkContext();

    private static MlpClassifier estimator(long seed) {
        return new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(12)
                .setDropout(0.1)
                .setMaxIter(2)
                .setBatchSize(24)
                .setStepSize(0.01)
                .setNumShards(3)
                .setSeed(seed);
    }

    /** So many parameters that they do not travel in the tasks: they are broadcast. */
    private static MlpClassifier wide() {
        return estimator(1).setHiddenLayers(500, 600);
    }

    private static MlpClassifier endless() {
        return estimator(1).setMaxIter(1_000_000);
    }

    /** Of other tests, whose models keep their broadcasts until they are collected. */
    private final Set<BlockId> before = largeBroadcasts();

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        context.setLocalProperty(ONE_JVM, null);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(context.getPersistentRDDs().isEmpty()).isTrue();
        for (Thread thread : threads()) {
            thread.join(PATIENCE);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        await("no job runs", () -> context.statusTracker().getActiveJobIds().length == 0);
        await("no parameters stay broadcast", () -> before.containsAll(largeBroadcasts()));
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("kindling-"))
                .toList();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE * 1_000_000;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static Set<BlockId> largeBroadcasts() {
        LargeBroadcasts large = new LargeBroadcasts();
        SparkEnv.get().blockManager().getMatchingBlockIds(large);
        return large.found;
    }

    private static final class LargeBroadcasts extends AbstractFunction1<BlockId, Object> {
        final Set<BlockId> found = new HashSet<>();

        @Override
        public Object apply(BlockId id) {
            Option<BlockStatus> status = SparkEnv.get().blockManager().getStatus(id);
            return id.isBroadcast() && status.isDefined() && status.get().memSize() > LARGE_BLOCK && found.add(id);
        }
    }

    private void inOneJvm(boolean oneJvm) {
        context.setLocalProperty(ONE_JVM, Boolean.toString(oneJvm));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eightFitsAtOnceGiveTheBitsOfEachAlone(boolean oneJvm) {
        inOneJvm(oneJvm);
        List<MlpClassifier> estimators =
                IntStream.range(0, 8).mapToObj(ManyFitsTest::estimator).toList();
        List<float[]> alone = estimators.stream()
                .map(estimator -> estimator.fit(TRAIN).parameters())
                .toList();
        List<String> before =
                estimators.stream().map(MlpClassifier::explainParams).toList();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<float[]>> together = estimators.stream()
                    .map(estimator -> CompletableFuture.supplyAsync(
                            () -> estimator.fit(TRAIN).parameters(), threads))
                    .toList();
            for (int i = 0; i < alone.size(); i++) {
                assertThat(together.get(i).join()).as("fit " + i).isEqualTo(alone.get(i));
            }
        } finally {
            threads.shutdown();
        }
        assertThat(estimators.stream().map(MlpClassifier::explainParams)).isEqualTo(before);
        assertThat(alone.get(0)).isNotEqualTo(alone.get(1));
    }

    @Test
    void aCrossValidatorWithFourAtOnceTrainsTheModelsOfOneAtATime() {
        inOneJvm(true);
        MlpClassifier estimator = estimator(3).setMaxIter(1);
        String before = estimator.explainParams();
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(estimator.stepSize(), new double[] {1e-3, 0.02})
                .addGrid(estimator.localSteps(), new int[] {1, 2})
                .build();
        CrossValidator validator = new CrossValidator()
                .setEstimator(estimator)
                .setEstimatorParamMaps(grid)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
                .setNumFolds(2)
                .setSeed(1)
                .setCollectSubModels(true);
        List<float[]> together = parameters(validator.setParallelism(4).fit(TRAIN));
        List<float[]> oneAtATime = parameters(validator.setParallelism(1).fit(TRAIN));
        assertThat(together).usingElementComparator(Arrays::compare).isEqualTo(oneAtATime);
        assertThat(together).hasSize(8).usingElementComparator(Arrays::compare).doesNotHaveDuplicates();
        assertThat(estimator.explainParams()).isEqualTo(before);
    }

    @Test
    void eachFitOfACrossValidatorKeepsItsCheckpointsInAFolderOfItsOwnAndResumesFromThem(@TempDir Path folder)
            throws IOException {
        inOneJvm(true);
        MlpClassifier estimator = estimator(3).setCheckpointDir(folder.toString());
        int[] read = new int[1];
        estimator.setListener(new TrainListener() {
            @Override
            public void resumed(String checkpoint, TrainState state) {
                read[0]++;
            }
        });
        // neither more epochs nor fewer are the same fit
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(estimator.maxIter(), new int[] {2, 1})
                .addGrid(estimator.stepSize(), new double[] {1e-3, 0.02})
                .build();
        CrossValidator validator = new CrossValidator()
                .setEstimator(estimator)
                .setEstimatorParamMaps(grid)
                .setEvaluator(new MulticlassClassificationEvaluator())
                .setNumFolds(2)
                .setSeed(1)
                .setCollectSubModels(true);
        List<float[]> first = parameters(validator.fit(TRAIN));
        assertThat(read[0]).isZero();
        try (Stream<Path> fits = Files.list(folder)) {
            assertThat(fits).hasSize(2 * 4 + 1).allMatch(Files::isDirectory);
        }
        assertThat(parameters(validator.fit(TRAIN)))
                .usingElementComparator(Arrays::compare)
                .isEqualTo(first);
        assertThat(read[0]).isEqualTo(2 * 4 + 1);
        estimator.fit(TRAIN);
        assertThat(folder)
                .as("with the checkpoints of a fit that is no copy's")
                .isDirectoryContaining("glob:**.safetensors");
    }

    private static List<float[]> parameters(CrossValidatorModel validated) {
        return Arrays.stream(validated.subModels())
                .flatMap(Arrays::stream)
                .map(model -> ((MlpClassificationModel) model).parameters())
                .toList();
    }

    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFitAfterFailedOnesIsAsGoodAsTheFirst(boolean oneJvm) {
        inOneJvm(oneJvm);
        float[] first = estimator(1).fit(TRAIN).parameters();
        assertThatThrownBy(() ->
                        estimator(1).fit(TRAIN.withColumn("label", col("label").minus(1))))
                .isInstanceOf(InvalidInput.class);
        assertThatThrownBy(
                        () -> estimator(1).setOptimizer("sgd").setStepSize(1e30).fit(TRAIN))
                .isInstanceOf(DivergenceException.class);
        assertThatThrownBy(() -> wide().setOptimizer("sgd").setStepSize(1e30).fit(TRAIN))
                .isInstanceOf(DivergenceException.class);
        LocalSpark.session()
                .udf()
                .register("thrower", (UDF1<Double, Double>) ManyFitsTest::thrown, DataTypes.DoubleType);
        assertThatThrownBy(() -> estimator(1).fit(TRAIN.withColumn("label", callUDF("thrower", col("label")))))
                .hasStackTraceContaining("the user's own failure");
        assertThat(estimator(1).fit(TRAIN).parameters()).isEqualTo(first);
    }

    private static Double thrown(Double label) {
        throw new IllegalStateException("the user's own failure");
    }

    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aListenerThatThrowsHarmsNoFit(boolean oneJvm) {
        inOneJvm(oneJvm);
        float[] first = estimator(1).fit(TRAIN).parameters();
        SparkListener thrower = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart start) {
                throw new IllegalStateException("the user's own failure");
            }

            @Override
            public void onJobEnd(SparkListenerJobEnd end) {
                throw new IllegalStateException("the user's own failure");
            }
        };
        context.addSparkListener(thrower);
        try {
            assertThat(estimator(1).fit(TRAIN).parameters()).isEqualTo(first);
        } finally {
            context.removeSparkListener(thrower);
        }
    }

    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFitWhoseJobGroupIsCancelledEndsWithASentence(boolean oneJvm) throws InterruptedException {
        cancel(oneJvm, endless(), fit -> context.cancelJobGroup(GROUP));
    }

    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFitEndsWithASentenceWhenAllJobsAreCancelled(boolean oneJvm) throws InterruptedException {
        cancel(oneJvm, endless(), fit -> context.cancelAllJobs());
    }

    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFitWhoseThreadIsInterruptedEndsWithASentence(boolean oneJvm) throws InterruptedException {
        cancel(oneJvm, endless(), Thread::interrupt);
    }

    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptedFitLeavesNoBroadcast(boolean oneJvm) throws InterruptedException {
        cancel(oneJvm, wide().setMaxIter(1_000_000), Thread::interrupt);
    }

    /** Interrupted by itself, at a known epoch: on few rows L-BFGS soon finds its optimum, and ends. */
    @Test
    void anInterruptedFitOfLbfgsEndsWithASentence() {
        inOneJvm(true);
        MlpClassifier interrupted = endless()
                .setDropout(0)
                .setOptimizer("lbfgs")
                .setListener(new TrainListener() {
                    @Override
                    public void ended(Epoch epoch) {
                        Thread.currentThread().interrupt();
                    }
                });
        assertThatThrownBy(() -> interrupted.fit(TRAIN))
                .isInstanceOf(CancellationException.class)
                .hasMessage("training was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    /** @param stop tried again and again, as no job is cancelled between two of them */
    private void cancel(boolean oneJvm, MlpClassifier endless, Consumer<Thread> stop) throws InterruptedException {
        String before = endless.explainParams();
        float[] first = estimator(1).fit(TRAIN).parameters();
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        Thread fit = new Thread(() -> {
            inOneJvm(oneJvm);
            context.setJobGroup(GROUP, "to be stopped", false);
            try {
                endless.fit(TRAIN);
            } catch (Throwable e) {
                end.set(e);
            }
        });
        fit.start();
        await("training has begun", () -> oneJvm ? !threads().isEmpty() : jobs() > 12);
        while (fit.isAlive()) {
            stop.accept(fit);
            fit.join(oneJvm ? PATIENCE : 50);
        }
        assertThat(end.get())
                .isInstanceOf(CancellationException.class)
                .message()
                .matches("training was (interrupted|cancelled: .*Job \\d+ cancelled .*)");
        assertThat(end.get().getSuppressed()).isEmpty();
        assertThat(endless.explainParams()).isEqualTo(before);
        assertThat(estimator(1).fit(TRAIN).parameters()).isEqualTo(first);
    }

    private long jobs() {
        return JavaSparkContext.fromSparkContext(context).statusTracker().getJobIdsForGroup(GROUP).length;
    }
}
