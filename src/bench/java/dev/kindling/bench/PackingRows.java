package dev.kindling.bench;

import dev.kindling.data.ColumnNames;
import dev.kindling.data.Packing;
import dev.kindling.data.RowReader;
import dev.kindling.data.RowSink;
import dev.kindling.data.Shards;
import dev.kindling.loss.Loss;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Seconds to pack Fashion-MNIST from Parquet, beside a Spark job that reads the same rows and adds up every value.
 * Argument: the number of rounds.
 */
public final class PackingRows {
    private static final int WARM_UP = 2;

    private PackingRows() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        Path folder = Files.createTempDirectory("packing");
        try (SparkSession spark = Session.local(2)) {
            int cores = spark.sparkContext().defaultParallelism();
            Dataset<Row> images = FashionMnist.train(spark, FashionMnist.ROWS);
            Table table = new Table("60,000 images of 784 values, seconds", "packing", "adding up", "ratio");
            String dense = folder.resolve("dense").toString();
            images.write().parquet(dense);
            String sparse = folder.resolve("sparse").toString();
            spark.udf().register("sparse", (Vector v) -> v.toSparse(), images.schema().apply(0).dataType());
            Dataset<Row> sparseImages = images.select(
                    functions.callUDF("sparse", images.col("features")).as("features"), images.col("label"));
            sparseImages.write().parquet(sparse);
            images.unpersist(true);
            measure(table, "dense vectors", spark.read().parquet(dense), cores, rounds);
            measure(table, "sparse vectors", spark.read().parquet(sparse), cores, rounds);
            table.print();
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static void measure(Table table, String name, Dataset<Row> rows, int shards, int rounds)
            throws Exception {
        Packing packing =
                new Packing(shards, 1, new Loss.SoftmaxCrossEntropy(), 10, 0, new ColumnNames("features", "label", ""));
        double[] packed = new double[rounds];
        double[] added = new double[rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            double own = Times.seconds(() -> Shards.pack(source(rows), new VectorRows(), packing).close());
            double other = Times.seconds(() -> source(rows).mapPartitions(new Add()).collect());
            if (round >= 0) {
                packed[round] = own;
                added[round] = other;
            }
        }
        double own = Times.median(packed);
        double other = Times.median(added);
        table.add(name, own, other, own / other);
    }

    private static JavaRDD<Row> source(Dataset<Row> rows) {
        return rows.select("features", "label").toJavaRDD();
    }

    private static final class VectorRows implements RowReader<Row> {
        private static final long serialVersionUID = 1L;

        @Override
        public void read(Row row, RowSink sink) {
            if (row.get(0) instanceof org.apache.spark.ml.linalg.SparseVector sparse) {
                sink.sparse(sparse.size(), sparse.indices(), sparse.values());
            } else {
                sink.dense(row.<Vector>getAs(0).toArray());
            }
            sink.label(row.getDouble(1));
        }
    }

    private static final class Add implements FlatMapFunction<Iterator<Row>, Double> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Double> call(Iterator<Row> rows) {
            double sum = 0;
            while (rows.hasNext()) {
                Row row = rows.next();
                double[] values = row.get(0) instanceof org.apache.spark.ml.linalg.SparseVector sparse
                        ? sparse.values()
                        : row.<Vector>getAs(0).toArray();
                for (double value : values) {
                    sum += value;
                }
                sum += row.getDouble(1);
            }
            return List.of(sum).iterator();
        }
    }
}
