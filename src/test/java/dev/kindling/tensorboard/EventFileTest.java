package dev.kindling.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.loss.Loss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Block;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Network;
import dev.kindling.nn.Residual;
import dev.kindling.report.Histogram;
import dev.kindling.report.WeightHistory;
import dev.kindling.tensorboard.EventReader.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files byte by byte, beside those of TensorBoard's own code (golden_tensorboard.py). */
final class EventFileTest {
    private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_250L);
    private static final float[] WEIGHTS = {-1.5f, -1.5f, -1.375f, 0, 0.0625f, 0.125f, 0.25f, 1, 2.125f, 2.25f};

    private static final float[] OUTPUTS = {-0.5f, -0.5f, -0.5f, -0.25f, 0.25f, 1, 1.25f, 1.5f};

    @TempDir
    Path folder;

    private EventFile open() throws IOException {
        LocalFileSystem local = FileSystem.getLocal(new Configuration(false));
        return EventFile.create(
                local.getRawFileSystem(), new org.apache.hadoop.fs.Path(folder.toUri()), InstantSource.fixed(TIME));
    }

    private static Block block(int size) {
        return new Block("dense1.weight", Block.Role.WEIGHT, 0, 1, size);
    }

    @Test
    void theSameEventsAreTheSameBytesAsOfTensorBoardsOwnWriter() throws IOException {
        Files.createFile(folder.resolve("events.out.tfevents.0000000000.before"));
        Network network = Network.of(4, List.of(new Dense(3), new Residual(List.of(new Activation.Relu()))));
        Summary values = new Summary()
                .scalar("epoch_loss", 0.1)
                .scalar("epoch_accuracy", 0)
                .scalar("epoch_gradient_norm", Double.NaN)
                .histogram("dense1/weight", WEIGHTS, block(WEIGHTS.length))
                .histogram("activation/tanh1", Histogram.of(OUTPUTS, 0, OUTPUTS.length));
        Map<String, Object> configuration = new TreeMap<>(Map.of("optimizer", "adam", "batch_size", 64));
        try (EventFile file = open()) {
            file.writeGraph(NetworkGraph.of(network, new Loss.SoftmaxCrossEntropy()));
            file.write(300, values);
            file.write(301, HyperParameters.start(configuration, TIME));
            file.write(301, HyperParameters.end(TIME));
        }
        Path written = EventReader.files(folder).get(1);
        assertThat(written.getFileName().toString()).startsWith("events.out.tfevents.1700000000.");
        assertThat(written).hasSameBinaryContentAs(Path.of("src/test/resources/golden/tensorboard.events"));
        assertThat(EventReader.events(written)).hasSize(6);
    }

    @Test
    void whatIsFlushedIsReadBeforeTheFileIsClosed() throws IOException {
        try (EventFile file = open()) {
            file.write(1, new Summary().scalar("epoch_loss", 0.5));
            file.flush();
            List<Message> events = EventReader.events(EventReader.files(folder).get(0));
            assertThat(events).hasSize(2);
            assertThat(events.get(1).integer(2)).isEqualTo(1);
        }
        try (var all = Files.list(folder)) {
            assertThat(all).hasSize(1); // none with checksums
        }
    }

    @Test
    void twoFilesOfOneSecondAreTwo() throws IOException {
        open().close();
        open().close();
        assertThat(EventReader.files(folder)).hasSize(2);
    }

    private static Message histogram(float... values) {
        Message summary = EventReader.message(new Summary()
                .histogram("x", values, block(values.length))
                .message()
                .bytes());
        return summary.message(1).message(5);
    }

    @Test
    void equalValuesHaveOneBucket() {
        Message histogram = histogram(0.25f, 0.25f, 0.25f);
        assertThat(histogram.real(1)).isEqualTo(0.25);
        assertThat(histogram.real(2)).isEqualTo(0.25);
        assertThat(histogram.reals(6)).containsExactly(0.25);
        assertThat(histogram.reals(7)).containsExactly(3);
    }

    @Test
    void valuesAsFarApartAsFloatsCanBeAreCountedToo() {
        Message histogram = histogram(-Float.MAX_VALUE, 0, Float.MIN_VALUE, Float.MAX_VALUE);
        assertThat(histogram.reals(7)).hasSize(Summary.BUCKETS).contains(2, 1, 1);
        assertThat(histogram.reals(6)[Summary.BUCKETS - 1]).isEqualTo(Float.MAX_VALUE);
    }

    @Test
    void valuesThatAreNotFiniteAreInNoHistogram() {
        Message histogram = histogram(1, Float.NaN, Float.POSITIVE_INFINITY, 2, Float.NEGATIVE_INFINITY);
        assertThat(histogram.real(1)).isEqualTo(1);
        assertThat(histogram.real(2)).isEqualTo(2);
        assertThat(histogram.real(3)).isEqualTo(2);
        Summary none = new Summary()
                .histogram("x", new float[] {Float.NaN}, block(1))
                .histogram("y", Histogram.of(new float[] {1, Float.NaN}, 0, 2))
                .histogram("z", Histogram.of(new float[] {1, Float.POSITIVE_INFINITY}, 0, 2));
        assertThat(none.message().bytes()).isEmpty();
    }

    @Test
    void theUpdateRatioIsOfNorms() {
        float[] before = {9, 3, 0};
        float[] after = {0, 3, 4};
        Block last = new Block("dense1.weight", Block.Role.WEIGHT, 1, 1, 2);
        assertThat(WeightHistory.moved(before, after, after, last)).isEqualTo(4.0 / 5);
    }
}
