package dev.kindling.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Fashion-MNIST as Debian's package dataset-fashion-mnist has it; the environment's FASHION_MNIST names another folder. */
final class FashionMnist {
    static final int ROWS = 60_000;
    static final int PIXELS = 784;
    static final Path FOLDER =
            Path.of(System.getenv().getOrDefault("FASHION_MNIST", "/usr/share/datasets/fashion-mnist"));

    private static final int TEST_ROWS = 10_000;
    private static final StructType SCHEMA = new StructType()
            .add("features", SQLDataTypes.VectorType(), false)
            .add("label", DataTypes.DoubleType, false);

    private FashionMnist() {}

    /** The first rows to train on, dense and cached. */
    static Dataset<Row> train(SparkSession spark, int rows) {
        return read(spark, "train", rows);
    }

    static Dataset<Row> test(SparkSession spark) {
        return read(spark, "t10k", TEST_ROWS);
    }

    /** The share of rows whose label the model predicts. */
    static double accuracy(Model<?> model, Dataset<Row> rows) {
        return (double) model.transform(rows).where("prediction = label").count() / rows.count();
    }

    private static Dataset<Row> read(SparkSession spark, String part, int rows) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        int slices = context.defaultParallelism();
        JavaRDD<Row> images = context.parallelize(
                        IntStream.range(0, slices).boxed().toList(), slices)
                .flatMap(slice -> slice(part, rows * slice / slices, rows * (slice + 1) / slices)
                        .iterator());
        Dataset<Row> table = spark.createDataFrame(images, SCHEMA).cache();
        table.count();
        return table;
    }

    private static List<Row> slice(String part, int from, int to) throws IOException {
        byte[] images = bytes(part + "-images-idx3-ubyte.gz", 16 + (long) from * PIXELS, (to - from) * PIXELS);
        byte[] labels = bytes(part + "-labels-idx1-ubyte.gz", 8L + from, to - from);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            double[] pixels = new double[PIXELS];
            for (int j = 0; j < PIXELS; j++) {
                pixels[j] = (images[i * PIXELS + j] & 0xff) / 255.0;
            }
            rows.add(RowFactory.create(Vectors.dense(pixels), (double) labels[i]));
        }
        return rows;
    }

    private static byte[] bytes(String file, long from, int count) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(FOLDER.resolve(file)))) {
            in.skipNBytes(from);
            return in.readNBytes(count);
        }
    }
}
