package dev.kindling.job;

import dev.kindling.job.io.SavedModel;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.ClassificationEvaluation;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpRegressionModel;
import dev.kindling.ml.RegressionEvaluation;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The scores of a model, under the names of the metrics file.
 *
 * @param rows the number of rows; 0 if they were not counted
 * @param classes the texts of the labels; empty for a regression
 * @param confusion [actual class][predicted class]: the weight of such rows
 */
@SuppressWarnings("ArrayRecordComponent") // a matrix to print, not a value to compare
record Scores(long rows, Map<String, Double> values, List<String> classes, double[][] confusion) {
    private static final int MOST_CLASSES_SHOWN = 20;

    /** The scores that training reports for an epoch. */
    static Scores of(double loss, String name, double metric) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", loss);
        values.put(name, metric);
        return new Scores(0, values, List.of(), new double[0][]);
    }

    /** Evaluates the model on prepared rows. */
    static Scores of(SavedModel model, Dataset<Row> rows) {
        Transformer network = model.network();
        if (network instanceof MlpClassificationModel classifier) {
            return of(classifier.evaluate(rows), model.classes());
        }
        return of(((MlpRegressionModel) network).evaluate(rows));
    }

    private static Scores of(ClassificationEvaluation evaluation, List<String> classes) {
        return new Scores(evaluation.rows(), evaluation.values(), classes, evaluation.confusion());
    }

    private static Scores of(RegressionEvaluation evaluation) {
        return new Scores(evaluation.rows(), evaluation.values(), List.of(), new double[0][]);
    }

    /** Prints one line. */
    void print(PrintWriter out, String title) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-11s", title));
        values.forEach((name, value) -> line.append(String.format(Locale.ROOT, "%s %.4f  ", name, value)));
        if (rows > 0) {
            line.append(String.format(Locale.ROOT, "(%,d rows)", rows));
        }
        out.println(line.toString().stripTrailing());
    }

    /** Prints the confusion matrix as a table, if there is one and it is not too large. */
    void printConfusion(PrintWriter out) {
        if (classes.isEmpty() || classes.size() > MOST_CLASSES_SHOWN) {
            return;
        }
        List<String> names = classes.stream().map(InvalidInput::printable).toList();
        int first = 0;
        int width = 0;
        for (String name : names) {
            first = Math.max(first, name.length());
            width = Math.max(width, name.length());
        }
        for (double[] row : confusion) {
            for (double count : row) {
                width = Math.max(width, count(count).length());
            }
        }
        out.println();
        out.println("confusion matrix: rows are actual, columns predicted classes");
        StringBuilder header = new StringBuilder(pad("", first));
        for (String name : names) {
            header.append("  ").append(padLeft(name, width));
        }
        out.println(header);
        for (int actual = 0; actual < classes.size(); actual++) {
            StringBuilder line = new StringBuilder(pad(names.get(actual), first));
            for (double count : confusion[actual]) {
                line.append("  ").append(padLeft(count == 0 ? "." : count(count), width));
            }
            out.println(line);
        }
    }

    /** A number of rows or, for weighted rows, a sum of weights. */
    private static String count(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String padLeft(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }
}
