package dev.kindling.job.scores;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import dev.kindling.job.io.InputColumn;
import dev.kindling.job.io.InputColumns;
import dev.kindling.job.io.SavedModel;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassificationModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/**
 * The columns that {@code predict} appends to the data: the prediction and, for classes, the probability of each or, of many
 * classes, of the predicted one.
 */
public final class PredictionColumns {
    public static final String PREDICTION = "prediction";

    /** Of more classes, the probability of the predicted one. */
    public static final String PROBABILITY = "probability";

    private static final int MOST_CLASSES =
            1_000; // a table of more columns serves nobody, and Spark plans each of them

    private PredictionColumns() {}

    /** Whether each class has a column. */
    public static boolean ofEach(List<String> classes) {
        return classes.size() <= MOST_CLASSES;
    }

    public static String probability(String className) {
        return "probability_" + className;
    }

    /**
     * Refuses, before training, classes whose predictions could not be written: Spark takes names that differ only by
     * case for one.
     */
    public static void require(List<String> classes, InputColumns inputs) {
        InputColumn label = inputs.label().orElseThrow();
        Map<String, String> seen = new HashMap<>();
        for (String name : classes) {
            String other = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            Require.that(
                    other == null,
                    label.title() + " must hold classes that differ by more than case, but holds \""
                            + InvalidInput.value(String.valueOf(other)) + "\" and \"" + InvalidInput.value(name)
                            + "\"");
        }
        requireFree(inputs.features().stream().map(InputColumn::name).toList(), classes);
    }

    /** Refuses data with a column that has the name of one of these. */
    public static void requireFree(List<String> names, List<String> classes) {
        Map<String, String> appended = new HashMap<>(Map.of(PREDICTION, PREDICTION));
        List<String> probabilities = ofEach(classes)
                ? classes.stream().map(PredictionColumns::probability).toList()
                : List.of(PROBABILITY);
        for (String added : probabilities) {
            appended.put(added.toLowerCase(Locale.ROOT), added);
        }
        for (String name : names) {
            String added = appended.get(name.toLowerCase(Locale.ROOT));
            if (added != null) {
                throw new InvalidInput("the data must not have a column \"" + name + "\", because predict adds \""
                        + InvalidInput.value(added) + "\"");
            }
        }
    }

    /** The columns of the rows that a model has scored. */
    public static List<Column> of(SavedModel saved) {
        if (!(saved.network() instanceof MlpClassificationModel classifier)) {
            return List.of(col(PREDICTION));
        }
        List<String> classes = saved.classes();
        Column index = col(classifier.getPredictionCol()).cast("int");
        List<Column> columns = new ArrayList<>();
        String[] names = classes.toArray(new String[0]);
        columns.add(udf((UDF1<Integer, String>) place -> names[place], DataTypes.StringType)
                .apply(index)
                .cast(saved.inputs().classType())
                .as(PREDICTION));
        Column vector = col(classifier.getProbabilityCol());
        if (!ofEach(classes)) {
            columns.add(udf((UDF2<Vector, Integer, Double>) Vector::apply, DataTypes.DoubleType)
                    .apply(vector, index)
                    .as(PROBABILITY));
            return columns;
        }
        Column probabilities = vector_to_array(vector, "float64");
        for (int i = 0; i < classes.size(); i++) {
            columns.add(probabilities.getItem(i).as(probability(classes.get(i))));
        }
        return columns;
    }
}
