package dev.kindling.table.cache;

import dev.kindling.table.value.NumberStyle;
import dev.kindling.table.value.Values;
import org.apache.spark.ml.linalg.Vector;
import org.jspecify.annotations.Nullable;

/** What Spark gives for a value, without Spark's classes. */
public final class PlainValue {
    private PlainValue() {}

    /** The numbers of a vector or an array, NaN where one is missing; other values as they are. */
    public static @Nullable Object of(@Nullable Object value) {
        if (value instanceof Vector vector) {
            return vector.toArray();
        }
        if (!(value instanceof scala.collection.Seq<?> values)) {
            return value;
        }
        double[] elements = new double[values.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = Values.number(values.apply(i), NumberStyle.PLAIN);
        }
        return elements;
    }
}
