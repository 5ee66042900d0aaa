package dev.kindling.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.engine.StepTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.JsonProtocol;
import org.apache.spark.util.kvstore.InMemoryStore;
import org.apache.spark.util.kvstore.RocksDB;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fits tell is small, survives Spark's JSON, and is kept in Spark's stores, of the last fits only. */
final class FitTest {
    private static final int EPOCHS = 100_000;

    @TempDir
    private Path folder;

    private static FitEvent.Started started(String fit, long time) {
        return new FitEvent.Started(
                fit, time, "mlp_1", "2 inputs: dense(3)", "adam at 0.1", "accuracy", 9, 3, 2, 4, EPOCHS, "here");
    }

    private static EpochFigures figures(int number) {
        return EpochFigures.of(new Epoch(
                number, 0.1 / number, 0.5, Double.NaN, Double.NaN, 1e-3, 1e30, 7, 1, 2, new StepTimes(0, 0, 0, 0, 0)));
    }

    private static FitEvent.Ended ended(int number, int best) {
        return new FitEvent.Ended("a", number, best, List.of(figures(number)), "");
    }

    private static List<Integer> numbers(Fit fit) {
        return fit.epochs().stream().map(EpochFigures::number).toList();
    }

    @Test
    void ofManyEpochsAPartIsToldAndASmallerOneKept() {
        int best = 77_777;
        int told = 0;
        Fit fit = new Fit(started("a", 0));
        for (int number = 1; number <= EPOCHS; number++) {
            if (Fit.isShown(number, number)) {
                told++;
                fit = fit.with(ended(number, Math.min(number, best)));
                assertThat(fit.epochs()).hasSizeLessThanOrEqualTo(Fit.MOST_EPOCHS + 3);
            }
        }
        assertThat(told).isLessThan(1500);
        fit = fit.with(
                new FitEvent.Closed("a", 1, "finished", "", EPOCHS, best, List.of(figures(best), figures(EPOCHS))));
        assertThat(numbers(fit)).contains(1, best, EPOCHS).isSorted();
        assertThat(fit.epochs()).hasSizeBetween(Fit.MOST_EPOCHS / 2, Fit.MOST_EPOCHS + 3);
        assertThat(fit.ended()).isEqualTo(EPOCHS);
    }

    @Test
    void ofFewEpochsAllAreToldAndKept() {
        Fit fit = new Fit(started("a", 0));
        for (int number = 1; number <= Fit.MOST_EPOCHS; number++) {
            assertThat(Fit.isShown(number, number)).isTrue();
            fit = fit.with(ended(number, number));
        }
        assertThat(numbers(fit))
                .isEqualTo(IntStream.rangeClosed(1, Fit.MOST_EPOCHS).boxed().toList());
    }

    @Test
    void whatIsShownLaterWasToldWhenItEnded() {
        for (int now = 1; now < 5000; now += 13) {
            for (int number = 1; number <= now; number++) {
                assertThat(!Fit.isShown(number, now) || Fit.isShown(number, number))
                        .as("%d of %d", number, now)
                        .isTrue();
            }
        }
    }

    @Test
    void sparksLogGivesBackWhatWasWritten() throws IOException {
        List<SparkListenerEvent> events = List.of(
                started("a \"</script>\" \u2028", 5),
                ended(3, 2),
                new FitEvent.Closed("a", 1, "failed", "column \"x\ny\" …", 1, 1, List.of(figures(1))));
        for (SparkListenerEvent event : events) {
            String json = JsonProtocol.sparkEventToJsonString(event);
            assertThat(json).doesNotContain("\n", "NaN", "validationLoss");
            assertThat(JsonProtocol.sparkEventFromJson(json)).isEqualTo(event);
            assertThat(event.logEvent()).isTrue();
        }
        assertThat(new FitEvent.Stepped("a", 1, 2, 0.5).logEvent()).isFalse();
        assertThat(JsonProtocol.sparkEventToJsonString(ended(3, 2)).length()).isLessThan(500);
    }

    @Test
    void aLogOfAnotherVersionCanBeRead() throws IOException {
        String name = "\"Event\":\"dev.kindling.live.FitEvent$";
        String json = "{" + name + "Ended\",\"fit\":\"a\",\"mood\":{\"x\":[1]},\"epochs\":[{\"number\":4,\"new\":1}]}";
        FitEvent.Ended read = (FitEvent.Ended) JsonProtocol.sparkEventFromJson(json);
        assertThat(read.epochs().get(0).number()).isEqualTo(4);
        assertThat(read.epochs().get(0).trainingLoss()).isNull();
        for (String rest : List.of("Started\"}", "Ended\",\"fit\":\"a\"}", "Closed\",\"fit\":\"a\"}")) {
            SparkListenerEvent bare = JsonProtocol.sparkEventFromJson("{" + name + rest);
            FitTracker tracker = new FitTracker(new InMemoryStore());
            tracker.onOtherEvent(started("a", 1));
            assertThatCode(() -> tracker.onOtherEvent(bare)).doesNotThrowAnyException();
        }
    }

    @Test
    void theLastFitsAreKept() throws Exception {
        InMemoryStore store = new InMemoryStore();
        FitTracker tracker = new FitTracker(store);
        for (int i = 0; i < FitTracker.MOST_FITS + 7; i++) {
            tracker.onOtherEvent(started("fit " + i, i));
        }
        assertThat(store.count(Fit.class)).isEqualTo(FitTracker.MOST_FITS);
        tracker.onOtherEvent(new FitEvent.Ended("fit 0", 1, 1, List.of(figures(1)), ""));
        tracker.onOtherEvent(new FitEvent.Ended("fit 56", 1, 1, List.of(figures(1)), ""));
        assertThat(store.count(Fit.class)).isEqualTo(FitTracker.MOST_FITS);
        assertThat(store.read(Fit.class, "fit 56").ended()).isEqualTo(1);
    }

    @Test
    void aStoreOnDiskGivesBackWhatWasKept() throws Exception {
        InMemoryStore memory = new InMemoryStore();
        try (RocksDB disk = new RocksDB(folder.toFile())) {
            FitTracker onDisk = new FitTracker(disk);
            FitTracker inMemory = new FitTracker(memory);
            for (FitTracker tracker : List.of(onDisk, inMemory)) {
                tracker.onOtherEvent(started("a", 5));
                tracker.onOtherEvent(ended(1, 1));
                tracker.onOtherEvent(new FitEvent.Stepped("a", 2, 9, null));
            }
            assertThat(disk.read(Fit.class, "a")).isEqualTo(memory.read(Fit.class, "a"));
        }
    }

    @Test
    void aStoreThatFailsEndsNothing() throws Exception {
        RocksDB store = new RocksDB(folder.toFile());
        store.close();
        FitTracker tracker = new FitTracker(store);
        assertThatCode(() -> tracker.onOtherEvent(started("a", 1))).doesNotThrowAnyException();
        assertThatCode(() -> tracker.onOtherEvent(ended(1, 1))).doesNotThrowAnyException();
    }
}
