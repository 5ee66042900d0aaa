package dev.kindling.ml;

import dev.kindling.LocalSpark;
import dev.kindling.linalg.SplitMix64;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small made-up tables: clusters to classify, and a curved surface to predict. */
final class Flowers {
    static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.IntegerType)
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType)
            .add("weight", DataTypes.DoubleType)
            .add("held", DataTypes.BooleanType)
            .add("name", DataTypes.StringType);

    private Flowers() {}

    /** Rows of four features around a centre for each class; every third vector is stored sparsely. */
    static Dataset<Row> clusters(int rows, int classes, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        List<Row> data = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int label = row % classes;
            double[] values = new double[4];
            for (int i = 0; i < 4; i++) {
                values[i] = 0.6 * random.nextGaussian() + (i == label ? 2 : 0);
            }
            data.add(row(row, values, label, 0.5 + random.nextDouble()));
        }
        return LocalSpark.session().createDataFrame(data, SCHEMA);
    }

    /** Targets are a smooth function of the features, with little noise. */
    static Dataset<Row> surface(int rows, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        List<Row> data = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            double[] x = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian(), 1};
            double target = Math.sin(x[0]) + x[1] * x[2] + 0.05 * random.nextGaussian();
            data.add(row(row, x, target, 0.5 + random.nextDouble()));
        }
        return LocalSpark.session().createDataFrame(data, SCHEMA);
    }

    private static Row row(int id, double[] values, double label, double weight) {
        Vector features = id % 3 == 0 ? Vectors.dense(values).toSparse() : Vectors.dense(values);
        return RowFactory.create(id, features, label, weight, id % 5 == 0, "kind " + (int) label);
    }
}
