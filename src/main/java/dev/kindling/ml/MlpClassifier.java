package dev.kindling.ml;

import dev.kindling.ml.internal.FitResult;
import dev.kindling.ml.internal.Fitting;
import dev.kindling.ml.internal.SchemaCheck;
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
 * A multi-layer perceptron that tells classes apart, trained data-parallel. Labels are class indices 0..k-1; k comes from
 * the label column's metadata (StringIndexer writes them) or else from the largest label. The network is as wide as the
 * feature vectors.
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
    public MlpClassifier self() {
        return this;
    }

    /**
     * The number of classes, for data that may lack some; 0, the default: as many as the label column's metadata tell or,
     * without any, one more than the largest label.
     */
    public MlpClassifier setClassCount(int value) {
        set(classCount(), value);
        return this;
    }

    /** {@inheritDoc} So does its {@code classCount}: data to go on with may lack some of the classes. */
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

    /** As Spark's own, but that this finds fields within structs; {@link #train} casts. */
    @Override
    public MlpClassificationModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        MlpClassificationModel model = copyValues(train(dataset).setParent(this), new ParamMap());
        model.clear(model.initialWeights()); // it has its own
        return model;
    }

    @Override
    public MlpClassificationModel train(Dataset<?> dataset) {
        FitResult result = Fitting.run(dataset, this, getFeaturesCol(), getLabelCol(), listener);
        return new MlpClassificationModel(uid(), result.weights(), new TrainingSummary(result));
    }

    /**
     * Spark's multi-layer perceptron as a model of ours, with the same predictions but for rounding to float32: sigmoid
     * layers and a softmax. Columns and thresholds are taken over.
     */
    public static MlpClassificationModel fromSpark(MultilayerPerceptronClassificationModel spark) {
        return SparkPerceptron.convert(spark);
    }

    @Override
    public MlpClassifier copy(ParamMap extra) {
        MlpClassifier copied = defaultCopy(extra);
        copied.listener = listener;
        return copied;
    }

    public static MLReader<MlpClassifier> read() {
        return new DefaultParamsReader<>();
    }

    public static MlpClassifier load(String path) {
        return read().load(path);
    }
}
