package dev.kindling.job.io;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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
 * From typed columns to a vector and a number: text labels are indexed, text features indexed and one-hot encoded, all
 * features assembled and, if asked for, standardized.
 *
 * @param stages fitted, in order
 * @param features the column of vectors that they make
 * @param label the column of numbers
 */
public record Preparation(List<Transformer> stages, String features, String label) {
    private static final String LABEL = "kindling_label";
    private static final String INDEX = "kindling_index_";
    private static final String ONE_HOT = "kindling_onehot_";
    private static final String FEATURES = "kindling_features";

    /** One input of the network a category: a column of identifiers would ask for millions. */
    private static final int MOST_CATEGORIES = 1000;

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    public Preparation(List<Transformer> stages, String features, String label) {
        this.stages = List.copyOf(stages);
        this.features = features;
        this.label = label;
    }

    /**
     * Learns the preparation from rows.
     *
     * @param all rows whose texts are known afterwards
     * @throws InvalidInput for a text feature that seems to be something else
     */
    public static Preparation fit(Inputs inputs, Dataset<Row> all) {
        List<Transformer> stages = new ArrayList<>();
        Input labelInput = inputs.label().orElseThrow();
        String label = labelInput.column();
        if (labelInput.kind() == Input.Kind.TEXT) {
            stages.add(new StringIndexer()
                    .setInputCol(label)
                    .setOutputCol(LABEL)
                    .setStringOrderType("alphabetAsc")
                    .fit(all));
            label = LABEL;
        }
        List<Input> texts = inputs.with(input -> input.role() == Input.Role.FEATURE && input.kind() == Input.Kind.TEXT);
        if (!texts.isEmpty()) {
            StringIndexerModel indexer = new StringIndexer()
                    .setInputCols(columns(texts, ""))
                    .setOutputCols(columns(texts, INDEX))
                    .setStringOrderType("alphabetAsc")
                    .fit(all);
            for (int i = 0; i < texts.size(); i++) {
                requireCategories(texts.get(i), indexer.labelsArray()[i]);
            }
            stages.add(indexer);
            stages.add(new OneHotEncoder()
                    .setInputCols(columns(texts, INDEX))
                    .setOutputCols(columns(texts, ONE_HOT))
                    .setDropLast(false)
                    .fit(apply(stages, all)));
        }
        List<Input> features = inputs.features();
        boolean isVector = features.size() == 1 && features.get(0).kind() == Input.Kind.VECTOR;
        String column = features.get(0).column();
        if (!isVector) {
            column = FEATURES;
            stages.add(new VectorAssembler()
                    .setInputCols(features.stream()
                            .map(input -> (input.kind() == Input.Kind.TEXT ? ONE_HOT : "") + input.column())
                            .toArray(String[]::new))
                    .setOutputCol(column)
                    .setHandleInvalid("keep"));
        }
        return new Preparation(stages, column, label);
    }

    private static String[] columns(List<Input> inputs, String prefix) {
        return inputs.stream().map(input -> prefix + input.column()).toArray(String[]::new);
    }

    private static void requireCategories(Input input, String[] categories) {
        String column = "column \"" + input.name() + "\"";
        long numbers = Arrays.stream(categories)
                .filter(text -> NUMBER.matcher(text).matches())
                .count();
        if (numbers < categories.length && 2 * numbers > categories.length) {
            String other = Arrays.stream(categories)
                    .filter(text -> !NUMBER.matcher(text).matches())
                    .findFirst()
                    .orElseThrow();
            throw new InvalidInput(column + " must hold either numbers or categories, but holds " + numbers
                    + " different numbers and text such as \"" + InvalidInput.value(other)
                    + "\"; --features can leave it out");
        }
        if (categories.length > MOST_CATEGORIES) {
            throw new InvalidInput(column + " must hold at most " + MOST_CATEGORIES + " categories, but holds "
                    + categories.length + " different texts; --features can leave it out");
        }
    }

    /**
     * Checks stages that were read: Spark gives a column's metadata a name for each category, so that the one-hot encoder's
     * count of them must be true.
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
                                + " columns and " + sizes.length + " numbers of categories");
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

    /** Has an estimator take the columns that these stages make, and the inputs' weights. */
    public void feed(MlpEstimatorParams<?> estimator, Inputs inputs) {
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

    /** The same without the label's stage, for rows that have none. */
    public Preparation withoutLabel() {
        return new Preparation(
                stages.stream().filter(stage -> !isLabelIndexer(stage)).toList(), features, label);
    }

    private static boolean isLabelIndexer(PipelineStage stage) {
        return stage instanceof StringIndexerModel indexer
                && indexer.isSet(indexer.outputCol())
                && indexer.getOutputCol().equals(LABEL);
    }

    /** The classes' texts in the order of their indices, if labels are text. */
    public Optional<List<String>> labelTexts() {
        return stages.stream()
                .filter(Preparation::isLabelIndexer)
                .map(stage -> List.of(((StringIndexerModel) stage).labelsArray()[0]))
                .findFirst();
    }

    /** By column: the texts that are known. */
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
