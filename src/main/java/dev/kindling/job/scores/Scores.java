package dev.kindling.job.scores;

import dev.kindling.job.io.SavedModel;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.ClassFigures;
import dev.kindling.ml.ClassificationEvaluation;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpRegressionModel;
import dev.kindling.ml.RegressionEvaluation;
import dev.kindling.report.ClassCharts;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The scores of a model, under the names of the metrics file.
 *
 * @param rows the number of rows; 0 if they were not counted
 * @param classes the texts of the labels; empty for a regression
 * @param charts figures and confusion matrix of the classes; without any for a regression
 */
public record Scores(long rows, Map<String, Double> values, List<String> classes, ClassCharts charts) {
    private static final int MOST_CLASSES_SHOWN = 20;
    private static final int VALUES_IN_A_LINE = 5;
    private static final double MOST_WRITTEN_OUT = 1e9; // mape where a target is 0 would take 20 digits

    /** Of each class. */
    List<ClassFigures> figures() {
        return charts.figures();
    }

    /** The scores that training reports for an epoch. */
    public static Scores of(double loss, String name, double metric) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", loss);
        values.put(name, metric);
        return new Scores(0, values, List.of(), ClassCharts.NONE);
    }

    /** Evaluates the model on prepared rows. */
    public static Scores of(SavedModel model, Dataset<Row> rows) {
        Transformer network = model.network();
        if (network instanceof MlpClassificationModel classifier) {
            return of(classifier.evaluate(rows), model.classes());
        }
        return of(((MlpRegressionModel) network).evaluate(rows));
    }

    private static Scores of(ClassificationEvaluation evaluation, List<String> classes) {
        return new Scores(
                evaluation.rows(),
                evaluation.values(),
                classes,
                new ClassCharts(
                        evaluation.classes(), evaluation.confusion(), evaluation.rankings(), evaluation.reliability()));
    }

    private static Scores of(RegressionEvaluation evaluation) {
        return new Scores(evaluation.rows(), evaluation.values(), List.of(), ClassCharts.NONE);
    }

    /** Prints the values, some to a line, and why others are undefined. */
    public void print(PrintWriter out, String title) {
        List<String> texts = values.entrySet().stream()
                .filter(value -> !value.getValue().isNaN())
                .map(value -> String.format(
                        Locale.ROOT,
                        value.getValue() < MOST_WRITTEN_OUT ? "%s %.4f" : "%s %.4g",
                        value.getKey(),
                        value.getValue()))
                .toList();
        for (int from = 0; from < texts.size(); from += VALUES_IN_A_LINE) {
            int to = Math.min(texts.size(), from + VALUES_IN_A_LINE);
            String line = String.format(
                    Locale.ROOT, "%-11s%s", from == 0 ? title : "", String.join("  ", texts.subList(from, to)));
            out.println(from == 0 && rows > 0 ? String.format(Locale.ROOT, "%s  (%,d rows)", line, rows) : line);
        }
        List<String> undefined = values.keySet().stream()
                .filter(name -> values.getOrDefault(name, 0.0).isNaN())
                .toList();
        if (!undefined.isEmpty()) {
            out.println(String.format(
                    Locale.ROOT,
                    "%-11s%s: undefined, because no row is of class %s",
                    "",
                    String.join(" and ", undefined),
                    missing()));
        }
    }

    /** The first class without rows. */
    private String missing() {
        return IntStream.range(0, figures().size())
                .filter(c -> figures().get(c).support() == 0)
                .mapToObj(c -> InvalidInput.printable(classes.get(c)))
                .findFirst()
                .orElse("");
    }

    /** Prints the figures of each class and the confusion matrix as tables, if they are not too large. */
    public void printClasses(PrintWriter out) {
        if (classes.isEmpty() || classes.size() > MOST_CLASSES_SHOWN) {
            return;
        }
        List<String> names = classes.stream().map(InvalidInput::printable).toList();
        int first = names.stream().mapToInt(String::length).max().orElse(0);
        printFigures(out, names, first);
        printConfusion(out, names, first);
    }

    private void printFigures(PrintWriter out, List<String> names, int first) {
        out.println();
        out.println(pad("", first) + "  precision  recall      f1  support");
        for (int c = 0; c < names.size(); c++) {
            ClassFigures of = figures().get(c);
            out.println(String.format(
                    Locale.ROOT,
                    "%s  %9.4f  %.4f  %.4f  %7s",
                    pad(names.get(c), first),
                    of.precision(),
                    of.recall(),
                    of.f1(),
                    count(of.support())));
        }
    }

    private void printConfusion(PrintWriter out, List<String> names, int first) {
        int width = first;
        for (double[] row : charts.confusion()) {
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
            for (double count : charts.confusion()[actual]) {
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
