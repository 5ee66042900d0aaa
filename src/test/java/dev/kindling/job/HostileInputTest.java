package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Hostile;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.ReleasesTables;
import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.LibsvmLines;
import dev.kindling.job.input.TextCheck;
import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.IdxFiles;
import dev.kindling.job.io.InputColumns;
import dev.kindling.job.io.Preprocessor;
import dev.kindling.job.io.ProblemType;
import dev.kindling.job.io.RowCheck;
import dev.kindling.job.io.RowSet;
import dev.kindling.job.io.SavedModel;
import dev.kindling.job.storage.Failure;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.TableVectorizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.spark.SerializableWritable;
import org.apache.spark.mllib.util.MLUtils$;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Data and model folders that are damaged, or that someone made to do harm. */
@InOneJvm
@ExtendWith(ReleasesTables.class)
class HostileInputTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String DESCRIPTION =
            """
            {"format": "kindling model", "version": 1, "task": "classification", "inputs": [
              {"name": "age", "kind": "number", "role": "feature"}, {"name": "a b", "kind": "text", "role": "feature"},
              {"name": "y", "kind": "text", "role": "label"}, {"name": "w", "kind": "number", "role": "weight"}]}""";

    /** Set by the class below when something makes its code run. */
    static boolean ran;

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    // Read without a job

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void aDamagedDescriptionIsAModelsOrRefused(@ForAll long seed) {
        SavedModel.Description.parse(DESCRIPTION, "kindling.json");
        Hostile.damage(
                Hostile.bytes(DESCRIPTION),
                seed,
                Hostile.share(150, 10),
                64,
                input -> SavedModel.Description.parse(Hostile.text(input), "kindling.json"));
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void damagedLibsvmTextIsWhatSparkCanReadOrRefused(@ForAll long seed) {
        List<byte[]> valid = Hostile.bytes("1 1:0.5 3:-2e-3 100:4\n0 2:1\n", "# nothing\n-1.5 7:1 8:2", "1\n\n2  4:5");
        Hostile.damage(valid, seed, Hostile.share(130, 10), 64, input -> {
            List<String> lines = Hostile.text(input).lines().toList();
            LibsvmLines.Verdict verdict =
                    new LibsvmLines().call(lines.iterator()).next();
            int largest = LibsvmLines.largestIndex(List.of(verdict), "a.libsvm");
            for (String line : lines) {
                if (!line.trim().isEmpty() && !line.trim().startsWith("#")) {
                    int[] indices =
                            MLUtils$.MODULE$.parseLibSVMRecord(line.trim())._2();
                    assertThat(indices.length == 0 ? 0 : indices[indices.length - 1])
                            .isLessThan(Math.max(1, largest));
                }
            }
        });
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void damagedIdxFilesHoldRowsOrAreRefused(@ForAll long seed) throws IOException {
        byte[] images = idx(0x803, new int[] {5, 2, 3}, 30);
        byte[] labels = idx(0x801, new int[] {5}, 5);
        Path own = Files.createTempDirectory("hostile");
        Path imagesFile = own.resolve("train-images-idx3-ubyte");
        Path labelsFile = own.resolve("train-labels-idx1-ubyte");
        Hostile.damage(List.of(images, DataSourceTest.gzip(images)), seed, Hostile.share(60, 10), 256, input -> {
            Files.write(imagesFile, input);
            Files.write(labelsFile, labels);
            drain(imagesFile, labelsFile);
        });
        Hostile.damage(List.of(labels, DataSourceTest.gzip(labels)), seed, Hostile.share(25, 10), 256, input -> {
            Files.write(imagesFile, images);
            Files.write(labelsFile, input);
            drain(imagesFile, labelsFile);
        });
        for (Path file : List.of(imagesFile, labelsFile, own)) {
            Files.delete(file);
        }
    }

    private static List<Row> drain(Path images, Path labels) throws IOException {
        IdxFiles.read(SPARK, images.toString(), true);
        Iterator<Row> rows = new IdxFiles.Slices(
                        new SerializableWritable<>(SPARK.sparkContext().hadoopConfiguration()),
                        images.toUri().toString(),
                        labels.toUri().toString(),
                        1)
                .call(List.of(0).iterator());
        List<Row> read = new ArrayList<>();
        rows.forEachRemaining(read::add);
        return read;
    }

    private static byte[] idx(int magic, int[] sizes, int values) throws IOException {
        byte[] ascending = new byte[values];
        for (int i = 0; i < values; i++) {
            ascending[i] = (byte) i;
        }
        return DataSourceTest.idx(magic, sizes, ascending);
    }

    @Test
    void aFlippedBitInAGzippedFileIsNoticed() throws IOException {
        byte[] images = DataSourceTest.gzip(idx(0x803, new int[] {5, 2, 3}, 30));
        Path labels = Files.write(folder.resolve("train-labels-idx1-ubyte"), idx(0x801, new int[] {5}, 5));
        Path file = folder.resolve("train-images-idx3-ubyte");
        List<Row> rows = drain(Files.write(file, images), labels);
        assertThat(rows).hasSize(5);
        int refused = 0;
        for (int i = 10; i < images.length; i++) { // after gzip's own header, of which little matters
            byte[] damaged = images.clone();
            damaged[i] ^= 4;
            Files.write(file, damaged);
            try {
                assertThat(drain(file, labels)).as("byte %d", i).isEqualTo(rows);
            } catch (InvalidInput e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(images.length / 2);
    }

    // Read by Spark

    @Tag("one-line")
    @Test
    void damagedCsvIsATableOrRefused() throws IOException {
        String valid =
                "height,colour,\"a, b\",kind\n1.5,red,2,tree\n2.5,\"dark \"\"blue\"\"\",3,rose\n3.5,red,4,tree\n";
        Path file = folder.resolve("a.csv");
        Hostile.damage(Hostile.bytes(valid), 5, Hostile.share(1, 1), 256, input -> {
            Files.write(file, input);
            prepare(file);
        });
        Path gzipped = folder.resolve("b.csv.gz");
        Hostile.damage(
                List.of(DataSourceTest.gzip(valid.getBytes(StandardCharsets.UTF_8))),
                6,
                Hostile.share(1, 2),
                256,
                input -> {
                    Files.write(gzipped, input);
                    prepare(gzipped);
                });
    }

    @Test
    void damagedParquetIsATableOrRefused() throws IOException {
        Path written = folder.resolve("written.parquet");
        SPARK.range(40)
                .selectExpr("id % 7 / 7.0 as height", "CAST(id % 3 AS STRING) as colour", "id % 2 as kind")
                .coalesce(1)
                .write()
                .parquet(written.toString());
        byte[] valid = Files.readAllBytes(parts(written).get(0));
        Path file = folder.resolve("a.parquet");
        Hostile.damage(List.of(valid), 7, Hostile.share(1, 1), 256, input -> {
            Files.write(file, input);
            prepare(file);
        });
    }

    private static List<Path> parts(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .toList();
        }
    }

    /** All that train does before it fits, with the sentence that it would show as the exception. */
    private static void prepare(Path file) throws Exception {
        try {
            DataSource source = DataSource.of(SPARK, file.toString(), null, CsvOptions.NONE);
            DataSource.Data data = Typed.all(source);
            InputColumns inputs =
                    InputColumns.choose(data.columns(), ProblemType.CLASSIFICATION, "kind", List.of(), null);
            RowCheck.Found found = RowCheck.count(source, data, inputs, Map.of(), null, true);
            Preprocessor preprocessor = Preprocessor.fit(
                    inputs,
                    RowSet.of(data, inputs),
                    RowSet.of(data, inputs),
                    new TableVectorizer(),
                    new TextCheck(data.csv(), found.rows()));
            preprocessor.apply(RowSet.of(data, inputs)).collectAsList();
        } catch (Exception e) {
            if (Failure.of(e).isBadInput()) {
                throw new InvalidInput(Failure.of(e).sentence());
            }
            throw e;
        }
    }

    @Test
    void anIndexOfLibsvmAsksForNoVectorOfItsSize() throws IOException {
        Path file = folder.resolve("a.libsvm");
        Files.writeString(file, "1 2000000000:1\n0 1:1\n");
        DataSource source = DataSource.of(SPARK, file.toString(), null, CsvOptions.NONE);
        DataSource.Data data = Typed.all(source);
        InputColumns inputs = InputColumns.choose(data.columns(), ProblemType.CLASSIFICATION, "label", List.of(), null);
        assertThat(RowCheck.count(source, data, inputs, Map.of(), null, true).rows())
                .isEqualTo(2);
    }

    // Models

    /** A copy of a model, which is trained once. */
    private Path trained() throws IOException {
        Path known = shared.resolve("model");
        if (!Files.exists(known)) {
            train(known);
        }
        Path model = folder.resolve("model");
        try (Stream<Path> files = Files.walk(known)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(known.relativize(file)));
            }
        }
        return model;
    }

    private static void train(Path model) throws IOException {
        Path data = shared.resolve("train.csv");
        StringBuilder lines = new StringBuilder("x,colour,y\n");
        for (int i = 0; i < 40; i++) {
            lines.append(i % 7).append(i % 2 == 0 ? ",red," : ",blue,").append(i % 3 == 0 ? "no\n" : "yes\n");
        }
        Files.writeString(data, lines);
        String[] arguments =
                ("train --label y --task classification --hidden 2 --epochs 1 --members 1 --shards 1 --train " + data
                                + " --model " + model)
                        .split(" ");
        assertThat(Main.commandLine().execute(arguments)).isZero();
        try (Stream<Path> files = Files.walk(model)) {
            for (Path sum :
                    files.filter(file -> file.toString().endsWith(".crc")).toList()) {
                Files.delete(sum);
            }
        }
    }

    @Test
    void modelsThatAreDamagedOrMadeToDoHarmAreRefused() throws IOException {
        Path model = trained();
        SavedModel.load(SPARK, model.toString());

        Path stage = stages(model).get(0).resolve("metadata");
        replace(stage, "StringIndexerModel", "NoSuchModel");
        assertRefused(model, "must hold only stages of kindling train, but holds a");
        replace(stage, "org.apache.spark.ml.feature.NoSuchModel", HostileInputTest.class.getName() + "$Harmful");
        assertRefused(model, "Harmful");
        assertThat(ran).isFalse();
        replace(stage, HostileInputTest.class.getName() + "$Harmful", "org.apache.spark.ml.feature.StringIndexerModel");

        Path pipeline = model.resolve("metadata");
        String uid = stages(model).get(0).getFileName().toString().substring(2);
        replace(pipeline, "\"" + uid + "\"", "\"../../" + uid + "\"");
        assertRefused(model, "must name its stages in letters and digits");
        replace(pipeline, "\"../../" + uid + "\"", "\"" + uid + "\"");

        SavedModel.load(SPARK, model.toString());
        Path vectorizer = stages(model).stream()
                .filter(path -> path.toString().contains("tableVectorizer"))
                .findFirst()
                .orElseThrow()
                .resolve("metadata");
        replace(vectorizer, "\\\"categories\\\":", "\\\"categroies\\\":");
        assertRefused(model, "must hold its encodings in JSON");
        Files.writeString(model.resolve("kindling.json"), " ".repeat(20_000_000));
        assertRefused(model, "must have at most 16777216 bytes");
    }

    @Tag("one-line")
    @Test
    void aDamagedFileOfAModelFolderIsReadOrRefused() throws IOException {
        Path model = trained();
        List<Path> files;
        try (Stream<Path> all = Files.walk(model)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("_"))
                    .sorted()
                    .toList();
        }
        for (int i = 0; i < Hostile.share(1, 1); i++) {
            Path file = files.get(5 * i % files.size());
            byte[] intact = Files.readAllBytes(file);
            Hostile.damage(List.of(intact), 31 + i, 1, 512, input -> {
                Files.write(file, input);
                SavedModel.load(SPARK, model.toString());
            });
            Files.write(file, intact);
        }
        SavedModel.load(SPARK, model.toString());
    }

    private static List<Path> stages(Path model) throws IOException {
        try (Stream<Path> stages = Files.list(model.resolve("stages"))) {
            return stages.sorted().toList();
        }
    }

    private static void replace(Path folder, String from, String to) throws IOException {
        Path file = parts(folder).get(0);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    private static void assertRefused(Path model, String sentence) {
        assertThatThrownBy(() -> SavedModel.load(SPARK, model.toString()))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(sentence);
    }

    /** What Spark's reader would make and run, if its name were in a stage's metadata. */
    static final class Harmful {
        static {
            ran = true;
        }

        private Harmful() {}

        public static Object read() {
            ran = true;
            return Arrays.asList("harm");
        }
    }
}
