package dev.kindling.ml;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Loss;
import dev.kindling.nn.Spec;
import java.util.Optional;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A trained regressor. {@code transform} appends the prediction. */
public final class MlpRegressionModel extends RegressionModel<Vector, MlpRegressionModel>
        implements MlpParams, MLWritable {
    private static final long serialVersionUID = 1L;

    // Both are asked for by super(), before this class's own initialisers would run: so they have none.
    private @Nullable String uid;
    private @Nullable ParamSet paramSet;

    private @Nullable NetworkWeights weights;
    private transient @Nullable TrainingSummary summary;

    MlpRegressionModel(String uid, NetworkWeights weights, @Nullable TrainingSummary summary) {
        this(Uid.stash(uid));
        this.weights = weights;
        this.summary = summary;
    }

    /** For Spark's reader, which then fills in the rest. */
    public MlpRegressionModel(String uid) {
        this(Uid.stash(uid));
    }

    @SuppressWarnings("unused") // the argument stashes the uid before super() runs
    private MlpRegressionModel(Uid stashed) {
        setDefault(loss(), Spec.print(new Loss.SquaredError()));
    }

    @Override
    public String uid() {
        String own = uid;
        if (own == null) {
            own = Uid.take("mlpRegressor");
            uid = own;
        }
        return own;
    }

    @Override
    public ParamSet paramSet() {
        ParamSet own = paramSet;
        if (own == null) {
            own = new ParamSet(this);
            paramSet = own;
        }
        return own;
    }

    NetworkWeights weights() {
        NetworkWeights own = weights;
        if (own == null) {
            throw new IllegalStateException("the model " + uid() + " has no weights");
        }
        return own;
    }

    /** What the fit did; empty for a model that was loaded. */
    public Optional<TrainingSummary> summary() {
        return Optional.ofNullable(summary);
    }

    /** The parameters, in the order of the network's layers, weights (inputs, outputs) before biases; a copy. */
    public float[] parameters() {
        return weights().parameters.clone();
    }

    /** The network as a text, such as {@code 64 inputs: dense(100, initializer=auto) relu dense(10, …)}. */
    public String network() {
        return weights().network.toString();
    }

    /** The provider of matrix products that the model was trained with: openblas, vector or java. */
    public String gemm() {
        return weights().gemm;
    }

    /** The number of shards that the model was trained on. */
    public int shards() {
        return weights().shards;
    }

    @Override
    public int numFeatures() {
        return weights().network.inputs();
    }

    @Override
    public double predict(Vector features) {
        float[] output = weights().score(features);
        weights().loss.link(1, 1, output);
        return output[0];
    }

    @Override
    public StructType transformSchema(StructType schema) {
        SchemaCheck.vectors(schema, "featuresCol", getFeaturesCol());
        return super.transformSchema(schema);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType input = dataset.schema();
        StructType output = Scorer.output(input, transformSchema(input), getPredictionCol());
        Scorer scorer = new Scorer(
                weights(),
                weights().broadcast(dataset),
                output,
                getFeaturesCol(),
                "",
                "",
                getPredictionCol(),
                new double[0]);
        return dataset.toDF().mapPartitions(scorer, Encoders.row(output));
    }

    /**
     * Loss, root mean squared and mean absolute error and R² on labelled rows, in one pass.
     *
     * @throws InvalidInput for missing columns
     */
    public RegressionEvaluation evaluate(Dataset<?> dataset) {
        double[] sums = Evaluator.sums(dataset, this, getFeaturesCol(), getLabelCol(), weights(), new double[0]);
        double weight = sums[Evaluator.WEIGHT];
        double mean = sums[Evaluator.TARGET] / weight;
        double variance = sums[Evaluator.SQUARED_TARGET] / weight - mean * mean;
        double squared = sums[Evaluator.SQUARED_ERROR] / weight;
        return new RegressionEvaluation(
                (long) sums[Evaluator.ROWS],
                sums[Evaluator.LOSS] / weight,
                Math.sqrt(squared),
                sums[Evaluator.ABSOLUTE_ERROR] / weight,
                1 - squared / variance);
    }

    @Override
    public MlpRegressionModel copy(ParamMap extra) {
        MlpRegressionModel copied = new MlpRegressionModel(uid(), weights(), summary);
        return copyValues(copied, extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new ModelWriter(this, weights());
    }

    public static MLReader<MlpRegressionModel> read() {
        return new ModelReader<>(MlpRegressionModel.class, (model, weights) -> {
            model.weights = weights;
            return model;
        });
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
