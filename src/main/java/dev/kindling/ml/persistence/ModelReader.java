package dev.kindling.ml.persistence;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.sum;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.ml.params.MlpClassificationParams;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.model.NetworkDescription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Reads a saved model of {@link ModelWriter} and checks it before use. A folder may be damaged or come from an untrusted
 * source, so no memory is allocated by a size that only the folder states.
 */
public final class ModelReader<M extends MlpParams> extends MLReader<M> {
    private static final int LONGEST_TEXT = 1 << 24; // bytes; a description has some hundred

    /** Puts the network into a model that has its params already. */
    public interface Filler<M> {
        M fill(M model, NetworkWeights weights);
    }

    private final Class<M> type;
    private final Filler<M> filler;

    public ModelReader(Class<M> type, Filler<M> filler) {
        this.type = type;
        this.filler = filler;
    }

    @Override
    public M load(String path) {
        try {
            requireClass(path);
            NetworkDescription description = NetworkDescription.parse(text(path, ModelWriter.NETWORK), path);
            Require.that(
                    description.ensemble().loss().isClassification()
                            == MlpClassificationParams.class.isAssignableFrom(type),
                    path + " must hold the network of a " + type.getName() + ", but holds one of another kind");
            MLReader<M> params = new DefaultParamsReader<>();
            params.session(sparkSession());
            M model = params.load(path);
            model.paramSet().useStages();
            return filler.fill(
                    model,
                    new NetworkWeights(
                            description, parameters(path, description.ensemble().parameterCount())));
        } catch (InvalidInput e) {
            throw e;
        } catch (Exception e) { // a missing or damaged part makes Spark's readers throw all kinds of exceptions
            throw new InvalidInput(path + " must hold an intact model, but: " + root(e));
        }
    }

    private static String root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).strip().lines().findFirst().orElse("");
    }

    private void requireClass(String path) throws IOException {
        String written = NetworkDescription.json(text(path, "/metadata"), path)
                .path("class")
                .asText();
        if (!written.equals(type.getName())) {
            throw new InvalidInput(
                    path + " must hold a " + type.getName() + ", but holds a " + written + "; load it with that class");
        }
    }

    /** The text that Spark would read there; refused if it is too long. */
    private String text(String path, String part) throws IOException {
        if (LocalModel.isAt(path)) {
            return LocalModel.text(path, part);
        }
        Configuration configuration = sparkSession().sparkContext().hadoopConfiguration();
        Path folder = new Path(path + part);
        FileSystem files = folder.getFileSystem(configuration);
        Require.that(files.exists(folder), path + " must hold a saved model, but has no folder " + part.substring(1));
        StringBuilder text = new StringBuilder();
        for (FileStatus file : files.listStatus(folder)) {
            String name = file.getPath().getName();
            if (!name.startsWith("_") && !name.startsWith(".")) {
                text.append(text(files, file.getPath(), configuration));
            }
            Require.that(
                    text.length() <= LONGEST_TEXT,
                    folder + " must have at most " + LONGEST_TEXT + " bytes of text, but has more");
        }
        return text.toString();
    }

    private static String text(FileSystem files, Path file, Configuration configuration) throws IOException {
        CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(file);
        try (InputStream plain = files.open(file);
                InputStream in = codec == null ? plain : codec.createInputStream(plain)) {
            return new String(in.readNBytes(LONGEST_TEXT + 1), StandardCharsets.UTF_8);
        }
    }

    private float[] parameters(String path, int count) throws IOException {
        if (LocalModel.isAt(path)) {
            return LocalModel.parameters(path, count);
        }
        Dataset<Row> blocks = sparkSession()
                .read()
                .schema(ModelWriter.SCHEMA)
                .option("parquet.page.verify-checksum.enabled", true)
                .parquet(path + ModelWriter.WEIGHTS);
        Row bytes = blocks.agg(sum(length(col("values")))).first();
        long found = bytes.isNullAt(0) ? 0 : bytes.getLong(0);
        Require.that(
                found == (long) count * Float.BYTES,
                path + " must hold the " + count + " weights of its network, " + (long) count * Float.BYTES
                        + " bytes, but holds " + found + " bytes");
        return join(blocks.orderBy("block").collectAsList(), count, path);
    }

    private static float[] join(List<Row> blocks, int count, String path) {
        float[] parameters = new float[count];
        int next = 0;
        for (int i = 0; i < blocks.size(); i++) {
            Row block = blocks.get(i);
            boolean intact = !block.isNullAt(0) && block.getInt(0) == i && !block.isNullAt(1);
            byte[] bytes = intact ? block.getAs(1) : new byte[0];
            Require.that(
                    intact && bytes.length % Float.BYTES == 0,
                    path + " must hold blocks of weights numbered from 0, but block " + i + " is damaged or missing");
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(parameters, next, bytes.length / Float.BYTES);
            next += bytes.length / Float.BYTES;
        }
        return parameters;
    }
}
