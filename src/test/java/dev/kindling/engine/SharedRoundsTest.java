package dev.kindling.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.BatchBuffer;
import dev.kindling.data.CvFold;
import dev.kindling.data.PackedRows;
import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Standardize;
import dev.kindling.optim.Clip;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spark.OneJvm;
import dev.kindling.spec.Spec;
import dev.kindling.train.EarlyStopping;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("end-to-end")
@Tag("one-line")
class SharedRoundsTest {
    private static final int SHARDS = 3;

    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    @AfterEach
    void asBefore() {
        context.setLocalProperty(OneJvm.PROPERTY, null);
        assertThat(context.getPersistentRDDs()).isEmpty();
    }

    /** Runs that differ in widths, batches, optimizers, lengths and what is random. */
    private static List<Trainer> trainers() {
        List<Trainer> trainers = new ArrayList<>();
        String[] optimizers = {"adam", "sgd", "lbfgs", "randomSearch", "momentum"};
        for (int i = 0; i < optimizers.length; i++) {
            List<Layer> layers =
                    new ArrayList<>(List.of(new Standardize(), new Dense(4 + i), Spec.parse(Layer.class, "tanh")));
            if (optimizers[i].equals("adam")) {
                layers.add(new Dropout(0.3));
            }
            layers.add(new Dense(Samples.CLASSES));
            trainers.add(new Trainer(
                    new RunConfig(
                            Network.of(Samples.FEATURES, layers),
                            new Loss.SoftmaxCrossEntropy(),
                            new UpdateRule(
                                    Spec.parse(Optimizer.class, optimizers[i]),
                                    0.05,
                                    new Schedule.Constant(),
                                    Penalty.NONE,
                                    new Clip.None(),
                                    0),
                            new TrainOptions(2 + i, 16 + 8 * i, i, new EarlyStopping(0, 0), 1),
                            "java"),
                    new TrainListener() {}));
        }
        return trainers;
    }

    private static <T> List<T> atOnce(List<Callable<T>> works) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(works.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(works)) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runsAtOnceEndWithTheBitsOfEachAlone(boolean oneJvm) throws Exception {
        context.setLocalProperty(OneJvm.PROPERTY, Boolean.toString(oneJvm));
        List<Trainer> trainers = trainers();
        try (Shards shards = Samples.pack(context, Samples.clusters(120, 1), 2, Samples.packing(SHARDS));
                SharedRounds rounds = SharedRounds.open(shards, 1, 0)) {
            for (CvFold fold : new CvFold[] {null, new CvFold(1, 3)}) {
                List<float[]> together = atOnce(trainers.stream()
                        .<Callable<float[]>>map(trainer -> () -> trainer.fit(rounds, fold, null, CheckpointPolicy.NONE)
                                .result())
                        .toList());
                Shards own = fold == null ? shards : shards.fold(fold);
                for (int i = 0; i < trainers.size(); i++) {
                    assertThat(together.get(i))
                            .as(Spec.name(trainers.get(i).run().rule().optimizer()))
                            .isEqualTo(trainers.get(i).fit(own).result());
                }
            }
        }
    }

    @Tag("smoke")
    @Test
    void oneSparkJobServesAStepOfEachRun() throws Exception {
        context.setLocalProperty(OneJvm.PROPERTY, "false");
        int runs = 4;
        Trainer trainer = Samples.trainer(2, 12); // 10 steps an epoch
        AtomicInteger jobs = new AtomicInteger();
        SparkListener counter = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart start) {
                jobs.incrementAndGet();
            }
        };
        try (Shards shards = Samples.pack(context, Samples.clusters(120, 1), 2, Samples.packing(SHARDS));
                SharedRounds rounds = SharedRounds.open(shards, 1, runs)) {
            shards.moments(false);
            Callable<TrainState> work = () -> trainer.fit(rounds, null, null, CheckpointPolicy.NONE);
            context.sc().addSparkListener(counter);
            atOnce(Collections.nCopies(runs, work));
            context.sc().listenerBus().waitUntilEmpty();
        } finally {
            context.sc().removeSparkListener(counter);
        }
        assertThat(jobs.get()).isEqualTo(20); // none was taken before all had joined
    }

    @Test
    void aRunThatFailsLeavesTheOthersAlone() throws Exception {
        try (Shards shards = Samples.pack(context, Samples.clusters(120, 1), 2, Samples.packing(SHARDS));
                SharedRounds rounds = SharedRounds.open(shards, 1, 0)) {
            Trainer good = Samples.trainer(5, 12);
            Trainer bad = new Trainer(good.run(), new TrainListener() {
                @Override
                public void ended(Epoch epoch) {
                    throw new InvalidInput("enough");
                }
            });
            List<Object> ends = atOnce(List.<Callable<Object>>of(
                    () -> good.fit(rounds, null, null, CheckpointPolicy.NONE).result(), () -> {
                        try {
                            return bad.fit(rounds, null, null, CheckpointPolicy.NONE);
                        } catch (InvalidInput e) {
                            return e.getMessage();
                        }
                    }));
            assertThat(ends.get(0)).isEqualTo(good.fit(shards).result());
            assertThat(ends.get(1)).isEqualTo("enough");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachRowIsValidatedOnInOneFoldAndTrainedOnInAllOthers(boolean sparse) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            double[] features = new double[sparse ? 40 : 2];
            features[sparse ? i % 40 : 0] = i + 1;
            samples.add(new Sample(features, i % 3).weighted(1 + i % 4));
        }
        try (Shards shards = Samples.pack(context, samples, 2, Samples.packing(SHARDS))) {
            List<String> all = rows(shards, true);
            List<String> validated = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Shards fold = shards.fold(new CvFold(i, 4));
                List<String> held = rows(fold, false);
                List<String> kept = rows(fold, true);
                assertThat(fold.rows()).isEqualTo(kept.size());
                assertThat(fold.validationRows()).isEqualTo(held.size()).isBetween(9L, 15L);
                Set<String> union = new HashSet<>(held);
                union.addAll(kept);
                assertThat(union).hasSize(50).containsExactlyInAnyOrderElementsOf(all);
                validated.addAll(held);
            }
            assertThat(validated).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    /** Rows as batches of a pass have them, and as slices have them. */
    private static List<String> rows(Shards shards, boolean training) {
        List<String> texts = new ArrayList<>();
        for (Shard shard : shards.rdd().collect()) {
            PackedRows rows = training ? shard.training : shard.validation;
            List<String> sliced = new ArrayList<>();
            List<String> copied = new ArrayList<>();
            int count;
            for (int row = 0; row < rows.rows(); row += count) {
                count = rows.run(row, 7);
                texts(rows.slice(row, count), sliced);
            }
            for (int row = 0; row < rows.rows(); row++) {
                BatchBuffer buffer = new BatchBuffer(rows, 1, null);
                rows.copyTo(row, buffer);
                texts(buffer.batch(), copied);
            }
            assertThat(sliced).isEqualTo(copied);
            texts.addAll(sliced);
        }
        return texts;
    }

    private static void texts(Batch batch, List<String> to) {
        int columns = batch.features().columns();
        float[] values = new float[batch.rows() * columns];
        batch.features().copyTo(values);
        for (int row = 0; row < batch.rows(); row++) {
            float sum = 0; // one value a row is not zero
            for (int j = 0; j < columns; j++) {
                sum += values[row * columns + j];
            }
            to.add(sum + " " + batch.target(row) + " " + batch.weight(row));
        }
    }

    @Test
    void foldsAreRefusedThatLeaveNothing() {
        try (Shards shards = Samples.pack(context, Samples.clusters(6, 1), 1, Samples.packing(SHARDS))) {
            assertThatThrownBy(() -> shards.fold(new CvFold(0, 50)))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageStartingWith("each of 50 folds must have rows to validate on and to train on");
            assertThatThrownBy(() -> new CvFold(0, 1)).hasMessage("there must be at least 2 folds, but there are 1");
        }
    }
}
