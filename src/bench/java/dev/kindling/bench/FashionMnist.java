package dev.kindling.bench;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Fashion-MNIST as Debian's package dataset-fashion-mnist has it, as rows of features, pixels in [0, 1], and label. */
final class FashionMnist {
    static final StructType SCHEMA =
            new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DoubleType);

    private static final String FOLDER = "/usr/share/datasets/fashion-mnist/";

    private FashionMnist() {}

    /** The 60,000 images to train on. */
    static Dataset<Row> train(SparkSession spark, int partitions) throws IOException {
        return read(spark, "train", partitions);
    }

    /** The 10,000 images to test on. */
    static Dataset<Row> test(SparkSession spark, int partitions) throws IOException {
        return read(spark, "t10k", partitions);
    }

    private static Dataset<Row> read(SparkSession spark, String name, int partitions) throws IOException {
        try (DataInputStream images = open(name + "-images-idx3-ubyte.gz", 4);
                DataInputStream labels = open(name + "-labels-idx1-ubyte.gz", 2)) {
            List<Row> rows = new ArrayList<>();
            byte[] pixels = new byte[28 * 28];
            for (int label = labels.read(); label >= 0; label = labels.read()) {
                images.readFully(pixels);
                double[] features = new double[pixels.length];
                for (int i = 0; i < pixels.length; i++) {
                    features[i] = (pixels[i] & 0xFF) / 255.0;
                }
                rows.add(RowFactory.create(Vectors.dense(features), (double) label));
            }
            return spark.createDataFrame(rows, SCHEMA).repartition(partitions);
        }
    }

    private static DataInputStream open(String file, int header) throws IOException {
        DataInputStream in = new DataInputStream(new GZIPInputStream(new FileInputStream(FOLDER + file), 1 << 16));
        in.skipNBytes(header * 4L);
        return in;
    }
}
