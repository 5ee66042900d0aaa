package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Hostile;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.persistence.ModelWriter;
import dev.kindling.model.NetworkDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of models that are damaged, or that someone made to do harm. */
class HostileModelTest {
    private static final String DESCRIPTION =
            """
            {"format":1,"inputs":4,"layers":"dense(units=8, initializer=auto) relu dense(units=3, initializer=auto)",\
            "loss":"softmaxCrossEntropy","classes":3,"parameters":67,"gemm":"java","shards":2}""";

    @TempDir
    static Path folder;

    private static Path saved;
    private Path copy;

    @BeforeAll
    static void save() throws IOException {
        saved = folder.resolve("saved");
        new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(8)
                .setMaxIter(1)
                .setNumShards(2)
                .fit(Flowers.clusters(60, 3, 1))
                .save(saved.toString());
    }

    @BeforeEach
    void copy() throws IOException {
        copy = Files.createTempDirectory(folder, "copy");
        copy(saved, copy);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                // without the checksums that Hadoop keeps beside local files: other file systems have none
                if (!file.getFileName().toString().endsWith(".crc")) {
                    Path target = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                }
            }
        }
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void aDamagedDescriptionIsANetworksOrRefused(@ForAll long seed) {
        NetworkDescription.parse(DESCRIPTION, "m");
        Hostile.damage(
                Hostile.bytes(DESCRIPTION),
                seed,
                Hostile.share(150, 10),
                64,
                input -> NetworkDescription.parse(Hostile.text(input), "m"));
    }

    @Test
    void aDamagedFileOfAModelIsReadOrRefused() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(copy)) {
            all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("_"))
                    .sorted()
                    .forEach(files::add);
        }
        assertThat(files).hasSizeGreaterThanOrEqualTo(3); // metadata, network, weights
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            byte[] intact = Files.readAllBytes(file);
            Hostile.damage(List.of(intact), 11 + i, Hostile.share(1, 1), 256, input -> {
                Files.write(file, input);
                MlpClassificationModel.load(copy.toString());
            });
            Files.write(file, intact);
        }
        assertThat(MlpClassificationModel.load(copy.toString()).numFeatures()).isEqualTo(4);
    }

    @Test
    void aFlippedBitNeverChangesAWeightWithoutHadoopsChecksumsEither() throws IOException {
        float[] parameters = MlpClassificationModel.load(saved.toString()).parameters();
        Path weights = part("weights");
        byte[] intact = Files.readAllBytes(weights);
        for (int i = 40; i < 360; i += 64) { // the page of the weights is there
            byte[] damaged = intact.clone();
            damaged[i] ^= 16;
            Files.write(weights, damaged);
            try {
                assertThat(MlpClassificationModel.load(copy.toString()).parameters())
                        .isEqualTo(parameters);
            } catch (InvalidInput e) {
                assertThat(e).hasMessageContaining("must hold");
            }
        }
    }

    private Path part(String folder) throws IOException {
        try (Stream<Path> files = Files.list(copy.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-")
                            && file.toFile().length() > 0)
                    .reduce((first, second) -> second)
                    .orElseThrow();
        }
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> MlpClassificationModel.load(copy.toString()))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(sentence);
    }

    private void describe(String from, String to) throws IOException {
        Path file = part("network");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void aShapeThatTheWeightsDoNotFillIsRefusedBeforeItIsMade() throws IOException {
        describe("\"inputs\":4", "\"inputs\":200000000");
        describe("\"parameters\":67", "\"parameters\":1600000035");
        assertRefused("must hold the 1600000035 weights of its network, 6400000140 bytes, but holds 268 bytes");
    }

    @Test
    void aNetworkOfAnotherKindIsRefused() throws IOException {
        describe("softmaxCrossEntropy(labelSmoothing=0)", "squaredError");
        assertRefused("needs for 3 classes");
    }

    @Test
    void aTextOfAnySizeIsReadNoFurtherThanADescriptionGoes() throws IOException {
        Files.writeString(part("metadata"), "{\"class\":\"" + "x".repeat(20_000_000) + "\"}");
        assertRefused("must have at most 16777216 bytes of text");
    }

    @Test
    void blocksOfWeightsAreAllThereAndOfFloats() throws IOException {
        blocks(List.of(new byte[200], new byte[68]), 0, 2);
        assertRefused("block 1 is damaged or missing");
        blocks(List.of(new byte[268]), 1);
        assertRefused("block 0 is damaged or missing");
        blocks(List.of(new byte[200], new byte[68]), 0, 1);
        assertThat(MlpClassificationModel.load(copy.toString()).parameters()).containsOnly(0f);
    }

    private void blocks(List<byte[]> blocks, int... numbers) {
        List<org.apache.spark.sql.Row> rows = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            rows.add(RowFactory.create(numbers[i], blocks.get(i)));
        }
        LocalSpark.session()
                .createDataFrame(rows, ModelWriter.SCHEMA)
                .write()
                .mode("overwrite")
                .parquet(copy.resolve("weights").toString());
    }
}
