package dev.kindling.job.io;

import dev.kindling.job.input.TextCheck;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.OneHotEncoderModel;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Turns typed columns into a feature vector and a numeric label: text labels are indexed, text features are indexed and
 * one-hot encoded, and all features are assembled into a vector.
 *
 * @param stages the fitted stages, in order
 * @param features the resulting vector column
 * @param label the numeric label column
 */
public record Preprocessor(List<Transformer> stages, String features, String label) {
    private static final String LABEL = "kindling_label";
    private static final String INDEX = "kindling_index_";
    private static final String ONE_HOT = "kindling_onehot_";
    private static final String FEATURES = "kindling_features";

    public Preprocessor(List<Transformer> stages, String features, String label) {
        this.stages = List.copyOf(stages);
        this.features = features;
        this.label = label;
    }

    /**
     * Fits the preprocessor to rows.
     *
     * @param all the rows whose texts become the known categories
     * @param check what texts must pass
     * @throws InvalidInput for a text feature that looks like numbers or identifiers
     */
    public static Preprocessor fit(InputColumns inputs, Dataset<Row> all, TextCheck check) {
        List<Transformer> stages = new ArrayList<>();
        InputColumn labelInput = inputs.label().orElseThrow();
        String label = labelInput.column();
        if (labelInput.kind() == InputColumn.Kind.TEXT) {
            StringIndexerModel indexer = new StringIndexer()
                    .setInputCol(label)
                    .setOutputCol(LABEL)
                    .setStringOrderType("alphabetAsc")
                    .fit(all);
            check.requireClasses("label column \"" + labelInput.name() + "\"", indexer.labelsArray()[0]);
            stages.add(indexer);
            label = LABEL;
        }
        List<InputColumn> texts =
                inputs.with(input -> input.role() == InputColumn.Role.FEATURE && input.kind() == InputColumn.Kind.TEXT);
        if (!texts.isEmpty()) {
            StringIndexerModel indexer = new StringIndexer()
                    .setInputCols(columns(texts, ""))
                    .setOutputCols(columns(texts, INDEX))
                    .setStringOrderType("alphabetAsc")
                    .fit(all);
            for (int i = 0; i < texts.size(); i++) {
                check.requireCategories("column \"" + texts.get(i).name() + "\"", indexer.labelsArray()[i]);
            }
            stages.add(indexer);
            stages.add(new OneHotEncoder()
                    .setInputCols(columns(texts, INDEX))
                    .setOutputCols(columns(texts, ONE_HOT))
                    .setDropLast(false)
                    .fit(apply(stages, all)));
        }
        List<InputColumn> features = inputs.features();
        boolean isVector = features.size() == 1 && features.get(0).kind() == InputColumn.Kind.VECTOR;
        String column = features.get(0).column();
        if (!isVector) {
            column = FEATURES;
            stages.add(new VectorAssembler()
                    .setInputCols(features.stream()
                            .map(input -> (input.kind() == InputColumn.Kind.TEXT ? ONE_HOT : "") + input.column())
                            .toArray(String[]::new))
                    .setOutputCol(column)
                    .setHandleInvalid("keep"));
        }
        return new Preprocessor(stages, column, label);
    }

    private static String[] columns(List<InputColumn> inputs, String prefix) {
        return inputs.stream().map(input -> prefix + input.column()).toArray(String[]::new);
    }

    /**
     * Checks the stages of a saved model. Spark's column metadata have a name for each category, so the one-hot
     * encoder's number of categories must be right.
     */
    void requireSizes() {
        Map<String, Set<String>> categories = categories();
        for (Transformer stage : stages) {
            if (stage instanceof OneHotEncoderModel encoder) {
                String[] columns = encoder.getInputCols();
                int[] sizes = encoder.categorySizes();
                Require.that(
                        columns.length == sizes.length,
                        "a saved model must encode each of its columns once, but has " + columns.length
                                + " columns and " + sizes.length + " category counts");
                for (int i = 0; i < sizes.length; i++) {
                    Set<String> known = categories.get(columns[i].replaceFirst("^" + INDEX, ""));
                    Require.that(
                            known != null && sizes[i] == known.size(),
                            "a saved model must encode as many categories as it knows, but encodes " + sizes[i] + " of "
                                    + columns[i]);
                }
            }
        }
    }

    public Dataset<Row> apply(Dataset<Row> rows) {
        return apply(stages, rows);
    }

    /** Sets the estimator's columns to those that these stages make, and to the weight column. */
    public void feed(MlpEstimatorParams<?> estimator, InputColumns inputs) {
        inputs.weight().ifPresent(weight -> estimator.setWeightCol(weight.column()));
        if (estimator instanceof MlpClassifier classifier) {
            classifier.setFeaturesCol(features).setLabelCol(label);
        } else {
            ((MlpRegressor) estimator).setFeaturesCol(features).setLabelCol(label);
        }
    }

    private static Dataset<Row> apply(List<Transformer> stages, Dataset<Row> rows) {
        Dataset<Row> prepared = rows;
        for (Transformer stage : stages) {
            prepared = stage.transform(prepared);
        }
        return prepared;
    }

    /** The same without the label's stage, for rows without a label. */
    public Preprocessor withoutLabel() {
        return new Preprocessor(
                stages.stream().filter(stage -> !isLabelIndexer(stage)).toList(), features, label);
    }

    private static boolean isLabelIndexer(PipelineStage stage) {
        return stage instanceof StringIndexerModel indexer
                && indexer.isSet(indexer.outputCol())
                && indexer.getOutputCol().equals(LABEL);
    }

    /** The texts of the classes in the order of their indices, if labels are text. */
    public Optional<List<String>> labelTexts() {
        return stages.stream()
                .filter(Preprocessor::isLabelIndexer)
                .map(stage -> List.of(((StringIndexerModel) stage).labelsArray()[0]))
                .findFirst();
    }

    /** The known texts of each text column. */
    public Map<String, Set<String>> categories() {
        Map<String, Set<String>> categories = new HashMap<>();
        for (Transformer stage : stages) {
            if (stage instanceof StringIndexerModel indexer) {
                String[] columns = indexer.isSet(indexer.inputCols())
                        ? indexer.getInputCols()
                        : new String[] {indexer.getInputCol()};
                for (int i = 0; i < columns.length; i++) {
                    categories.put(columns[i], new HashSet<>(List.of(indexer.labelsArray()[i])));
                }
            }
        }
        return categories;
    }
}
