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

    /** So many are classes whatever the rows; more are counts or amounts in a small table, unless each class has some rows. */
    private static final int SURE_CLASSES = 10;

    private static final int ROWS_OF_CLASS = 5;

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
        long rows = data.cached() == null ? Long.MAX_VALUE : data.cached().rows();
        if (whole
                && values.size() > SURE_CLASSES
                && values.size() <= MOST_CLASSES
                && rows / values.size() < ROWS_OF_CLASS) {
            return new TaskGuess(
                    ProblemType.REGRESSION,
                    column + " holds " + values.size() + " different numbers in " + rows + " rows");
        }
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
