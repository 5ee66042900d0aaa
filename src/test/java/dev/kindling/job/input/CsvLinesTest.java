package dev.kindling.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import dev.kindling.table.cache.CachedTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines are read as Spark's reader reads them, which is the reference. */
final class CsvLinesTest {
    private static final List<String> PIECES = List.of(
            "1",
            "-12.50",
            "007",
            "1e5",
            "Oslo",
            "São Paulo",
            " ",
            "  ",
            "\t",
            "\"",
            "\"\"",
            "\\",
            "\\\"",
            "'",
            ",",
            ";",
            "NA",
            "\u0002",
            "\u0001",
            "a b",
            "#",
            "\u00A0",
            "€",
            ".",
            "-",
            "\uFEFF",
            "\u2028",
            "x\"y",
            "\"q, r\"",
            "\"q\"\"r\"");

    @TempDir
    Path folder;

    private final SparkSession spark = LocalSpark.session();

    private static CsvOptions options(String delimiter, String quote, String escape, String nullValue, boolean header) {
        return new CsvOptions(delimiter, null, quote, escape, false, nullValue, null, header);
    }

    /** Random lines, most of them with three values. */
    private static byte[] lines(Random random, String delimiter, boolean header) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (random.nextBoolean()) {
            bytes.write(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        }
        bytes.write((random.nextBoolean() ? " \n" : "").getBytes(StandardCharsets.UTF_8));
        bytes.write((header ? String.join(delimiter, "a", "b", "c") + "\n" : "1" + delimiter + "2" + delimiter + "3\n")
                .getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 300; i++) {
            StringBuilder line = new StringBuilder();
            for (int j = 0; j < (random.nextInt(20) == 0 ? 2 + random.nextInt(3) : 3); j++) {
                line.append(j == 0 ? "" : delimiter);
                int most = random.nextInt(3) == 0 ? 4 : 2;
                for (int k = random.nextInt(most); k > 0; k--) {
                    line.append(PIECES.get(random.nextInt(random.nextInt(2) == 0 ? 6 : PIECES.size())));
                }
            }
            bytes.write(line.toString().getBytes(StandardCharsets.UTF_8));
            if (random.nextInt(40) == 0) {
                bytes.write(new byte[] {(byte) 0xE4, 'x', (byte) 0xC3});
            }
            bytes.write((random.nextInt(30) == 0 ? "\r\n" : random.nextInt(30) == 0 ? "\r" : "\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private void assertReadAsSpark(Path path, CsvOptions options) throws IOException {
        InputFiles files = InputFiles.at(
                FileSystem.getLocal(spark.sparkContext().hadoopConfiguration()),
                new org.apache.hadoop.fs.Path(path.toUri()),
                path.toString());
        CsvFiles csv = new CsvFiles(spark, files, options);
        try {
            Dataset<Row> own = csv.table(false, parts -> {
                        throw new AssertionError("read by Spark");
                    })
                    .dataset();
            Dataset<Row> sparks =
                    CsvFiles.reader(spark, options).schema(own.schema()).csv(path.toString());
            List<Row> expected = sparks.collectAsList();
            assertThat(own.collectAsList()).as("%s", options).isEqualTo(expected);
            assertThat(expected).isNotEmpty();
        } finally {
            CachedTable.releaseAll(spark.sparkContext());
        }
    }

    @Test
    void randomLinesAreReadAsSparkReadsThem() throws IOException {
        long seed = 36;
        Random random = new Random(seed);
        List<CsvOptions> all = List.of(
                CsvOptions.NONE,
                options(";", null, null, "NA", true),
                options("\t", "'", "\\", null, true),
                options("|", "", null, "-", false),
                options(",", null, "\\", null, false),
                options(",", "#", "€", "Oslo", true),
                options("-", null, null, "", true));
        for (CsvOptions options : all) {
            for (int file = 0; file < 3; file++) {
                Path path = folder.resolve(random.nextLong() + ".csv");
                Files.write(path, lines(random, String.valueOf(options.separator()), options.hasHeader()));
                assertReadAsSpark(path, options);
            }
        }
    }

    @Test
    void eachFileLosesItsOwnHeaderWhateverItsSplits() throws IOException {
        Path several = Files.createDirectory(folder.resolve("several"));
        for (int file = 0; file < 5; file++) {
            StringBuilder text = new StringBuilder(file % 2 == 0 ? "\n \na,b,c\n" : "a,b,c\n");
            for (int i = 0; i < 2000 * file; i++) {
                text.append(i).append(",a,b\n");
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (file == 3) {
                ByteArrayOutputStream packed = new ByteArrayOutputStream();
                try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
                    zip.write(bytes);
                }
                Files.write(several.resolve("3.csv.gz"), packed.toByteArray());
            } else {
                Files.write(several.resolve(file + ".csv"), bytes);
            }
        }
        String before = spark.conf().get("spark.sql.files.maxPartitionBytes");
        spark.conf().set("spark.sql.files.maxPartitionBytes", "5000");
        try {
            assertReadAsSpark(several, CsvOptions.NONE);
        } finally {
            spark.conf().set("spark.sql.files.maxPartitionBytes", before);
        }
    }

    @Test
    void whatIsNotFoundInBytesIsLeftToSpark() {
        List<CsvOptions> left = new ArrayList<>();
        left.add(new CsvOptions(null, "ISO-8859-1", null, null, false, null, null, null));
        left.add(new CsvOptions(null, null, null, null, true, null, null, null));
        left.add(options(" ", null, null, null, true));
        left.add(options("§", null, null, null, true));
        assertThat(left).noneMatch(CsvLines::canRead);
        assertThat(CsvLines.canRead(CsvOptions.NONE)).isTrue();
    }
}
