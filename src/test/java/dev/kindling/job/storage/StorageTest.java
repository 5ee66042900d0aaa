package dev.kindling.job.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageTest {
    @TempDir
    Path folder;

    private Storage at(String name) throws IOException {
        return Storage.of(new Configuration(), folder.resolve(name).toString());
    }

    @Test
    void whatCameToTheTargetWhileACommandRanStaysAndSoDoesTheResult() throws IOException {
        Storage target = at("m.json");
        target.requireFile("--metrics", false, OwnFile.FIGURES);
        Files.writeString(folder.resolve("m.json"), "precious");
        assertThatThrownBy(() -> target.write("{\"rows\": 7}"))
                .isInstanceOf(WriteException.class)
                .hasMessageContaining("while the command ran, so the result is in " + folder.resolve("m.json-"));
        assertThat(folder.resolve("m.json")).hasContent("precious");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> kept = files.filter(file -> file.getFileName().toString().startsWith("m.json-"))
                    .toList();
            assertThat(kept).hasSize(1);
            assertThat(kept.get(0)).hasContent("{\"rows\": 7}");
        }
    }

    /** Hadoop knows where the classes of s3a: are, but not that of s3:, and Spark comes without either. */
    @Test
    void aFileSystemThatSparkLacksIsNamedWithWhatAddsIt() {
        for (String path : List.of("s3a://data/rows.csv", "s3://data/rows.csv")) {
            assertThatThrownBy(() -> Storage.of(new Configuration(), path))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageStartingWith(path + " must be in a file system whose classes Spark has, but: ")
                    .hasMessageMatching(
                            ".*(S3AFileSystem not found|scheme \"s3\");.* org.apache.hadoop:hadoop-aws:[0-9.]+ .*");
        }
    }

    @Test
    void placesAreComparedAsTheyReallyAre() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a"));
        assertThat(at("link/b").isSame(at("a/./b"))).isTrue();
        assertThat(at("link/b/new").isIn(at("a"))).isTrue();
        assertThat(at("ab").isIn(at("a"))).isFalse();
        assertThat(at("a").isIn(at("a"))).isFalse();
        assertThat(at("a").isIn(at("a/b"))).isFalse();
    }

    @Test
    void ownFilesAreToldByWhatTheyHold() throws IOException {
        assertThat(isWritten(OwnFile.FIGURES, "{\n  \"rows\" : 3 }")).isTrue();
        assertThat(isWritten(OwnFile.FIGURES, "{\"name\": \"thesis\"}")).isFalse();
        assertThat(isWritten(OwnFile.PAGE, "<!DOCTYPE html><title>mine</title>"))
                .isFalse();
        assertThat(isWritten(OwnFile.OPTIONS, "# Found by kindling search: loss 0.1\n--epochs 3"))
                .isTrue();
        assertThat(isWritten(OwnFile.OPTIONS, "# my own options\n--epochs 3")).isFalse();
        assertThat(isWritten(OwnFile.PREDICTIONS, "a,".repeat(5_000) + "prediction\n1,2"))
                .isTrue();
        assertThat(isWritten(OwnFile.PREDICTIONS, "a,prediction,\"probability_b, c\",probability_d\n"))
                .isTrue();
        assertThat(isWritten(OwnFile.PREDICTIONS, "a,prediction,by\n1,2,3")).isFalse();
        assertThat(isWritten(OwnFile.PREDICTIONS, "a\n,prediction\n")).isFalse();
    }

    private boolean isWritten(OwnFile kind, String text) throws IOException {
        Files.writeString(folder.resolve("file"), text);
        return kind.isWritten(at("file"));
    }
}
