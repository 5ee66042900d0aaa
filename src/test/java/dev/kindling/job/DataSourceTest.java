package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.ReleasesTables;
import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.Format;
import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.InputColumns;
import dev.kindling.job.io.ProblemType;
import dev.kindling.job.io.TypedTable;
import dev.kindling.job.storage.Failure;
import dev.kindling.linalg.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ReleasesTables.class)
final class DataSourceTest {
    private static final SparkSession SPARK = LocalSpark.session();

    @TempDir
    Path folder;

    private DataSource source(String name) throws IOException {
        return DataSource.of(SPARK, folder.resolve(name).toString(), null, CsvOptions.NONE);
    }

    @Test
    void aNameTellsTheFormat() {
        assertThat(Format.of("a.parquet")).isEqualTo(Format.PARQUET);
        assertThat(Format.of("a.libsvm.gz")).isEqualTo(Format.LIBSVM);
        assertThat(Format.of("t10k-images-idx3-ubyte.gz")).isEqualTo(Format.IDX);
        assertThat(Format.of("train-images.idx3-ubyte")).isEqualTo(Format.IDX);
        assertThat(Format.of("anything")).isEqualTo(Format.CSV);
    }

    @Tag("one-line")
    @Test
    void theBundledDataAreWhole() throws IOException {
        for (Map.Entry<String, Integer> expected :
                Map.of("digits", 1797, "diabetes", 442, "breast_cancer", 569).entrySet()) {
            DataSource.Data data =
                    Typed.all(DataSource.of(SPARK, "bundled:" + expected.getKey(), null, CsvOptions.NONE));
            assertThat(data.rows().count()).isEqualTo(expected.getValue().longValue());
        }
        assertThatThrownBy(() -> DataSource.of(SPARK, "bundled:digit", null, CsvOptions.NONE))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("did you mean digits?");
    }

    @Test
    void aRowsSideOfTheSplitDoesNotDependOnOrderOrPartitions() throws IOException {
        DataSource.Data data = Typed.all(DataSource.of(SPARK, "bundled:diabetes", null, CsvOptions.NONE));
        InputColumns inputs =
                InputColumns.choose(data.columns(), ProblemType.REGRESSION, "progression", List.of(), null);
        TypedTable table = TypedTable.of(data, inputs);
        TypedTable shuffled =
                new TypedTable(table.rows().orderBy(functions.rand(3)).repartition(5), inputs, table.names());
        List<Row> held = table.typed().filter(table.isHeldOut(0.2, 7)).collectAsList();
        assertThat(held).hasSizeBetween(60, 120);
        assertThat(shuffled.typed().filter(shuffled.isHeldOut(0.2, 7)).collectAsList())
                .containsExactlyInAnyOrderElementsOf(held);
        assertThat(table.typed().filter(table.isHeldOut(0.2, 8)).collectAsList())
                .isNotEqualTo(held);
    }

    static byte[] idx(int magic, int[] sizes, byte[] values) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(magic);
            for (int size : sizes) {
                out.writeInt(size);
            }
            out.write(values);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private void writeIdx(byte[] images, byte[] labels) throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), images);
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels);
    }

    @Test
    void idxRowsKeepTheirOrderPlainAndGzipped() throws IOException {
        byte[] pixels = new byte[2 * 3 * 11];
        byte[] classes = new byte[11];
        for (int i = 0; i < 11; i++) {
            pixels[6 * i + 1] = (byte) 255;
            pixels[6 * i + 5] = (byte) i;
            classes[i] = (byte) (i % 3);
        }
        byte[] images = idx(0x803, new int[] {11, 2, 3}, pixels);
        byte[] labels = idx(0x801, new int[] {11}, classes);
        for (int round = 0; round < 2; round++) {
            writeIdx(round == 0 ? images : gzip(images), round == 0 ? labels : gzip(labels));
            List<Row> rows = Typed.all(source("train-images-idx3-ubyte")).rows().collectAsList();
            assertThat(rows).hasSize(11);
            for (int i = 0; i < 11; i++) {
                Vector vector = rows.get(i).getAs("features");
                assertThat(vector.toArray()).containsExactly(0, 1, 0, 0, 0, i / 255.0);
                assertThat(rows.get(i).getDouble(1)).isEqualTo(i % 3);
            }
        }
    }

    @Test
    void damagedIdxFilesAreRefused() throws IOException {
        byte[] images = idx(0x803, new int[] {2, 1, 2}, new byte[4]);
        byte[] labels = idx(0x801, new int[] {2}, new byte[2]);
        refuseIdx("must be an IDX file of unsigned bytes", idx(0x903, new int[] {2, 1, 2}, new byte[4]), labels);
        refuseIdx("must have 20 bytes by its header, but has 19", idx(0x803, new int[] {2, 1, 2}, new byte[3]), labels);
        refuseIdx("must have as many labels as there are images, 2", images, idx(0x801, new int[] {3}, new byte[3]));
        refuseIdx("ends early", new byte[] {0, 0}, labels);
        refuseIdx("positive sizes", idx(0x803, new int[] {2, -1, 2}, new byte[4]), labels);
        refuseIdx("must hold labels", images, images);
        refuseIdx("must hold images", labels, labels);
        Files.delete(folder.resolve("train-labels-idx1-ubyte"));
        Files.write(folder.resolve("train-images-idx3-ubyte"), images);
        assertThatThrownBy(() -> Typed.all(source("train-images-idx3-ubyte")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("train-labels-idx1-ubyte must be in the folder of the images");
        assertThat(source("train-images-idx3-ubyte")
                        .forModel(2, false)
                        .columns()
                        .fieldNames())
                .containsExactly("features");
    }

    private void refuseIdx(String sentence, byte[] images, byte[] labels) throws IOException {
        writeIdx(images, labels);
        assertThatThrownBy(() -> Typed.all(source("train-images-idx3-ubyte")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aShortenedGzippedFileIsRefusedWhenItIsRead() throws IOException {
        byte[] images = gzip(idx(0x803, new int[] {2, 1, 2}, new byte[3]));
        writeIdx(images, gzip(idx(0x801, new int[] {2}, new byte[2])));
        assertThatThrownBy(() ->
                        Typed.all(source("train-images-idx3-ubyte")).rows().collectAsList())
                .satisfies(thrown -> assertThat(Failure.of(thrown).sentence()).contains("ends early"))
                .satisfies(thrown -> assertThat(Failure.of(thrown).isBadInput()).isTrue());
    }

    @Test
    void libsvmTextIsReadWithTheModelsSizeAndRefusedWithALargerOne() throws IOException {
        Files.write(folder.resolve("a.libsvm"), List.of("1 1:2 3:4", "0 2:1"));
        assertThat(Typed.all(source("a.libsvm")).vectorSize()).isEqualTo(3);
        Vector first = source("a.libsvm").forModel(5, true).rows().first().getAs("features");
        assertThat(first.size()).isEqualTo(5);
        assertThatThrownBy(() -> source("a.libsvm").forModel(2, true))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("must have indices up to 2");
        Files.write(folder.resolve("b.libsvm"), List.of("1 1:2 x"));
        assertThatThrownBy(() -> Typed.all(source("b.libsvm")))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(folder.resolve("b.libsvm") + " must be readable as libsvm, but line 1 has \"x\""
                        + " instead of index:value, with an index of at least 1 and a number");
    }

    @Test
    void whatIsNoParquetIsRefused() throws IOException {
        Files.writeString(folder.resolve("a.parquet"), "this is no table at all");
        assertThatThrownBy(() -> Typed.all(source("a.parquet")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("a.parquet must be readable as parquet");
    }
}
