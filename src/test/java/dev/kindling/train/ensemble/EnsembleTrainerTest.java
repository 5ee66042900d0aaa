package dev.kindling.train.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.CvFold;
import dev.kindling.data.Shards;
import dev.kindling.spark.OneJvm;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("one-line")
final class EnsembleTrainerTest {
    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    @AfterEach
    void nothingStays() throws InterruptedException {
        context.setLocalProperty(OneJvm.PROPERTY, null);
        assertThat(context.getPersistentRDDs()).isEmpty();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("kindling-member")) {
                thread.join(5000); // its work has ended, and so will it
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    private static Trainer trainer(int member, TrainListener listener) {
        RunConfig run = Samples.trainer(4, 12).run();
        return new Trainer(run.withOptions(run.options().withSeed(7 + member)), listener);
    }

    private static List<EnsembleTrainer.Member> members(TrainListener... listeners) {
        return IntStream.range(0, listeners.length)
                .mapToObj(k -> new EnsembleTrainer.Member(trainer(k, listeners[k]), null, null, CheckpointPolicy.NONE))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachMemberHasTheBitsOfARunAlone(boolean oneJvm) {
        context.setLocalProperty(OneJvm.PROPERTY, Boolean.toString(oneJvm));
        TrainListener silent = new TrainListener() {};
        try (Shards shards = Samples.pack(context, Samples.clusters(120, 1), 2, Samples.packing(3))) {
            List<TrainState> states =
                    EnsembleTrainer.fit(shards, 2, members(silent, silent, silent), new FirstFailure());
            List<float[]> results = states.stream().map(TrainState::result).toList();
            for (int k = 0; k < 3; k++) {
                assertThat(results.get(k))
                        .isEqualTo(trainer(k, silent).fit(shards).result());
            }
            assertThat(results.get(0)).isNotEqualTo(results.get(1));
        }
    }

    @Test
    void aMemberWithAFoldTrainsOnTheOtherRows() {
        TrainListener silent = new TrainListener() {};
        CvFold fold = new CvFold(1, 4);
        try (Shards shards = Samples.pack(context, Samples.clusters(120, 1), 2, Samples.packing(3))) {
            List<EnsembleTrainer.Member> members = List.of(
                    new EnsembleTrainer.Member(trainer(0, silent), null, null, CheckpointPolicy.NONE),
                    new EnsembleTrainer.Member(trainer(1, silent), fold, null, CheckpointPolicy.NONE));
            List<TrainState> states = EnsembleTrainer.fit(shards, 2, members, new FirstFailure());
            assertThat(states.get(0).result())
                    .isEqualTo(trainer(0, silent).fit(shards).result());
            try (Shards own = shards.fold(fold)) {
                assertThat(states.get(1).result())
                        .isEqualTo(trainer(1, silent).fit(own).result());
            }
        }
    }

    @Test
    void aMemberThatFailsEndsTheOthers() {
        List<Throwable> heard = new ArrayList<>();
        FirstFailure failure = new FirstFailure();
        TrainListener first = failure.of(new TrainListener() {
            @Override
            public void failed(Throwable cause) {
                heard.add(cause);
            }
        });
        TrainListener failing = TrainListener.all(failure.ofOther(), new TrainListener() {
            @Override
            public void ended(Epoch epoch) {
                throw new IllegalStateException("the disk is full");
            }
        });
        try (Shards shards = Samples.pack(context, Samples.clusters(120, 1), 2, Samples.packing(3))) {
            assertThatThrownBy(() -> EnsembleTrainer.fit(shards, 2, members(first, failing), failure))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the disk is full");
        }
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0)).hasMessage("the disk is full");
    }

    @Test
    void anInterruptEndsThemAll() {
        Thread training = Thread.currentThread();
        TrainListener interrupts = new TrainListener() {
            @Override
            public void ended(Epoch epoch) {
                training.interrupt();
            }
        };
        try (Shards shards = Samples.pack(context, Samples.clusters(120, 1), 2, Samples.packing(3))) {
            assertThatThrownBy(
                            () -> EnsembleTrainer.fit(shards, 2, members(interrupts, interrupts), new FirstFailure()))
                    .isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
