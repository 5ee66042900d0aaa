package dev.kindling.ml;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Tallies;
import dev.kindling.ml.columns.FeatureRows;
import dev.kindling.ml.columns.SchemaCheck;
import dev.kindling.ml.internal.Evaluator;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.ml.internal.Scorer;
import dev.kindling.ml.params.MlpRegressionParams;
import dev.kindling.ml.params.ParamSet;
import dev.kindling.ml.params.UidAndParams;
import dev.kindling.ml.persistence.ModelReader;
import dev.kindling.ml.persistence.ModelWriter;
import dev.kindling.ml.persistence.StateDict;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A trained regressor. {@code transform} appends the prediction. For several targets that is the prediction of the first, and a
 * vector of all predictions is appended too.
 */
public final class MlpRegressionModel extends RegressionModel<Vector, MlpRegressionModel>
        implements MlpModel, MlpRegressionParams, MLWritable {
    private static final long serialVersionUID = 1L;

    // No initialiser, because it would run after super(), which asks for this field.
    private @Nullable UidAndParams own;

    private @Nullable NetworkWeights weights;
    private transient @Nullable TrainingSummary summary;

    MlpRegressionModel(String uid, NetworkWeights weights, @Nullable TrainingSummary summary) {
        this(UidAndParams.stash(uid));
        this.weights = weights;
        this.summary = summary;
    }

    /** For Spark Connect, which makes one of each class that it may load. */
    public MlpRegressionModel() {
        paramSet(); // sets the defaults
    }

    /** For Spark's reader, which then sets the params. */
    public MlpRegressionModel(String uid) {
        this(UidAndParams.stash(uid));
    }

    @SuppressWarnings("unused") // the argument stashes the uid before super() runs
    private MlpRegressionModel(UidAndParams stashed) {
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

    /** The number of targets that the model was trained on. */
    public int numTargets() {
        return trained().network.outputs();
    }

    /** The prediction of the first target. */
    @Override
    public double predict(Vector features) {
        return predictAll(features).apply(0);
    }

    /** The predictions of all targets. */
    public Vector predictAll(Vector features) {
        return Vectors.dense(trained().predictions(trained().score(features)));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return ModelRows.schema(this, () -> predictionSchema(schema));
    }

    private StructType predictionSchema(StructType schema) {
        StructType checked = SchemaCheck.scoring(schema, this, getFeaturesCol(), super::transformSchema);
        String predictions = allCol();
        return Scorer.withEmbedding(
                this, predictions.isEmpty() ? checked : SchemaCheck.withNew(checked, "predictionsCol", predictions));
    }

    /** The column for all predictions; empty for a single target, unless the column was set. */
    private String allCol() {
        return numTargets() > 1 || isSet(predictionsCol()) ? getPredictionsCol() : "";
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        return new ModelRows(this, dataset, this::predictions, this::evaluate).transformed();
    }

    private Dataset<Row> predictions(Dataset<?> dataset) {
        StructType checked = transformSchema(dataset.schema());
        FeatureRows in = FeatureRows.of(dataset, this, getFeaturesCol());
        StructType output = Scorer.output(this, in.rows().schema(), checked, getPredictionCol(), allCol());
        Scorer scorer = new Scorer(
                this,
                trained().broadcast(dataset),
                output,
                in.features(),
                "",
                "",
                getPredictionCol(),
                allCol(),
                new double[0]);
        return in.withoutAdded(scorer.append(in.rows()));
    }

    /**
     * Loss, root mean squared and mean absolute error and R² on labelled rows, in one pass.
     *
     * @throws InvalidInput for missing columns
     */
    public RegressionEvaluation evaluate(Dataset<?> dataset) {
        return RegressionEvaluation.of(
                Evaluator.of(
                        dataset,
                        this,
                        getFeaturesCol(),
                        getLabelCol(),
                        trained(),
                        new double[0],
                        Tallies.of(RegressionEvaluation.metrics(numTargets()))),
                numTargets());
    }

    /** What becomes of a row that cannot be scored: {@code error}, {@code skip} or {@code keep}; see the estimator. */
    public MlpRegressionModel setHandleInvalid(String value) {
        set(handleInvalid(), value);
        return this;
    }

    /** What {@code transform} returns: predictions, or rows that tell of the model; see the estimator. */
    public MlpRegressionModel setOutput(String value) {
        set(output(), ParamSet.canonical(output(), value));
        return this;
    }

    @Override
    public MlpRegressionModel copy(ParamMap extra) {
        MlpRegressionModel copied = new MlpRegressionModel(uid(), trained(), summary);
        return copyValues(copied, extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new ModelWriter(this, trained());
    }

    public static MLReader<MlpRegressionModel> read() {
        return new ModelReader<>(MlpRegressionModel.class, (model, weights) -> {
            model.weights = weights;
            return model;
        });
    }

    /**
     * A regression with the parameters of a PyTorch module, whose {@code state_dict} {@code safetensors.torch.save_file}
     * wrote.
     *
     * @param path in any file system of Hadoop
     * @param layers all layers in their order, such as {@code dense(16) relu dense(3)}
     * @param modules the names of those that have parameters, in the order of the layers; may be left out where the names
     *     differ in numbers alone, as those of {@code nn.Sequential} do
     * @throws InvalidInput if the file's tensors are not those of the layers
     */
    public static MlpRegressionModel fromPyTorch(String path, String layers, String... modules) throws IOException {
        Configuration configuration = SparkSession.active().sparkContext().hadoopConfiguration();
        NetworkWeights read = StateDict.read(path, layers, false, configuration, modules);
        return new MlpRegressionModel(new MlpRegressor().uid(), read, null);
    }

    /**
     * Reads a saved model.
     *
     * @throws InvalidInput where the folder holds no model, or another kind of it
     */
    public static MlpRegressionModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "MlpRegressionModel(" + uid() + ", " + network() + ")";
    }
}
