package dev.kindling.ml.internal;

import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;

/** A row's features, in any type that a features column may have. */
final class Features {
    private Features() {}

    /** The vector in a field that is not null and holds a vector or an array of numbers; NaN where the array has null. */
    static Vector vector(Row row, int field) {
        return row.get(field) instanceof Vector vector ? vector : Vectors.dense(array(row.getList(field)));
    }

    private static double[] array(List<Number> numbers) {
        double[] values = new double[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            Number number = numbers.get(i);
            values[i] = number == null ? Double.NaN : number.doubleValue();
        }
        return values;
    }
}
