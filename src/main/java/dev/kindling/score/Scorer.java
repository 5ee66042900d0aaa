package dev.kindling.score;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.Rows;
import dev.kindling.model.InputRow;
import dev.kindling.model.ModelFile;
import dev.kindling.model.NetworkDescription;
import dev.kindling.model.Outputs;
import dev.kindling.model.TrainingFacts;
import dev.kindling.nn.ensemble.EnsemblePass;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.encoding.FeatureSink;
import dev.kindling.table.encoding.TableColumns;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A trained model that scores rows in any JVM, without Spark. Any number of threads may use one.
 *
 * <pre>{@code
 * Scorer scorer = Scorer.load("model");
 * Prediction prediction = scorer.predict(Map.of("age", 41, "town", "Bern"));
 * prediction.label();
 * prediction.probabilities();
 * }</pre>
 *
 * <p>Predictions have the bits of the model's in Spark, if the JVM has the {@link #gemm} backend that the model was trained
 * with; else they differ by rounding. A row by itself has those of {@code predict(features)}; those of many rows, of {@code
 * transform} of a partition with these rows.
 */
public final class Scorer {
    private final ModelFile model;
    private final @Nullable TableColumns table; // null where a row has the features
    private final Gemm gemm;
    private final int most; // rows at once
    private final Queue<EnsemblePass> ofOne = new ConcurrentLinkedQueue<>(); // passes that no thread uses
    private final Queue<EnsemblePass> ofMost = new ConcurrentLinkedQueue<>();

    /** For Kindling's functions in SQL, which have read the model elsewhere. */
    public Scorer(ModelFile model) {
        this.model = model;
        this.table = model.table() == null ? null : TableColumns.parse(model.table());
        NetworkDescription network = model.description();
        Require.that(
                table == null || table.width() == network.ensemble().network().inputs(),
                "a model's table must make the features that its network takes, but makes another number");
        this.gemm = Gemm.available().contains(network.gemm()) ? Gemm.named(network.gemm()) : Gemm.best();
        this.most = InputRow.mostInBlock(network.ensemble().network());
    }

    /**
     * Reads a model.
     *
     * @param path of a folder that {@code kindling train} saved, or of a file that {@code exportSafetensors} wrote
     * @throws InvalidInput if it holds no such model, or a damaged one
     */
    public static Scorer load(String path) throws IOException {
        return load(Path.of(path));
    }

    /** The same of a path. */
    public static Scorer load(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve(ModelFile.NAME) : path;
        if (!Files.exists(file)) {
            throw new InvalidInput(
                    Files.isDirectory(path) ? ModelFile.missing(path.toString()) : "there is no file " + path);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new Scorer(ModelFile.read(in, Files.size(file), file.toString()));
        }
    }

    /** The columns that a row must have; empty if the model takes features. */
    public List<String> columns() {
        return table == null
                ? List.of()
                : table.columns().stream().map(ColumnEncoding::column).toList();
    }

    /** The number of features that the network takes. */
    public int features() {
        return model.description().ensemble().network().inputs();
    }

    /** The classes in the order of their indices; empty for a regression. */
    public List<String> classes() {
        return List.copyOf(model.classes());
    }

    /** How the model was trained; empty where that is not known. */
    public Optional<TrainingFacts> training() {
        return Optional.ofNullable(model.description().training());
    }

    /** The GEMM backend that computes here: that of the training if this JVM has it. */
    public String gemm() {
        return gemm.name();
    }

    /**
     * The prediction for a row.
     *
     * @param row values by column: numbers, texts, booleans, dates, and arrays or lists of numbers; null where one is missing.
     *     Other columns are not read.
     * @throws InvalidInput if a column is not there, or has a value that the model refuses
     */
    public Prediction predict(Map<String, ?> row) {
        return one(features(valuesOf(row)));
    }

    /** The same of the values in the order of {@link #columns()}. */
    public Prediction predictValues(@Nullable Object... values) {
        return one(features(valuesOf(values)));
    }

    /** The same of the features themselves, for a model that takes them. */
    public Prediction predictFeatures(double... features) {
        return one(features(InputRow.dense(features)));
    }

    /** The same of those features that are not 0: their indices in ascending order, and their values. */
    public Prediction predictFeatures(int size, int[] indices, double[] values) {
        return one(features(InputRow.sparse(size, indices, values)));
    }

    /** The predictions for rows, which are scored together. */
    public List<Prediction> predictAll(List<? extends Map<String, ?>> rows) {
        return all(rows.size(), row -> features(valuesOf(rows.get(row))));
    }

    /** The same of values in the order of {@link #columns()}: an array a row. */
    public List<Prediction> predictAllValues(@Nullable Object[]... rows) {
        return all(rows.length, row -> features(valuesOf(rows[row])));
    }

    /** The same of the features themselves: an array a row. */
    public List<Prediction> predictAllFeatures(double[]... rows) {
        return all(rows.length, row -> features(InputRow.dense(rows[row])));
    }

    private TableColumns table() {
        if (table == null) {
            throw new InvalidInput("the model takes " + features() + " features, so a row must be given as these");
        }
        return table;
    }

    private IntFunction<@Nullable Object> valuesOf(Map<String, ?> row) {
        List<ColumnEncoding> columns = table().columns();
        return place -> {
            String column = columns.get(place).column();
            Object value = row.get(column);
            if (value == null && !row.containsKey(column)) {
                throw new InvalidInput("a row must have the columns that the model takes, but has no \"" + column + "\""
                        + Require.nearest(column, row.keySet())
                                .map(near -> "; did you mean \"" + near + "\"?")
                                .orElse(""));
            }
            return plain(value);
        };
    }

    private IntFunction<@Nullable Object> valuesOf(@Nullable Object[] row) {
        Require.that(
                row.length == table().columns().size(),
                "a row must have the values of the " + table().columns().size()
                        + " columns that the model takes, but has " + row.length);
        return place -> plain(row[place]);
    }

    /** Lists and arrays as encodings know them. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof float[] numbers) {
            double[] wide = new double[numbers.length];
            Arrays.setAll(wide, i -> numbers[i]);
            return wide;
        }
        if (value instanceof List<?> numbers
                && numbers.stream().allMatch(each -> each == null || each instanceof Number)) {
            return numbers.stream()
                    .mapToDouble(each -> each == null ? Double.NaN : ((Number) each).doubleValue())
                    .toArray();
        }
        return value;
    }

    private InputRow features(IntFunction<@Nullable Object> values) {
        FeatureSink sink = new FeatureSink(table().width());
        TableColumns.Refusal refusal = table().encode(values, sink);
        if (refusal != null) {
            throw new InvalidInput(refusal.sentence());
        }
        return finite(InputRow.compressed(table().width(), sink.indices(), sink.values()));
    }

    private InputRow features(InputRow row) {
        Require.that(table == null, "the model takes the columns " + columns() + ", so a row must be given as these");
        return finite(row);
    }

    private static InputRow finite(InputRow row) {
        int place = row.notFinite();
        Require.that(place < 0, "each feature must be a finite float32, but feature " + place + " is not");
        return row;
    }

    private Prediction one(InputRow row) {
        return score(List.of(row), ofOne, 1).get(0);
    }

    private List<Prediction> all(int count, IntFunction<InputRow> rows) {
        List<Prediction> predictions = new ArrayList<>(count);
        List<InputRow> block = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                block.add(rows.apply(i));
            } catch (InvalidInput e) {
                throw e.followedBy(", in row " + i);
            }
            if (block.size() == most || i == count - 1) {
                predictions.addAll(score(block, ofMost, most));
                block.clear();
            }
        }
        return predictions;
    }

    private List<Prediction> score(List<InputRow> rows, Queue<EnsemblePass> free, int capacity) {
        NetworkDescription network = model.description();
        Rows block = InputRow.block(rows, features(), network.offsets());
        EnsemblePass waiting = free.poll();
        EnsemblePass pass = waiting == null ? network.ensemble().pass(gemm, model.parameters(), capacity) : waiting;
        float[] outputs = pass.forward(block);
        int width = network.ensemble().network().outputs();
        List<Prediction> predictions = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            predictions.add(prediction(Arrays.copyOfRange(outputs, i * width, (i + 1) * width)));
        }
        free.add(pass);
        return predictions;
    }

    private Prediction prediction(float[] outputs) {
        NetworkDescription network = model.description();
        if (network.classes() == 0) {
            return new Prediction(
                    List.of(), 0, Outputs.values(network.ensemble().loss(), network.offsets(), outputs));
        }
        double[] probabilities = Outputs.probabilities(network.ensemble().loss(), outputs);
        return new Prediction(model.classes(), Outputs.predicted(probabilities, model.thresholds()), probabilities);
    }
}
