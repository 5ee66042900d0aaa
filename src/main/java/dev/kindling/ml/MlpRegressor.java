package dev.kindling.ml;

import dev.kindling.ml.columns.SchemaCheck;
import dev.kindling.ml.internal.FitResult;
import dev.kindling.ml.internal.Fitting;
import dev.kindling.ml.params.MlpRegressionParams;
import dev.kindling.ml.params.UidAndParams;
import dev.kindling.train.TrainListener;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A multi-layer perceptron for regression, trained data-parallel. It predicts one number, or several if the label column
 * holds vectors or arrays. The number of inputs is the size of the feature vectors, or what {@link #setFeaturesCols} makes of a
 * table's columns. Targets are scaled in training, unless {@link #setStandardizeTarget} is off; predictions keep the target's
 * unit.
 *
 * <pre>{@code
 * MlpRegressionModel model = new MlpRegressor()
 *         .setHiddenLayers(256, 128)
 *         .setMaxIter(10)
 *         .setBatchSize(512)
 *         .fit(train);
 * }</pre>
 */
public final class MlpRegressor extends Regressor<Vector, MlpRegressor, MlpRegressionModel>
        implements MlpEstimatorParams<MlpRegressor>, MlpRegressionParams, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    // No initialiser, because it would run after super(), which asks for this field.
    private @Nullable UidAndParams own;

    private transient @Nullable TrainListener listener;

    public MlpRegressor() {
        paramSet(); // sets the defaults
    }

    public MlpRegressor(String uid) {
        this(UidAndParams.stash(uid));
    }

    @SuppressWarnings("unused") // the argument stashes the uid before super() runs
    private MlpRegressor(UidAndParams stashed) {
        this();
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
    public MlpRegressor self() {
        return this;
    }

    /**
     * Whether training scales each target to mean 0 and deviation 1 over the training rows. It works for losses whose
     * predictions are the outputs themselves. Predictions and rmse keep the target's unit; the loss is of scaled targets.
     * Default: true for such losses.
     */
    public MlpRegressor setStandardizeTarget(boolean value) {
        set(standardizeTarget(), value);
        return this;
    }

    /** The column for a vector of all predictions, if there are several targets. Default: predictions. */
    public MlpRegressor setPredictionsCol(String value) {
        set(predictionsCol(), value);
        return this;
    }

    @Override
    public MlpRegressor setListener(TrainListener value) {
        listener = value;
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        StructType checked =
                SchemaCheck.training(schema, this, getFeaturesCol(), getLabelCol(), super::transformSchema);
        return SchemaCheck.hasSeveral(schema, getLabelCol())
                ? SchemaCheck.withNew(checked, "predictionsCol", getPredictionsCol())
                : checked;
    }

    /** Spark's own {@code fit} does not find fields within structs. {@link #train} casts the label. */
    @Override
    public MlpRegressionModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        MlpRegressionModel model = copyValues(train(dataset).setParent(this), new ParamMap());
        model.clear(model.initialWeights()); // the model has trained ones
        model.clear(model.initialOffsets());
        return model;
    }

    @Override
    public MlpRegressionModel train(Dataset<?> dataset) {
        FitResult result = Fitting.run(dataset, this, getFeaturesCol(), getLabelCol(), listener);
        MlpRegressionModel model = new MlpRegressionModel(uid(), result.weights(), new TrainingSummary(result));
        if (result.vectorizer() != null) {
            model.set(model.vectorizerModel(), result.vectorizer());
        }
        return model;
    }

    @Override
    public MlpRegressor copy(ParamMap extra) {
        MlpRegressor copied = defaultCopy(extra);
        copied.listener = listener;
        copied.own().setOfCopy();
        return copied;
    }

    public static MLReader<MlpRegressor> read() {
        return new DefaultParamsReader<>();
    }

    public static MlpRegressor load(String path) {
        return read().load(path);
    }
}
