package dev.kindling.job.io;

import dev.kindling.job.input.TextCheck;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.table.TableCheck;
import dev.kindling.table.TableVectorizer;
import dev.kindling.table.TableVectorizerModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.OneHotEncoderModel;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Turns columns into a feature vector and a numeric label: text labels are indexed, and a table vectorizer makes a vector of all
 * other columns. Models of earlier releases index, encode and assemble features in stages of their own.
 *
 * @param inputs the columns that the stages take, and others
 * @param stages the fitted stages, in order
 * @param features the resulting vector column
 * @param label the numeric label column
 */
public record Preprocessor(InputColumns inputs, List<Transformer> stages, String features, String label) {
    private static final String LABEL = "kindling_label";
    private static final String INDEX = "kindling_index_";
    private static final String FEATURES = "kindling_features";

    public Preprocessor(InputColumns inputs, List<Transformer> stages, String features, String label) {
        this.inputs = inputs;
        this.stages = List.copyOf(stages);
        this.features = features;
        this.label = label;
    }

    /**
     * Fits the preprocessor to rows.
     *
     * @param all the rows whose labels become the known classes
     * @param training those whose features the vectorizer learns from
     * @param vectorizer with its params set, but for the columns
     * @param check what a label's texts must pass
     */
    public static Preprocessor fit(
            InputColumns inputs, RowSet all, RowSet training, TableVectorizer vectorizer, TextCheck check) {
        List<Transformer> stages = new ArrayList<>();
        InputColumn labelInput = inputs.label().orElseThrow();
        String label = labelInput.column();
        if (labelInput.isIndexed()) {
            StringIndexerModel indexer = labelIndexer(labelInput, all.others());
            TextCheck.requireSeveral(labelInput.title(), indexer.labelsArray()[0]);
            if (labelInput.kind() == InputColumn.Kind.TEXT) {
                check.requireClasses(labelInput.title(), indexer.labelsArray()[0]);
            }
            stages.add(indexer.setInputCol(label).setOutputCol(LABEL));
            label = LABEL;
        }
        List<InputColumn> features = inputs.features();
        if (features.get(0).kind() == InputColumn.Kind.VECTOR) {
            return new Preprocessor(inputs, stages, features.get(0).column(), label);
        }
        TableVectorizerModel fitted = vectorizer
                .setInputCols(features.stream().map(InputColumn::name).toArray(String[]::new))
                .setOutputCol(FEATURES)
                .setLabelCol(label)
                .fit(all.typed(), training);
        stages.add(fitted);
        return new Preprocessor(inputs.vectorized(fitted), stages, FEATURES, label);
    }

    /** The stage that reads raw columns; empty if the features are a vector column of the data, and in models of earlier releases. */
    public Optional<TableVectorizerModel> vectorizer() {
        return stages.stream()
                .filter(stage -> stage instanceof TableVectorizerModel)
                .map(stage -> (TableVectorizerModel) stage)
                .findFirst();
    }

    /** Classes are in the order of the alphabet or, if they are whole numbers, in that of the numbers. */
    private static StringIndexerModel labelIndexer(InputColumn label, Dataset<Row> all) {
        StringIndexerModel indexer = new StringIndexer()
                .setInputCol(label.column())
                .setOutputCol(LABEL)
                .setStringOrderType("alphabetAsc")
                .fit(all);
        if (label.kind() != InputColumn.Kind.INTEGER) {
            return indexer;
        }
        String[] classes = indexer.labelsArray()[0];
        Arrays.sort(classes, Comparator.comparingLong(Long::parseLong));
        return new StringIndexerModel(classes);
    }

    /**
     * Checks the stages of a saved model. Spark's column metadata have a name for each category, so the one-hot
     * encoder's number of categories must be right.
     */
    void requireSizes() {
        vectorizer()
                .ifPresent(fitted -> Require.that(
                        fitted.inputCols()
                                .equals(inputs.features().stream()
                                        .map(InputColumn::name)
                                        .toList()),
                        "a saved model must make features of the columns that it takes, but makes them of "
                                + fitted.inputCols()));
        Map<String, List<String>> categories = categories();
        for (Transformer stage : stages) {
            if (stage instanceof OneHotEncoderModel encoder) {
                String[] columns = encoder.getInputCols();
                int[] sizes = encoder.categorySizes();
                Require.that(
                        columns.length == sizes.length,
                        "a saved model must encode each of its columns once, but has " + columns.length
                                + " columns and " + sizes.length + " category counts");
                for (int i = 0; i < sizes.length; i++) {
                    List<String> known = categories.get(columns[i].replaceFirst("^" + INDEX, ""));
                    Require.that(
                            known != null && sizes[i] == known.size(),
                            "a saved model must encode as many categories as it knows, but encodes " + sizes[i] + " of "
                                    + columns[i]);
                }
            }
        }
    }

    /** The prepared rows. Their features and labels have the names of the data's columns, for messages. */
    public Dataset<Row> apply(Dataset<Row> rows) {
        return SourceNames.add(apply(stages, rows), this);
    }

    /** The same without a plan of each raw column, where the rows' cache has them. */
    public Dataset<Row> apply(RowSet rows) {
        TableVectorizerModel vectorizer = vectorizer().orElse(null);
        if (vectorizer == null || !rows.isCached(vectorizer.inputCols())) {
            return apply(rows.typed());
        }
        List<Transformer> ofOthers =
                stages.stream().filter(stage -> stage != vectorizer).toList();
        UnaryOperator<Dataset<Row>> label = labels -> SourceNames.add(apply(ofOthers, labels), this);
        UnaryOperator<Dataset<Row>> vectors = others ->
                rows.withAdded(others, vectorizer.inputCols(), vectorizer.vectorField(), vectorizer.vectors());
        return rows.isFiltered() // labels that are left out may have no index
                ? label.apply(vectors.apply(rows.others()))
                : vectors.apply(label.apply(rows.others()));
    }

    /** Whether the features are assembled from columns without names of their inputs. */
    boolean assembles() {
        return features.equals(FEATURES) && vectorizer().isEmpty();
    }

    /** What the vectorizer says of rows; null without one. */
    public @Nullable TableCheck check() {
        return vectorizer().map(TableVectorizerModel::check).orElse(null);
    }

    /** Sets the estimator's columns to those that these stages make, and to the weight column. */
    public void feed(MlpEstimatorParams<?> estimator) {
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
                inputs.featuresOnly(),
                stages.stream().filter(stage -> !isLabelIndexer(stage)).toList(),
                features,
                label);
    }

    private static boolean isLabelIndexer(PipelineStage stage) {
        return stage instanceof StringIndexerModel indexer
                && indexer.isSet(indexer.outputCol())
                && indexer.getOutputCol().equals(LABEL);
    }

    /** The texts of the classes in the order of their indices, if labels are indexed. */
    public Optional<List<String>> labelTexts() {
        return stages.stream()
                .filter(Preprocessor::isLabelIndexer)
                .map(stage -> List.of(((StringIndexerModel) stage).labelsArray()[0]))
                .findFirst();
    }

    /**
     * The classes in the order of their indices, as the data have them.
     *
     * @param count their number
     */
    public List<String> classes(int count) {
        return labelTexts().orElseGet(() -> indices(count));
    }

    /** The names of classes that are their indices. */
    public static List<String> indices(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    /**
     * The known texts of each indexed column, and of the label.
     *
     * @param classes empty for a regression
     */
    public Map<String, Set<String>> categories(List<String> classes) {
        Map<String, Set<String>> known = new HashMap<>();
        categories().forEach((column, texts) -> known.put(column, new HashSet<>(texts)));
        if (!classes.isEmpty()) {
            inputs.label().ifPresent(input -> known.put(input.column(), new HashSet<>(classes)));
        }
        return known;
    }

    /** The texts of each indexed column, in the order of their indices. */
    Map<String, List<String>> categories() {
        Map<String, List<String>> categories = new HashMap<>();
        for (Transformer stage : stages) {
            if (stage instanceof StringIndexerModel indexer) {
                String[] columns = indexer.isSet(indexer.inputCols())
                        ? indexer.getInputCols()
                        : new String[] {indexer.getInputCol()};
                for (int i = 0; i < columns.length; i++) {
                    categories.put(columns[i], List.of(indexer.labelsArray()[i]));
                }
            }
        }
        return categories;
    }
}
