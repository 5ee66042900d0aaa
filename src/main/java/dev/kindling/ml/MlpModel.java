package dev.kindling.ml;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.internal.HasNetwork;
import dev.kindling.ml.persistence.NewFile;
import dev.kindling.ml.persistence.OnnxFile;
import dev.kindling.ml.persistence.PlainFile;
import dev.kindling.ml.pipeline.PipelineOnnx;
import dev.kindling.model.ModelFile;
import dev.kindling.model.TrainingFacts;
import dev.kindling.nn.Block;
import dev.kindling.table.TableVectorizerModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A trained model: its network, and how it was trained. */
public interface MlpModel extends HasNetwork {

    /** The summary of the fit; empty for a loaded model. */
    Optional<TrainingSummary> summary();

    /** How the model was trained; empty where it was trained elsewhere, or saved by a release that did not tell. */
    default Optional<TrainingFacts> training() {
        return Optional.ofNullable(trained().training);
    }

    /** The number of networks whose predictions the model averages: 1 for a plain one. */
    default int numMembers() {
        return trained().ensemble.members();
    }

    /** What the averaged logits of a classifier are divided by: 1 if it was not calibrated. */
    default double temperature() {
        return trained().ensemble.temperature();
    }

    /**
     * A copy of the parameters in the order of the network's layers, weights (inputs, outputs) before biases; those of several
     * members follow each other.
     */
    default float[] parameters() {
        return trained().parameters.clone();
    }

    /**
     * The parameters by name, in the order of the layers, such as {@code dense1.weight} of (inputs, outputs) and {@code
     * dense1.bias} of (1, outputs). Of several members, a name begins with its member, as in {@code member1.dense1.weight}.
     */
    default Map<String, Matrix> weights() {
        Map<String, Matrix> weights = new LinkedHashMap<>();
        double[] all = trained().vector().toArray();
        for (Block block : trained().ensemble.layout()) {
            double[] values = Arrays.copyOfRange(all, block.offset(), block.offset() + block.size());
            boolean byRows = true;
            weights.put(block.name(), new DenseMatrix(block.rows(), block.columns(), values, byRows));
        }
        return weights;
    }

    /**
     * What the model subtracts, in double, from the features and adds to the predictions: an offset for each feature, then one
     * for each target of a regression. Most are 0. Values that lie far from 0 beside their range, such as Unix seconds, have
     * one, because float32 cannot tell them apart.
     */
    default Vector offsets() {
        return trained().offsetVector();
    }

    /** The number of parameters, of all members together. */
    default int numParameters() {
        return trained().parameters.length;
    }

    /** The network, or each member's, as text, such as {@code 64 inputs: dense(100) relu dense(10)}. */
    default String network() {
        return trained().network.toString();
    }

    /** The names of the network's layers in order, such as {@code dense1}, {@code relu1}, {@code dense2}. */
    default String[] layers() {
        return trained().network.layerNames().toArray(new String[0]);
    }

    /** The GEMM backend that the model was trained with: openblas, vector or java. */
    default String gemm() {
        return trained().gemm;
    }

    /** The number of shards that the model was trained on. */
    default int shards() {
        return trained().shards;
    }

    /**
     * The permutation importance of each feature on labelled rows, the most important first: how far the accuracy, or R² of
     * a regression, falls when the feature's values are permuted among the rows. Each feature and repetition costs one pass
     * over the rows; all run in one Spark job.
     *
     * @param repeats how often each feature is permuted; scikit-learn's default is 5
     */
    default List<FeatureImportance> permutationImportance(Dataset<?> dataset, int repeats, long seed) {
        PredictionModel<?, ?> columns = (PredictionModel<?, ?>) this;
        return FeatureImportance.of(dataset, this, columns.getFeaturesCol(), columns.getLabelCol(), repeats, seed);
    }

    /**
     * Writes the model as a graph of ONNX, for other runtimes to score with: {@code label} and {@code probabilities} of a
     * classifier, whose labels are class indices, or the {@code variable} of a regressor. A model that was fitted to a
     * table's columns takes these, an input each; others take {@code features}.
     *
     * @param path of a new file, in any file system of Hadoop
     * @throws InvalidInput if there is such a file, or the graph cannot be written in ONNX
     */
    default void exportOnnx(String path) throws IOException {
        byte[] file = onnx(indices(), ownTable()).bytes();
        NewFile.write("exportOnnx", path, configuration(), out -> out.write(file));
    }

    /**
     * Writes a fitted pipeline as a graph of ONNX that takes its raw columns, an input each. A model of Kindling's stands last, or
     * before an {@code IndexToString} of its predictions; before it may stand Spark's StringIndexer, OneHotEncoder, VectorAssembler,
     * VectorSizeHint, StandardScaler, MinMaxScaler, Imputer and PCA, and a table vectorizer. Labels are the texts of the {@code
     * IndexToString} or of the label's indexer, else class indices. A row that the pipeline refuses, or would skip, has no numbers.
     *
     * @param types of the raw columns, such as the schema of the training rows
     * @param path of a new file, in any file system of Hadoop
     * @throws InvalidInput if there is such a file, or the graph cannot be written in ONNX
     */
    static void exportOnnx(PipelineModel pipeline, StructType types, String path) throws IOException {
        byte[] file = PipelineOnnx.of(pipeline, types).bytes();
        NewFile.write("exportOnnx", path, configuration(), out -> out.write(file));
    }

    /**
     * Writes the model as one file of safetensors, which {@code kindling-score} predicts with in any JVM, without Spark. Its
     * tensors are the {@link #weights()}; labels are class indices.
     *
     * @param path of a new file, in any file system of Hadoop
     * @throws InvalidInput if there is such a file
     */
    default void exportSafetensors(String path) throws IOException {
        NewFile.write("exportSafetensors", path, configuration(), plainFile(indices(), ownTable())::write);
    }

    /**
     * Makes the model a function of SQL, for queries and streams of the session: {@code score(struct(*))} of a table whose
     * columns the model was fitted to, {@code score(features)} of vectors. It returns a struct: {@code label} and {@code
     * probability}, a map by label, where labels are class indices; or the {@code prediction} of a regression ({@code
     * predictions}, of several targets). A row that the model refuses stops the query or, with {@code handleInvalid} keep, has
     * null.
     */
    default void register(SparkSession session, String name) {
        SqlFunction.register(
                session,
                name,
                plainFile(indices(), ownTable()),
                getHandleInvalid().equals("keep"));
    }

    /**
     * The same of a model that was saved: its labels are those of the data.
     *
     * @param path of a folder that {@code kindling train} saved, or a file that {@code exportSafetensors} wrote, in any file
     *     system of Hadoop
     */
    static void register(SparkSession session, String name, String path) throws IOException {
        SqlFunction.register(
                session, name, PlainFile.read(path, session.sparkContext().hadoopConfiguration()), false);
    }

    private List<String> indices() {
        return IntStream.range(0, trained().classes).mapToObj(String::valueOf).toList();
    }

    private @Nullable TableVectorizerModel ownTable() {
        return isDefined(vectorizerModel()) ? getVectorizerModel() : null;
    }

    private static Configuration configuration() {
        return SparkSession.active().sparkContext().hadoopConfiguration();
    }

    /**
     * The content of {@link #exportSafetensors}: for Kindling's commands, which know the classes' names.
     *
     * @param table makes the features of raw columns; null where features are the input
     */
    default ModelFile plainFile(List<String> classes, @Nullable TableVectorizerModel table) {
        return PlainFile.of(this, classes, table);
    }

    /**
     * The file of {@link #exportOnnx}: for Kindling's commands, which know the classes' names.
     *
     * @param table makes the features of raw columns; null where features are the input
     */
    default OnnxFile onnx(List<String> classes, @Nullable TableVectorizerModel table) {
        return OnnxFile.of(this, classes, table == null ? null : table::write);
    }
}
