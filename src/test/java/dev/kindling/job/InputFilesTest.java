package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.ReleasesTables;
import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.Format;
import dev.kindling.job.io.DataSource;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a path means: which files, in which format, with which columns. Spark itself writes the folders. */
@Tag("end-to-end")
@InOneJvm
@ExtendWith(ReleasesTables.class)
final class InputFilesTest {
    private static final SparkSession SPARK = LocalSpark.session();

    @TempDir
    Path folder;

    private DataSource source(String path) throws IOException {
        return DataSource.of(SPARK, folder + "/" + path, null, CsvOptions.NONE);
    }

    private Path write(String name, byte... bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private Path write(String name, String text) throws IOException {
        return write(name, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void assertRefused(String sentence, String path) {
        assertThatThrownBy(() -> Typed.all(source(path)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(sentence);
    }

    private void writePartitioned(String name, String... columns) {
        SPARK.range(40)
                .selectExpr("id", "id % 3 AS k", "IF(id % 2 = 0, '01', '0A') AS g", "id % 5 AS h")
                .coalesce(1)
                .write()
                .partitionBy(columns)
                .parquet(folder.resolve(name).toString());
    }

    @Test
    void eachSlotGetsAsManyPartsOfLargeFiles() throws IOException {
        String path = folder.resolve("large.csv").toString();
        int slots = SPARK.sparkContext().defaultParallelism();
        long part = 128L << 20;
        try (RandomAccessFile file = new RandomAccessFile(path, "rw")) {
            for (long bytes : List.of(slots * part - 100_000_000, slots * part + 100_000_000, 3 * slots * part)) {
                file.setLength(bytes); // of which the disk stores none
                Storage.of(SPARK, path).inputFiles().cutEvenly(SPARK);
                int partitions = SPARK.read().text(path).toJavaRDD().getNumPartitions();
                assertThat(partitions % slots)
                        .as("%d bytes in %d parts", bytes, partitions)
                        .isZero();
                assertThat((double) bytes).isLessThanOrEqualTo((double) partitions * part);
            }
        } finally {
            SPARK.conf().unset("spark.sql.files.minPartitionNum");
        }
    }

    @Test
    void foldersThatSparkPartitionedAreParquetWithTheFoldersAsColumns() throws IOException {
        writePartitioned("deep", "g", "h");
        for (String path : List.of("deep", "deep/*", "deep/g=*", "deep/*/*")) {
            DataSource source = source(path);
            assertThat(source.format()).isEqualTo(Format.PARQUET);
            assertThat(Typed.all(source).columns().fieldNames())
                    .as(path)
                    .containsExactlyInAnyOrder("id", "k", "g", "h");
            assertThat(Typed.all(source)
                            .rows()
                            .filter("(id % 2 = 0) = (g = '01') AND id % 5 = h")
                            .count())
                    .as(path)
                    .isEqualTo(40);
        }
    }

    @Test
    void theTypeOfAFolderColumnDoesNotFollowFromAFewFolders() throws IOException {
        writePartitioned("all", "g");
        assertThat(Typed.all(source("all")).columns().apply("g").dataType()).isEqualTo(DataTypes.StringType);
        Files.createDirectories(folder.resolve("some"));
        Files.move(folder.resolve("all/g=01"), folder.resolve("some/g=01"));
        assertThat(Typed.all(source("some")).columns().apply("g").dataType()).isEqualTo(DataTypes.IntegerType);
        List<Row> rows =
                source("some").forModel(0, true).rows().select("g").distinct().collectAsList();
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).getString(0)).isEqualTo("01");
        write("csv/g=01/a.csv", "a,y\n1,2\n");
        assertThat(source("csv").forModel(0, true).rows().select("g").first().getString(0))
                .isEqualTo("01");
    }

    @Test
    void namesWithTheCharactersOfPatternsAreNamesIfTheyExist() throws IOException {
        write("x1.csv", "other\n1\n");
        for (String name : List.of("x[1].csv", "a{b,c}.csv", "what?.csv", "star*.csv", "d[0]*/g=1/a.csv")) {
            write(name, "a,y\n1,2\n");
            String path = name.replaceFirst("/.*", "");
            assertThat(Typed.all(source(path)).rows().count()).as(name).isEqualTo(1);
            assertThat(source(path).forModel(0, true).columns().fieldNames())
                    .as(name)
                    .startsWith("a", "y");
        }
        write("d[0]*/g=1/b.csv", "y,a\n2,1\n");
        assertThat(source("d[0]*")
                        .forModel(0, true)
                        .rows()
                        .filter("a = 1 AND y = 2 AND g = '1'")
                        .count())
                .isEqualTo(2);
        write("l[1].libsvm", "1 1:2\n");
        assertThat(Typed.all(source("l[1].libsvm")).rows().count()).isEqualTo(1);
        write("q/p1.csv", "a,y\n1,2\n");
        write("q/p2.csv", "y,a\n2,1\n");
        assertThat(Typed.all(source("q/p?.csv")).rows().filter("a = 1").count()).isEqualTo(2);
    }

    @Test
    void theFirstBytesTellWhatIsNoCsv() throws IOException {
        writePartitioned("flat");
        Path part;
        try (Stream<Path> files = Files.list(folder.resolve("flat"))) {
            part = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.copy(part, folder.resolve("renamed.data"));
        assertThat(source("renamed.data").format()).isEqualTo(Format.PARQUET);
        assertThatThrownBy(() -> Typed.all(
                        DataSource.of(SPARK, folder.resolve("renamed.data").toString(), Format.CSV, CsvOptions.NONE)))
                .hasMessageEndingWith("must be CSV text, but is a Parquet file; --format parquet reads it");
        SPARK.range(3).coalesce(1).write().orc(folder.resolve("o").toString());
        assertRefused("must be CSV text, but is an ORC file; write it as CSV or Parquet", "o");
        SPARK.range(3).coalesce(1).write().json(folder.resolve("j").toString());
        assertRefused("is JSON", "j");
        write("packed.csv", DataSourceTest.gzip("a,y\n1,2\n".getBytes(StandardCharsets.UTF_8)));
        assertRefused("is packed by gzip; add .gz to its name", "packed.csv");
        write("a.xlsx", "PK\3\4" + "\0".repeat(26) + "xl/workbook.xml");
        assertRefused("is an Excel file; save it as CSV", "a.xlsx");
        write("a.avro", "Obj\1\2");
        assertRefused("is an Avro file", "a.avro");
        write("z.csv", "\u0028\u00B5\u002F\u00FD\4");
        assertRefused("is packed by zstd; unpack it", "z.csv");
        write("bytes.csv", "\1\0\0\2\3\0\0\0x\n");
        assertRefused("holds zero bytes", "bytes.csv");
    }

    @Test
    void whatSparkWouldPassOverIsRefused() throws IOException {
        write("nested/a.csv", "a,y\n1,2\n");
        write("nested/sub/b.csv", "a,y\n1,2\n");
        assertRefused("must hold files, or folders named COLUMN=VALUE, but holds folder sub", "nested");
        assertThat(Typed.all(source("nested/*")).rows().count()).isEqualTo(2);
        write("_hidden.csv", "a,y\n1,2\n");
        assertRefused("must have a name that begins with neither _ nor .", "_hidden.csv");
        write("none/_SUCCESS", "");
        assertRefused("must hold data files, but holds none", "none");
        write("table/_delta_log/0.json", "{}");
        write("table/part.parquet", "PAR1");
        assertRefused("is a table with a log in _delta_log", "table");
        assertRefused("there is no file or folder", "no*thing");
    }

    @Test
    void packedFoldersAreRead() throws IOException {
        write("gz/a.csv.gz", DataSourceTest.gzip("a,y\n1,2\n".getBytes(StandardCharsets.UTF_8)));
        write("gz/b.csv.gz", DataSourceTest.gzip("y,a\n2,1\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(Typed.all(source("gz")).rows().filter("a = 1 AND y = 2").count())
                .isEqualTo(2);
        assertThat(source("gz/*.gz").forModel(0, true).rows().filter("a = 1").count())
                .isEqualTo(2);
    }
}
