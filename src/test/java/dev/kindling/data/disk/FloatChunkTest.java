package dev.kindling.data.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.ml.KryoClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Floats on disk are those in memory, wherever they are looked at. */
final class FloatChunkTest {
    private static final int ROWS = 70;
    private static final int COLUMNS = 3;

    @TempDir
    private Path folder;

    private static float[] floats(int seed) {
        SplitMix64 random = new SplitMix64(seed);
        float[] floats = new float[ROWS * COLUMNS];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        return floats;
    }

    private static FloatChunk sent(FloatChunk chunk) {
        SparkConf conf = new SparkConf(false)
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.kryo.registrator", KryoClasses.class.getName());
        Kryo kryo = new KryoSerializer(conf).newKryo();
        Output out = new Output(1 << 16);
        kryo.writeClassAndObject(out, chunk);
        return (FloatChunk) kryo.readClassAndObject(new Input(out.toBytes()));
    }

    @Test
    void eachLookSeesTheSameFloats() {
        FloatChunk first;
        FloatChunk second;
        try (DiskFile file = DiskFile.in(folder.resolve("not yet there").toString())) {
            first = FloatChunk.onDisk(floats(1), file);
            second = FloatChunk.onDisk(floats(2), file);
        }
        assertThat(second.array()).isEqualTo(floats(2));
        FloatChunk memory = FloatChunk.of(floats(1));
        assertThat(first.array()).isEqualTo(floats(1));
        for (FloatChunk chunk : new FloatChunk[] {first, memory, sent(first), sent(memory)}) {
            assertThat(chunk.get(17)).isEqualTo(memory.get(17));
            assertThat(chunk.buffer()).isEqualTo(memory.buffer());
            float[] some = new float[10];
            chunk.get(20, some, 2, 8);
            assertThat(Arrays.copyOfRange(some, 2, 10)).isEqualTo(Arrays.copyOfRange(floats(1), 20, 28));
            float[] dense = new float[5 * COLUMNS];
            chunk.rows(5, COLUMNS, 9 * COLUMNS).copyTo(dense);
            assertThat(dense).isEqualTo(Arrays.copyOfRange(floats(1), 9 * COLUMNS, 14 * COLUMNS));
        }
        assertThat(first.bytesOnDisk()).isEqualTo((long) Float.BYTES * ROWS * COLUMNS);
        assertThat(sent(first).bytesOnDisk() + memory.bytesOnDisk()).isZero();
    }

    @Test
    void filesHaveNoNameOnceTheyAreOpen() throws IOException {
        try (DiskFile file = DiskFile.in(folder.toString())) {
            FloatChunk.onDisk(floats(1), file);
            try (var left = Files.list(folder)) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void anUnusableFolderIsNamed() throws IOException {
        Path taken = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> DiskFile.in(taken.toString()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(taken.toString())
                .hasMessageContaining("spark.local.dir");
    }
}
