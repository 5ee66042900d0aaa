package dev.kindling.ml.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Spark Connect server keeps on its own disk. Python's test_connect.py has a server of Spark 4 do it. */
final class LocalModelTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsRead() throws Exception {
        float[] parameters = new float[40_001]; // of several buffers, the last not full
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = i / 7f;
        }
        LocalModel.write(folder.toString(), "{}", parameters);
        assertThat(LocalModel.text(folder.toString(), ModelWriter.NETWORK)).isEqualTo("{}");
        assertThat(LocalModel.parameters(folder.toString(), parameters.length)).isEqualTo(parameters);
        assertThatThrownBy(() -> LocalModel.parameters(folder.toString(), parameters.length + 1))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void itIsThereWhereSparkWroteTheMetadataAsAFile() throws Exception {
        assertThat(LocalModel.isAt(folder.toString())).isFalse();
        Files.createDirectory(folder.resolve("metadata"));
        assertThat(LocalModel.isAt(folder.toString())).isFalse();
        Files.delete(folder.resolve("metadata"));
        Files.writeString(folder.resolve("metadata"), "{}");
        assertThat(LocalModel.isAt(folder.toString())).isTrue();
    }
}
