package dev.kindling.job.io;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * What a label's values suggest to predict.
 *
 * @param reason what the label holds
 */
public record TaskGuess(ProblemType task, String reason) {
    /** Whole numbers are classes if there are at most so many different ones. */
    private static final int MOST_CLASSES = 20;

    public static TaskGuess of(DataSource.Data data, String label) {
        String column = "label \"" + label + "\"";
        if (!Arrays.asList(data.columns().fieldNames()).contains(label)) {
            return new TaskGuess(
                    ProblemType.CLASSIFICATION, "there is no " + column); // which is refused later, with the names
        }
        DataType type = data.columns().apply(label).dataType();
        if (!(type instanceof NumericType)) {
            return new TaskGuess(
                    ProblemType.CLASSIFICATION,
                    column + " holds " + (type instanceof StringType ? "texts" : type.simpleString() + " values"));
        }
        DataSource.Data few = data.labels() == null ? data : data.labels();
        Set<Double> values = new HashSet<>(few.rows()
                .select(InputColumn.quoted(label).cast("double"))
                .toJavaRDD()
                .filter(row -> !row.isNullAt(0))
                .mapPartitions(TaskGuess::different)
                .collect());
        boolean whole = values.stream().allMatch(value -> value == Math.rint(value));
        if (whole && values.size() <= MOST_CLASSES) {
            return new TaskGuess(
                    ProblemType.CLASSIFICATION, column + " holds " + values.size() + " different whole numbers");
        }
        return new TaskGuess(
                ProblemType.REGRESSION,
                column + " holds " + (whole ? "more than " + MOST_CLASSES + " different numbers" : "fractions"));
    }

    /** The first different values, as many as decide. */
    private static Iterator<Double> different(Iterator<Row> rows) {
        Set<Double> values = new HashSet<>();
        while (rows.hasNext() && values.size() <= MOST_CLASSES) {
            values.add(rows.next().getDouble(0) + 0.0);
        }
        return values.iterator();
    }
}
