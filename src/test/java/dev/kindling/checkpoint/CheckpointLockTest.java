package dev.kindling.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run writes into a checkpoint folder, and the folder of a dead one is free. */
final class CheckpointLockTest {
    private static final JavaSparkContext CONTEXT =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    private static Shards shards;

    @TempDir
    private Path folder;

    @BeforeAll
    static void pack() {
        Packing packing = new Packing(2, 7, new Loss.SoftmaxCrossEntropy(), 0, 0, Samples.COLUMNS);
        shards = Samples.pack(CONTEXT, Samples.clusters(100, 4), 2, packing);
    }

    @AfterAll
    static void unpack() {
        shards.close();
    }

    private void fit(int epochs, Runnable afterEachEpoch) {
        TrainListener listener = new TrainListener() {
            @Override
            public void ended(Epoch epoch) {
                afterEachEpoch.run();
            }
        };
        Samples.trainer(Samples.options(epochs, 32, 5, 1, new OuterOptimizer.Average()), listener)
                .fit(shards, new CheckpointPolicy(folder.toString(), 1, 0, 1));
    }

    private void fit() {
        fit(1, () -> {});
    }

    private Path lock() {
        return folder.resolve(CheckpointLock.NAME);
    }

    private void lockBy(LockOwner owner) throws IOException {
        StringWriter text = new StringWriter();
        owner.write(text);
        Files.writeString(lock(), text.toString());
    }

    private static LockOwner owner(String process, Instant start) {
        LockOwner here = LockOwner.here("");
        return new LockOwner("another", process, here.pidNamespace(), start, "application A of user U", Instant.EPOCH);
    }

    private static String host() {
        return LockOwner.here("").process().replaceFirst(".*@", "");
    }

    private void assertRefused() {
        assertThatThrownBy(this::fit)
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("must have one writer, but process ")
                .hasMessageContaining("(application ")
                .hasMessageContaining("--checkpoint")
                .hasMessageContaining("delete file:" + lock());
    }

    private void assertReleased() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .isNotEmpty()
                    .allMatch(CheckpointPolicy::isCheckpoint);
        }
    }

    @Test
    void aSecondFitOfThisJvmIsRefusedAndTheFirstGoesOn() throws IOException {
        Path draft = folder.resolve(".epoch-0009-step-000000009.safetensors.draft");
        fit(2, () -> {
            try {
                Files.writeString(draft, "being written");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertRefused();
            assertThat(draft).exists();
        });
        Files.delete(draft);
        assertReleased();
        fit(2, () -> {});
    }

    @Test
    void aFailureAndAnInterruptReleaseTheFolder() throws IOException {
        assertThatThrownBy(() -> fit(2, () -> {
                    throw new IllegalStateException("a listener's");
                }))
                .hasMessage("a listener's");
        fit();
        try {
            assertThatThrownBy(() -> fit(3, () -> Thread.currentThread().interrupt()))
                    .isInstanceOf(CancellationException.class);
        } finally {
            Thread.interrupted();
        }
        assertReleased();
    }

    @Test
    void theLockOfALivingProcessOfThisMachineHoldsHoweverOldItIs() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            lockBy(owner(other.pid() + "@" + host(), other.info().startInstant().orElseThrow()));
            Files.setLastModifiedTime(lock(), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
            assertRefused();
        } finally {
            other.destroyForcibly().waitFor();
        }
        fit(); // it is dead
        assertReleased();
    }

    @Test
    void aLaterProcessOfTheSameIdIsNotTheOwner() throws IOException {
        long pid = ProcessHandle.current().pid();
        lockBy(owner(pid + "@" + host(), Instant.now().minus(Duration.ofDays(1))));
        fit();
        assertReleased();
    }

    @Test
    void theLockOfAnotherMachineOrOneHalfWrittenHoldsForTwoMinutes() throws IOException {
        for (String host : List.of("elsewhere", "")) {
            if (host.isEmpty()) {
                Files.writeString(lock(), "run=ano");
                assertThatThrownBy(this::fit).hasMessageContaining("a process that does not give its name");
            } else {
                lockBy(owner("1@" + host, Instant.now()));
                assertRefused();
            }
            Files.setLastModifiedTime(lock(), FileTime.from(Instant.now().minus(Duration.ofSeconds(121))));
            fit();
            assertReleased();
        }
    }

    @Test
    void aRunWhoseLockIsTakenOverEndsAndReplacesNothing() throws IOException {
        fit();
        assertThatThrownBy(() -> fit(3, () -> {
                    try {
                        lockBy(owner("1@elsewhere", Instant.now()));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .hasMessageContaining("cannot write checkpoint")
                .hasMessageContaining("process 1@elsewhere (application A of user U) has taken over the folder");
        assertThat(lock()).exists();
        Files.delete(lock());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1).allMatch(file -> file.toString().contains("epoch-0001"));
        }
    }

    @Test
    void aLockThatSomeoneDeletedIsMadeAgain() throws IOException {
        fit(2, () -> {
            try {
                Files.delete(lock());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertReleased();
    }
}
