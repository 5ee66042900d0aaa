package dev.kindling.table.cache;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that datasets were made of. Whoever reads some columns of such a dataset gets the values from there: through the dataset,
 * Spark would write each vector into its own format and read it again, which takes almost half of the time of packing.
 */
public final class KnownRows {
    private static final Map<Dataset<?>, JavaRDD<Row>> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    private KnownRows() {}

    /** A dataset made of rows. */
    public static Dataset<Row> dataset(SparkSession spark, JavaRDD<Row> rows, StructType schema) {
        Dataset<Row> made = spark.createDataFrame(rows, schema);
        KNOWN.put(made, rows);
        return made;
    }

    /**
     * The values of some columns.
     *
     * @param columns with their names and types
     * @return empty if the dataset was not made here, or has no such columns
     */
    public static Optional<JavaRDD<Row>> of(Dataset<?> dataset, StructType columns) {
        JavaRDD<Row> rows = KNOWN.get(dataset);
        List<String> names = Arrays.asList(dataset.schema().fieldNames());
        int[] places =
                Arrays.stream(columns.fieldNames()).mapToInt(names::indexOf).toArray();
        for (int i = 0; i < places.length; i++) {
            if (rows == null
                    || places[i] < 0
                    || !dataset.schema().fields()[places[i]].dataType().equals(columns.fields()[i].dataType())) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(rows)
                .map(known -> known.map(row -> {
                    Object[] values = new Object[places.length];
                    Arrays.setAll(values, i -> row.get(places[i]));
                    return RowFactory.create(values);
                }));
    }
}
