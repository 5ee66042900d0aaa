package dev.kindling.ml;

import dev.kindling.ml.columns.SchemaCheck;
import dev.kindling.ml.internal.FitResult;
import dev.kindling.ml.internal.Fitting;
import dev.kindling.ml.params.MlpClassificationParams;
import dev.kindling.ml.params.UidAndParams;
import dev.kindling.train.TrainListener;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A multi-layer perceptron for classification, trained data-parallel. Labels are class indices 0..k-1. k comes from the label
 * column's metadata, which StringIndexer writes, or else from the largest label. The number of inputs is the size of the
 * feature vectors, or what {@link #setFeaturesCols} makes of a table's columns.
 *
 * <pre>{@code
 * MlpClassificationModel model = new MlpClassifier()
 *         .setHiddenLayers(256, 128)
 *         .setMaxIter(10)
 *         .setBatchSize(512)
 *         .fit(train);
 * }</pre>
 */
public final class MlpClassifier extends ProbabilisticClassifier<Vector, MlpClassifier, MlpClassificationModel>
        implements MlpEstimatorParams<MlpClassifier>, MlpClassificationParams, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    // No initialiser, because it would run after super(), which asks for this field.
    private @Nullable UidAndParams own;

    private transient @Nullable TrainListener listener;

    public MlpClassifier() {
        paramSet(); // sets the defaults
    }

    public MlpClassifier(String uid) {
        this(UidAndParams.stash(uid));
    }

    @SuppressWarnings("unused") // the argument stashes the uid before super() runs
    private MlpClassifier(UidAndParams stashed) {
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
    public MlpClassifier self() {
        return this;
    }

    /**
     * The number of classes, for data in which some classes may be missing. 0, the default, takes it from the label column's
     * metadata or, without metadata, from the largest label.
     */
    public MlpClassifier setClassCount(int value) {
        set(classCount(), value);
        return this;
    }

    /** {@inheritDoc} The number of classes is taken over too, because some may be missing in the new data. */
    @Override
    public MlpClassifier setInitialModel(MlpModel model) {
        return MlpEstimatorParams.super.setInitialModel(model).setClassCount(model.trained().classes);
    }

    @Override
    public MlpClassifier setListener(TrainListener value) {
        listener = value;
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return SchemaCheck.training(schema, this, getFeaturesCol(), getLabelCol(), super::transformSchema);
    }

    /** Spark's own {@code fit} does not find fields within structs. {@link #train} casts the label. */
    @Override
    public MlpClassificationModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        MlpClassificationModel model = copyValues(train(dataset).setParent(this), new ParamMap());
        model.clear(model.initialWeights()); // the model has trained ones
        model.clear(model.initialOffsets());
        return model;
    }

    @Override
    public MlpClassificationModel train(Dataset<?> dataset) {
        FitResult result = Fitting.run(dataset, this, getFeaturesCol(), getLabelCol(), listener);
        MlpClassificationModel model = new MlpClassificationModel(uid(), result.weights(), new TrainingSummary(result));
        if (result.vectorizer() != null) {
            model.set(model.vectorizerModel(), result.vectorizer());
        }
        return model;
    }

    /**
     * Converts a model of Spark's multi-layer perceptron, which has sigmoid layers and a softmax. The predictions are the
     * same, except for rounding to float32. Columns and thresholds are kept.
     */
    public static MlpClassificationModel fromSpark(MultilayerPerceptronClassificationModel spark) {
        return SparkPerceptron.convert(spark);
    }

    @Override
    public MlpClassifier copy(ParamMap extra) {
        MlpClassifier copied = defaultCopy(extra);
        copied.listener = listener;
        copied.own().setOfCopy();
        return copied;
    }

    public static MLReader<MlpClassifier> read() {
        return new DefaultParamsReader<>();
    }

    public static MlpClassifier load(String path) {
        return read().load(path);
    }
}
