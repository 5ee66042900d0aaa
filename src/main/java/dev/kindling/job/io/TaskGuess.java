package dev.kindling.job.io;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.List;
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
        List<Row> values = data.rows()
                .select(InputColumn.quoted(label).cast("double").as("value"))
                .filter(col("value").isNotNull())
                .distinct()
                .limit(MOST_CLASSES + 1)
                .collectAsList();
        boolean whole = values.stream().allMatch(row -> row.getDouble(0) == Math.rint(row.getDouble(0)));
        if (whole && values.size() <= MOST_CLASSES) {
            return new TaskGuess(
                    ProblemType.CLASSIFICATION, column + " holds " + values.size() + " different whole numbers");
        }
        return new TaskGuess(
                ProblemType.REGRESSION,
                column + " holds " + (whole ? "more than " + MOST_CLASSES + " different numbers" : "fractions"));
    }
}
