package dev.kindling.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Loss;
import dev.kindling.nn.Network;
import dev.kindling.nn.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;

/** Reads what {@link ModelWriter} wrote, and checks it before it is used. */
final class ModelReader<M> extends MLReader<M> {

    /** Puts the network into a model that has its params already. */
    interface Filler<M> {
        M fill(M model, NetworkWeights weights);
    }

    private final Class<M> type;
    private final Filler<M> filler;

    ModelReader(Class<M> type, Filler<M> filler) {
        this.type = type;
        this.filler = filler;
    }

    @Override
    public M load(String path) {
        requireClass(path);
        MLReader<M> params = new DefaultParamsReader<>();
        params.session(sparkSession());
        return filler.fill(params.load(path), weights(path, json(text(path, ModelWriter.NETWORK), path)));
    }

    private void requireClass(String path) {
        String written = json(text(path, "/metadata"), path).path("class").asText();
        if (!written.equals(type.getName())) {
            throw new InvalidInput(
                    path + " must hold a " + type.getName() + ", but holds a " + written + "; load it with that class");
        }
    }

    private String text(String path, String part) {
        try {
            Path folder = new Path(path + part);
            if (!folder.getFileSystem(sparkSession().sparkContext().hadoopConfiguration())
                    .exists(folder)) {
                throw new InvalidInput(path + " must hold a saved model, but has no folder " + part.substring(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> lines = sparkSession().read().textFile(path + part).collectAsList();
        return String.join("\n", lines);
    }

    private static JsonNode json(String text, String path) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidInput(path + " must describe its model in JSON, but does not: " + e.getOriginalMessage());
        }
    }

    private NetworkWeights weights(String path, JsonNode description) {
        int format = description.path("format").asInt();
        Require.that(
                format == ModelWriter.FORMAT,
                path + " must have model format " + ModelWriter.FORMAT + ", the one this version reads, but has "
                        + description.path("format"));
        Network network = Network.of(
                description.path("inputs").asInt(),
                Spec.parseAll(Layer.class, description.path("layers").asText()));
        return new NetworkWeights(
                network,
                Spec.parse(Loss.class, description.path("loss").asText()),
                parameters(path, network.parameterCount()),
                description.path("classes").asInt(),
                description.path("gemm").asText(),
                description.path("shards").asInt());
    }

    private float[] parameters(String path, int count) {
        float[] parameters = new float[count];
        int next = 0;
        List<Row> blocks = sparkSession()
                .read()
                .schema(ModelWriter.SCHEMA)
                .parquet(path + ModelWriter.WEIGHTS)
                .orderBy("block")
                .collectAsList();
        for (Row block : blocks) {
            byte[] bytes = block.getAs(1);
            int values = bytes.length / Float.BYTES;
            Require.that(values <= count - next, wrongCount(path, count, "more"));
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(parameters, next, values);
            next += values;
        }
        Require.that(next == count, wrongCount(path, count, String.valueOf(next)));
        return parameters;
    }

    private static String wrongCount(String path, int count, String found) {
        return path + " must hold the " + count + " weights of its network, but holds " + found;
    }
}
