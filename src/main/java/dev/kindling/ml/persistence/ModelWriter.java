package dev.kindling.ml.persistence;

import dev.kindling.ml.internal.NetworkWeights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Writes a model: {@code metadata/} as every Spark ML stage does, {@code network/} with a JSON description of the network,
 * and {@code weights/} in Parquet, with one block of parameters in each row.
 */
public final class ModelWriter extends MLWriter {
    static final String NETWORK = "/network";
    static final String WEIGHTS = "/weights";

    /** The rows of {@code weights/}: the block's index and its parameters as little-endian float32. */
    public static final StructType SCHEMA =
            new StructType().add("block", DataTypes.IntegerType, false).add("values", DataTypes.BinaryType, false);

    private static final int BLOCK = 1 << 20; // parameters in a row, so that no array comes near 2 GB

    private final Params instance;
    private final NetworkWeights model;

    public ModelWriter(Params instance, NetworkWeights model) {
        this.instance = instance;
        this.model = model;
    }

    @Override
    public void saveImpl(String path) {
        MLWriter metadata = new DefaultParamsWriter(instance);
        metadata.session(sparkSession());
        metadata.saveImpl(path);
        if (LocalModel.isAt(path)) {
            LocalModel.write(path, model.description().toJson(), model.parameters);
            return;
        }
        sparkSession()
                .createDataset(List.of(model.description().toJson()), Encoders.STRING())
                .coalesce(1)
                .write()
                .text(path + NETWORK);
        sparkSession().createDataFrame(blocks(), SCHEMA).write().parquet(path + WEIGHTS);
    }

    private List<Row> blocks() {
        List<Row> blocks = new ArrayList<>();
        for (int from = 0; from < model.parameters.length; from += BLOCK) {
            int count = Math.min(BLOCK, model.parameters.length - from);
            byte[] bytes = new byte[count * Float.BYTES];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .put(model.parameters, from, count);
            blocks.add(RowFactory.create(blocks.size(), bytes));
        }
        return blocks;
    }
}
