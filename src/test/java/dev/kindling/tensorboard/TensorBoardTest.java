package dev.kindling.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.tensorboard.EventReader.Message;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fit leaves in the folder. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class TensorBoardTest {
    private static Dataset<Row> rows;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeRows() {
        rows = LocalSpark.session()
                .range(60)
                .selectExpr("array(double(id % 7), double(id % 5)) as features", "double(id % 7 > 3) as label");
    }

    private static MlpClassifier classifier(int epochs, TrainListener listener) {
        return new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(3)
                .setMaxIter(epochs)
                .setBatchSize(20)
                .setNumShards(2)
                .setSeed(4)
                .setListener(listener);
    }

    private TensorBoard board() {
        return new TensorBoard(folder.toString());
    }

    /** Each tag's values by step, with the files of a folder one after another. */
    private Map<String, Map<Long, Message>> values(String part) throws IOException {
        Map<String, Map<Long, Message>> values = new TreeMap<>();
        for (Path file : EventReader.files(folder.resolve(part))) {
            List<Message> events = EventReader.events(file);
            assertThat(events.get(0).text(3)).isEqualTo("brain.Event:2");
            for (Message event : events) {
                for (Message summary : event.messages(5)) {
                    for (Message value : summary.messages(1)) {
                        values.computeIfAbsent(value.text(1), tag -> new TreeMap<>())
                                .put(event.integer(2), value);
                    }
                }
            }
        }
        return values;
    }

    @Test
    void curvesAreThoseOfTheHistory() throws IOException {
        MlpClassificationModel model =
                classifier(3, board()).setValidationFraction(0.3).fit(rows);
        List<Epoch> history = model.summary().orElseThrow().history();
        Map<String, Map<Long, Message>> train = values("train");
        Map<String, Map<Long, Message>> validation = values("validation");
        assertThat(train.keySet())
                .containsExactlyInAnyOrder(
                        "epoch_loss",
                        "epoch_accuracy",
                        "epoch_learning_rate",
                        "epoch_gradient_norm",
                        "epoch_seconds",
                        "epoch_rows_per_second",
                        "dense1/weight",
                        "dense1/bias",
                        "dense2/weight",
                        "dense2/bias",
                        "update_ratio/dense1/weight",
                        "update_ratio/dense2/weight",
                        "activation/relu1",
                        "saturated/relu1",
                        "dead/relu1",
                        "gradient/dense1",
                        "gradient_size/dense1",
                        "gradient/dense2",
                        "gradient_size/dense2");
        assertThat(validation).containsOnlyKeys("epoch_loss", "epoch_accuracy");
        for (Epoch epoch : history) {
            long step = epoch.number();
            assertThat(train.get("epoch_loss").get(step).single(2)).isEqualTo((float) epoch.trainingLoss());
            assertThat(train.get("epoch_accuracy").get(step).single(2)).isEqualTo((float) epoch.trainingMetric());
            assertThat(train.get("epoch_learning_rate").get(step).single(2)).isEqualTo((float) epoch.learningRate());
            assertThat(train.get("epoch_gradient_norm").get(step).single(2)).isEqualTo((float) epoch.gradientNorm());
            assertThat(validation.get("epoch_loss").get(step).single(2)).isEqualTo((float) epoch.validationLoss());
            assertThat(validation.get("epoch_accuracy").get(step).single(2))
                    .isEqualTo((float) epoch.validationMetric());
        }
        assertThat(train.get("epoch_loss")).containsOnlyKeys(1L, 2L, 3L);
        assertThat(train.get("epoch_rows_per_second").get(3L).single(2)).isPositive();

        Epoch kept = history.get(model.summary().orElseThrow().bestEpoch() - 1);
        Map<String, Map<Long, Message>> run = values("");
        assertThat(run.get("final_validation_loss").get((long) kept.number()).single(2))
                .isEqualTo((float) kept.validationLoss());
        assertThat(run.get("final_accuracy").get((long) kept.number()).single(2))
                .isEqualTo((float) kept.trainingMetric());
    }

    @Test
    void histogramsAndUpdateRatiosAreOfTheParametersAtEachEpochsEnd() throws IOException {
        List<float[]> parameters = new ArrayList<>(); // before the first epoch, and after each
        TrainListener witness = new TrainListener() {
            @Override
            public void begun(float[] values, int taken) {
                parameters.add(values.clone());
            }

            @Override
            public void ended(Epoch epoch, float[] values) {
                parameters.add(values.clone());
            }
        };
        classifier(3, TrainListener.all(board(), witness)).fit(rows);
        Map<String, Map<Long, Message>> train = values("train");
        for (long step = 1; step <= 3; step++) {
            Message weights = train.get("dense1/weight").get(step).message(5);
            double sum = 0;
            for (int i = 0; i < 6; i++) { // 2 inputs, 3 units: the first block
                sum += parameters.get((int) step)[i];
            }
            assertThat(weights.real(3)).isEqualTo(6);
            assertThat(weights.real(4)).isEqualTo(sum);
            assertThat(Stream.of(weights.reals(7)).mapToDouble(counts -> {
                        double all = 0;
                        for (double count : counts) {
                            all += count;
                        }
                        return all;
                    }))
                    .containsExactly(6.0);
        }
        Map<Long, Message> ratios = train.get("update_ratio/dense1/weight");
        assertThat(ratios).containsOnlyKeys(1L, 2L, 3L);
        for (int epoch = 1; epoch <= 3; epoch++) {
            double change = 0;
            double norm = 0;
            for (int i = 0; i < 6; i++) {
                float after = parameters.get(epoch)[i];
                change += Math.pow((double) after - parameters.get(epoch - 1)[i], 2);
                norm += Math.pow(after, 2);
            }
            assertThat(ratios.get((long) epoch).single(2)).isEqualTo((float) Math.sqrt(change / norm));
        }
    }

    @Test
    void layersAreThoseOfTheParametersAtEachEpochsEnd() throws IOException {
        List<float[]> parameters = new ArrayList<>();
        TrainListener witness = new TrainListener() {
            @Override
            public void ended(Epoch epoch, float[] values) {
                parameters.add(values.clone());
            }
        };
        classifier(2, TrainListener.all(board(), witness)).fit(rows);
        Map<String, Map<Long, Message>> train = values("train");
        for (int epoch = 1; epoch <= 2; epoch++) {
            float[] values = parameters.get(epoch - 1);
            int off = 0; // of (60 rows, 3 units), all rows being fewer than a look takes
            double largest = 0;
            for (int row = 0; row < 60; row++) {
                for (int unit = 0; unit < 3; unit++) {
                    // weights are (inputs, units), then come the biases
                    double sum = row % 7 * values[unit] + row % 5 * values[3 + unit] + values[6 + unit];
                    off += sum > 0 ? 0 : 1;
                    largest = Math.max(largest, sum);
                }
            }
            assertThat(train.get("saturated/relu1").get((long) epoch).single(2)).isEqualTo((float) (off / 180.0));
            Message histogram = train.get("activation/relu1").get((long) epoch).message(5);
            assertThat(histogram.real(2)).isCloseTo(largest, within(1e-5));
            assertThat(histogram.real(3)).isEqualTo(180);
            assertThat(train.get("gradient/dense2").get((long) epoch).message(5).real(3))
                    .isEqualTo(120);
        }
    }

    @Test
    void hyperParametersAndTheGraphAreThereAndNoValidationWithoutItsRows() throws IOException {
        classifier(1, board()).setOptimizer("nesterov(momentum=0.8)").fit(rows);
        Map<String, Map<Long, Message>> run = values("");
        assertThat(run.keySet())
                .containsExactlyInAnyOrder(
                        "_hparams_/session_start_info", "_hparams_/session_end_info", "final_loss", "final_accuracy");
        Message data =
                run.get("_hparams_/session_start_info").get(0L).message(9).message(1);
        assertThat(data.text(1)).isEqualTo("hparams");
        Map<String, Message> values = new TreeMap<>();
        data.message(2).message(3).messages(1).forEach(entry -> values.put(entry.text(1), entry.message(2)));
        assertThat(values.get("optimizer").text(3)).isEqualTo("nesterov(momentum=0.8)");
        assertThat(values.get("batch_size").real(2)).isEqualTo(20);
        assertThat(values.get("architecture").text(3)).isEqualTo("dense(3) relu dense(2)");
        assertThat(values.get("rows").real(2)).isEqualTo(60);
        Message end = run.get("_hparams_/session_end_info").get(1L).message(9).message(1);
        assertThat(end.message(2).message(4).integer(1)).isEqualTo(1); // success

        List<Message> events =
                EventReader.events(EventReader.files(folder.resolve("train")).get(0));
        List<Message> nodes = events.get(1).message(4).messages(1);
        assertThat(nodes.stream().map(node -> node.text(1)))
                .containsExactly("features", "dense1", "relu1", "dense2", "labels", "loss");
        assertThat(nodes.get(3).texts(3)).containsExactly("relu1");
        assertThat(folder.resolve("validation")).doesNotExist();
    }

    @Test
    void aRunThatGoesOnWritesANewFileFromItsNextEpochOn() throws IOException {
        String checkpoints = folder.resolve("checkpoints").toString();
        classifier(2, board()).setCheckpointDir(checkpoints).fit(rows);
        classifier(4, board()).setCheckpointDir(checkpoints).fit(rows);
        assertThat(EventReader.files(folder.resolve("train"))).hasSize(2);
        List<Message> second =
                EventReader.events(EventReader.files(folder.resolve("train")).get(1));
        Message restart = second.get(2);
        assertThat(restart.integer(2)).isEqualTo(3);
        assertThat(restart.message(7).integer(1)).isEqualTo(1); // SessionLog.START
        assertThat(second.stream().filter(event -> event.has(5)).map(event -> event.integer(2)))
                .containsExactly(3L, 4L);
        assertThat(values("train").get("epoch_loss")).containsOnlyKeys(1L, 2L, 3L, 4L);
    }

    @Test
    void aFitThatFailsLeavesWhatItWroteAndNothingOpen() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "the files that a process has open are told by Linux");
        List<Path> open = new ArrayList<>();
        TrainListener failing = new TrainListener() {
            @Override
            public void ended(Epoch epoch) {
                open.addAll(open());
                throw new IllegalStateException("no more");
            }
        };
        assertThatThrownBy(
                        () -> classifier(3, TrainListener.all(board(), failing)).fit(rows))
                .hasStackTraceContaining("no more");
        assertThat(open).hasSize(2);
        assertThat(open()).isEmpty();
        assertThat(values("train").get("epoch_loss")).containsOnlyKeys(1L);
        assertThat(values("")).containsOnlyKeys("_hparams_/session_start_info");
    }

    /** The files in the folder that this process has open. */
    private List<Path> open() {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    Path file = Files.readSymbolicLink(descriptor);
                    if (file.startsWith(folder.toRealPath())) {
                        open.add(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return open;
    }

    @Test
    void oneListenerServesFitsOneAfterAnother() throws IOException {
        MlpClassifier classifier = classifier(1, board());
        classifier.fit(rows);
        classifier.fit(rows);
        assertThat(EventReader.files(folder.resolve("train"))).hasSize(2);
    }

    @Test
    void aFolderThatCannotBeWrittenToIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> classifier(1, new TensorBoard(file + "/run")).fit(rows))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("TensorBoard events must go to a writable folder, but " + file);
    }

    @Test
    void onlyOurOwnEventsAreReplaced() throws IOException {
        Path train = Files.createDirectory(folder.resolve("train"));
        Path own = Files.createFile(train.resolve("events.out.tfevents.1700000000.host.17.0.kindling"));
        Path other = Files.createFile(train.resolve("events.out.tfevents.1700000000.host.17.0.v2"));
        classifier(1, TensorBoard.replacing(folder.toString())).fit(rows);
        assertThat(EventReader.files(train)).hasSize(2).contains(other).doesNotContain(own);
    }

    @Test
    void aRunsFolderIsKnownByItsNames() {
        String events = "events.out.tfevents.1700000000.host.17.0.kindling";
        assertThat(TensorBoard.isRun(List.of(events, "train", "validation"))).isTrue();
        assertThat(TensorBoard.isRun(List.of(events))).isTrue();
        assertThat(TensorBoard.isRun(List.of("train", "validation"))).isFalse();
        assertThat(TensorBoard.isRun(List.of(events, "thesis.txt"))).isFalse();
        assertThat(TensorBoard.isRun(List.of("events.out.tfevents.1700000000.host.17.0.v2", "train")))
                .isFalse();
    }
}
