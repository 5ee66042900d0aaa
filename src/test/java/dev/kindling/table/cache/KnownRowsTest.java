package dev.kindling.table.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Rows that are read past their dataset are the dataset's. */
final class KnownRowsTest {
    private static final StructType SCHEMA = new StructType()
            .add("name", DataTypes.StringType)
            .add("label", DataTypes.DoubleType)
            .add("features", SQLDataTypes.VectorType());
    private static final StructType WANTED =
            new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DoubleType);

    private static Dataset<Row> dataset(SparkSession spark) {
        JavaRDD<Row> rows = new JavaSparkContext(spark.sparkContext())
                .parallelize(
                        List.of(
                                RowFactory.create("a", 1.0, Vectors.dense(1, 2)),
                                RowFactory.create("b", null, Vectors.sparse(2, new int[] {1}, new double[] {-0.0})),
                                RowFactory.create(null, Double.NaN, null)),
                        2);
        return KnownRows.dataset(spark, rows, SCHEMA);
    }

    @Test
    void columnsAreThoseOfTheDataset() {
        Dataset<Row> dataset = dataset(LocalSpark.session());
        assertThat(KnownRows.of(dataset, WANTED).orElseThrow().collect())
                .isEqualTo(dataset.select("features", "label").toJavaRDD().collect());
    }

    @Test
    void rowsOfOtherDatasetsAndColumnsOfOtherTypesAreNotKnown() {
        Dataset<Row> dataset = dataset(LocalSpark.session());
        assertThat(KnownRows.of(dataset.filter("label = 1"), WANTED)).isEmpty();
        assertThat(KnownRows.of(dataset, new StructType().add("label", DataTypes.IntegerType)))
                .isEmpty();
        assertThat(KnownRows.of(dataset, new StructType().add("Label", DataTypes.DoubleType)))
                .isEmpty();
    }
}
