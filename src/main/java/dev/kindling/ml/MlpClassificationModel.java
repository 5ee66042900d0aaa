package dev.kindling.ml;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.columns.FeatureRows;
import dev.kindling.ml.columns.SchemaCheck;
import dev.kindling.ml.internal.Evaluator;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.ml.internal.Scorer;
import dev.kindling.ml.params.MlpClassificationParams;
import dev.kindling.ml.params.ParamSet;
import dev.kindling.ml.params.UidAndParams;
import dev.kindling.ml.persistence.ModelReader;
import dev.kindling.ml.persistence.ModelWriter;
import dev.kindling.ml.persistence.StateDict;
import dev.kindling.model.Outputs;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Tuple3;

/** A trained classifier. {@code transform} appends raw predictions (logits), probabilities and the predicted class. */
public final class MlpClassificationModel extends ProbabilisticClassificationModel<Vector, MlpClassificationModel>
        implements MlpModel, MlpClassificationParams, MLWritable {
    private static final long serialVersionUID = 1L;

    // No initialiser, because it would run after super(), which asks for this field.
    private @Nullable UidAndParams own;

    private @Nullable NetworkWeights weights;
    private transient @Nullable TrainingSummary summary;

    MlpClassificationModel(String uid, NetworkWeights weights, @Nullable TrainingSummary summary) {
        this(UidAndParams.stash(uid));
        this.weights = weights;
        this.summary = summary;
    }

    /** For Spark Connect, which makes one of each class that it may load. */
    public MlpClassificationModel() {
        paramSet(); // sets the defaults
    }

    /** For Spark's reader, which then sets the params. */
    public MlpClassificationModel(String uid) {
        this(UidAndParams.stash(uid));
    }

    @SuppressWarnings("unused") // the argument stashes the uid before super() runs
    private MlpClassificationModel(UidAndParams stashed) {
        paramSet(); // sets the defaults
    }

    @Override
    public UidAndParams own() {
        UidAndParams made = UidAndParams.of(own, this);
        own = made;
        return made;
    }

    @Override
    public String uid() {
        return own().uid();
    }

    @Override
    public NetworkWeights trained() {
        NetworkWeights own = weights;
        if (own == null) {
            throw new IllegalStateException("the model " + uid() + " has no weights");
        }
        return own;
    }

    @Override
    public Optional<TrainingSummary> summary() {
        return Optional.ofNullable(summary);
    }

    @Override
    public int numFeatures() {
        return trained().network.inputs();
    }

    @Override
    public int numClasses() {
        return trained().classes;
    }

    @Override
    public Vector predictRaw(Vector features) {
        return Vectors.dense(Outputs.raw(trained().score(features)));
    }

    @Override
    public Vector raw2probabilityInPlace(Vector raw) {
        double[] values = raw.toArray(); // of a dense vector: its own array
        float[] logits = new float[trained().network.outputs()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) values[logits.length == 1 ? 1 : i];
        }
        double[] probabilities = Outputs.probabilities(trained().loss, logits);
        System.arraycopy(probabilities, 0, values, 0, values.length);
        return raw;
    }

    /**
     * Overridden only for the Java compiler: Scala narrows the type arguments of the result, and Java does not accept that as
     * an override.
     */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Tuple3 findSummaryModel() {
        return super.findSummaryModel();
    }

    private double[] thresholdsOrNone() {
        double[] given = isDefined(thresholds()) ? getThresholds() : new double[0];
        Require.that(
                given.length == 0 || given.length == numClasses(),
                "thresholds must be one for each of the " + numClasses() + " classes, but are " + given.length);
        return given;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return ModelRows.schema(this, () -> predictionSchema(schema));
    }

    private StructType predictionSchema(StructType schema) {
        return Scorer.withEmbedding(this, SchemaCheck.scoring(schema, this, getFeaturesCol(), super::transformSchema));
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        return new ModelRows(this, dataset, this::predictions, this::evaluate).transformed();
    }

    private Dataset<Row> predictions(Dataset<?> dataset) {
        StructType checked = transformSchema(dataset.schema());
        FeatureRows in = FeatureRows.of(dataset, this, getFeaturesCol());
        StructType output = Scorer.output(
                this, in.rows().schema(), checked, getRawPredictionCol(), getProbabilityCol(), getPredictionCol());
        Scorer scorer = new Scorer(
                this,
                trained().broadcast(dataset),
                output,
                in.features(),
                getRawPredictionCol(),
                getProbabilityCol(),
                getPredictionCol(),
                "",
                thresholdsOrNone());
        return in.withoutAdded(scorer.append(in.rows()));
    }

    /**
     * Loss, metrics, figures of each class and confusion matrix on labelled rows, in one pass.
     *
     * @throws InvalidInput for missing columns
     */
    public ClassificationEvaluation evaluate(Dataset<?> dataset) {
        int classes = numClasses();
        return ClassificationEvaluation.of(
                Evaluator.of(
                        dataset,
                        this,
                        getFeaturesCol(),
                        getLabelCol(),
                        trained(),
                        thresholdsOrNone(),
                        ClassificationEvaluation.tallies(classes)),
                classes);
    }

    /** What becomes of a row that cannot be scored: {@code error}, {@code skip} or {@code keep}; see the estimator. */
    public MlpClassificationModel setHandleInvalid(String value) {
        set(handleInvalid(), value);
        return this;
    }

    /** What {@code transform} returns: predictions, or rows that tell of the model; see the estimator. */
    public MlpClassificationModel setOutput(String value) {
        set(output(), ParamSet.canonical(output(), value));
        return this;
    }

    @Override
    public MlpClassificationModel copy(ParamMap extra) {
        MlpClassificationModel copied = new MlpClassificationModel(uid(), trained(), summary);
        return copyValues(copied, extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new ModelWriter(this, trained());
    }

    public static MLReader<MlpClassificationModel> read() {
        return new ModelReader<>(MlpClassificationModel.class, (model, weights) -> {
            model.weights = weights;
            return model;
        });
    }

    /**
     * A classifier with the parameters of a PyTorch module, whose {@code state_dict} {@code safetensors.torch.save_file}
     * wrote. A single output is the logit of class 1.
     *
     * @param path in any file system of Hadoop
     * @param layers all layers in their order, such as {@code dense(16) relu dense(3)}
     * @param modules the names of those that have parameters, in the order of the layers; may be left out where the names
     *     differ in numbers alone, as those of {@code nn.Sequential} do
     * @throws InvalidInput if the file's tensors are not those of the layers
     */
    public static MlpClassificationModel fromPyTorch(String path, String layers, String... modules) throws IOException {
        Configuration configuration = SparkSession.active().sparkContext().hadoopConfiguration();
        NetworkWeights read = StateDict.read(path, layers, true, configuration, modules);
        return new MlpClassificationModel(new MlpClassifier().uid(), read, null);
    }

    /**
     * Reads a saved model.
     *
     * @throws InvalidInput where the folder holds no model, or another kind of it
     */
    public static MlpClassificationModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "MlpClassificationModel(" + uid() + ", " + network() + ")";
    }
}
