package dev.kindling.ml;

import dev.kindling.check.Checkup;
import dev.kindling.check.Doctor;
import dev.kindling.check.LearningRateRange;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.ml.internal.Fitting;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.ml.params.ParamSet;
import dev.kindling.nn.GradientSource;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.optim.Clip;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.spec.Spec;
import dev.kindling.train.ClassWeights;
import dev.kindling.train.TrainListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/**
 * The setters of Kindling's estimators, each of which returns the estimator itself, and looks to take before training.
 *
 * <p>Specs are checked when they are set: an unknown name or a value out of range throws {@link InvalidInput} with what
 * exists.
 *
 * @param <T> the estimator
 */
public interface MlpEstimatorParams<T extends MlpEstimatorParams<T>> extends MlpParams {

    /** This estimator. Not for callers. */
    T self();

    /**
     * Reports the progress of each fit to a listener, in addition to the log. It is not a param: copies keep it, saved
     * estimators do not.
     */
    T setListener(TrainListener value);

    /**
     * A learning-rate range test: one pass over the rows, or some hundred steps, with a learning rate that grows from step to
     * step, which shows what to set as {@code stepSize}. Nothing of this estimator changes.
     */
    default LearningRateRange learningRateRange(Dataset<?> dataset) {
        Predictor<?, ?, ?> columns = (Predictor<?, ?, ?>) self();
        columns.transformSchema(dataset.schema());
        return Fitting.learningRateRange(dataset, this, columns.getFeaturesCol(), columns.getLabelCol());
    }

    /** As {@link #check(Dataset, Dataset, long)}, without rows to test on, from about 100,000 rows. */
    default Checkup check(Dataset<?> dataset) {
        return check(dataset, null, Doctor.ROWS);
    }

    /** As {@link #check(Dataset, Dataset, long)}, from about 100,000 rows. */
    default Checkup check(Dataset<?> dataset, Dataset<?> test) {
        return check(dataset, test, Doctor.ROWS);
    }

    /**
     * Looks for what would make training fail or its figures wrong, before it: see {@link Doctor}. All rows are read for
     * missing values; nothing of this estimator changes, and nothing stays in the cache.
     *
     * @param test rows to test on, which should be none of those to train on; null without any
     * @param rows to look at beyond that, about, drawn at random where there are more
     */
    default Checkup check(Dataset<?> dataset, @Nullable Dataset<?> test, long rows) {
        Predictor<?, ?, ?> columns = (Predictor<?, ?, ?>) self();
        columns.transformSchema(dataset.schema());
        Require.positive(rows, "the number of rows to look at");
        return Fitting.check(dataset, test, this, columns.getFeaturesCol(), columns.getLabelCol(), rows);
    }

    /** Widths of the hidden layers, from input to output; none makes a linear model. Default: 100. */
    default T setHiddenLayers(int... value) {
        return with(hiddenLayers(), value.clone());
    }

    /** The activation after each hidden layer: a spec such as {@code relu} or {@code leakyRelu(slope=0.1)}. Default: relu. */
    default T setActivation(String value) {
        return with(activation(), value);
    }

    /** The same as an object. */
    default T setActivation(Nonlinearity value) {
        return with(activation(), Spec.print(value));
    }

    /** The fraction, in [0, 1), of each hidden layer's outputs that is dropped while training. Default: 0. */
    default T setDropout(double value) {
        return with(dropout(), value);
    }

    /** The loss: a spec such as {@code softmaxCrossEntropy} or {@code squaredError}. */
    default T setLoss(String value) {
        return with(loss(), value);
    }

    /** The same as an object. */
    default T setLoss(Loss value) {
        return with(loss(), Spec.print(value));
    }

    /** The optimizer: a spec such as {@code adam} or {@code nesterov(momentum=0.95)}. Default: adam. */
    default T setOptimizer(String value) {
        return with(optimizer(), value);
    }

    /** The same as an object. */
    default T setOptimizer(Optimizer value) {
        return with(optimizer(), Spec.print(value));
    }

    /** The course of the learning rate: a spec such as {@code warmup(epochs(2), then=cosine)}. Default: constant. */
    default T setSchedule(String value) {
        return with(schedule(), value);
    }

    /** The same as an object. */
    default T setSchedule(Schedule value) {
        return with(schedule(), Spec.print(value));
    }

    /** A bound on the gradient: a spec such as {@code globalNorm(1)}. Default: none. */
    default T setGradientClip(String value) {
        return with(gradientClip(), value);
    }

    /** The same as an object. */
    default T setGradientClip(Clip value) {
        return with(gradientClip(), Spec.print(value));
    }

    /** The learning rate, which the schedule multiplies. Default: 0.001. */
    default T setStepSize(double value) {
        return with(stepSize(), value);
    }

    /** The number of epochs. Default: 20. */
    default T setMaxIter(int value) {
        return with(maxIter(), value);
    }

    /** Rows in a step, over all shards together. Default: 256. */
    default T setBatchSize(int value) {
        return with(batchSize(), value);
    }

    /** The strength λ of the penalty on weights, {@code λ·(α·‖w‖₁ + (1-α)/2·‖w‖₂²)} with α the elasticNetParam. Default: 0. */
    default T setRegParam(double value) {
        return with(regParam(), value);
    }

    /** The share α of L1 in the penalty, in [0, 1]. Default: 0. */
    default T setElasticNetParam(double value) {
        return with(elasticNetParam(), value);
    }

    /** Stops after so many epochs without a better loss, that of the validation rows or, without any, of training; 0 never stops. Default: 0. */
    default T setPatience(int value) {
        return with(patience(), value);
    }

    /** By how much the loss must be better to count. Default: 1e-4. */
    default T setTol(double value) {
        return with(tol(), value);
    }

    /** The fraction of rows, in [0, 1), to validate on; the weights of the best epoch are kept. Default: 0. */
    default T setValidationFraction(double value) {
        return with(validationFraction(), value);
    }

    /** A boolean column that is true for rows to validate on; the weights of the best epoch are kept. */
    default T setValidationIndicatorCol(String value) {
        return with(validationIndicatorCol(), value);
    }

    /** A column of row weights, finite and not negative. Without it all are 1. */
    default T setWeightCol(String value) {
        return with(weightCol(), value);
    }

    /** The seed of everything random: spreading, split, initial weights, batches, dropout. Default: 0. */
    default T setSeed(long value) {
        return with(seed(), value);
    }

    /** The number of shards the rows are spread over, part of what the bits of a result depend on; 0 takes the cluster's parallelism. Default: 0. */
    default T setNumShards(int value) {
        return with(numShards(), value);
    }

    /** 1: the driver adds all gradients; 2: executors add those that are too much for it, 128 MB. The sum is the same. Default: 2. */
    default T setAggregationDepth(int value) {
        return with(aggregationDepth(), value);
    }

    /** The hidden layers in full: a spec such as {@code dense(256) batchNorm relu dropout(0.2), dense(128) relu}, instead of {@link #setHiddenLayers}, {@link #setActivation}, {@link #setBatchNorm} and {@link #setDropout}. The layer of the outputs is added behind. */
    default T setArchitecture(String value) {
        return with(architecture(), value);
    }

    /** Whether each hidden layer is normalised over the batch before its activation. Default: false. */
    default T setBatchNorm(boolean value) {
        return with(batchNorm(), value);
    }

    /** How the weights of all dense layers begin: a spec such as {@code heNormal} or {@code normal(0.01)}. Default: auto, which suits the activation. */
    default T setInitializer(String value) {
        return with(initializer(), value);
    }

    /** The same as an object. */
    default T setInitializer(Initializer value) {
        return with(initializer(), Spec.print(value));
    }

    /** Whether the model begins by scaling each feature to mean 0 and deviation 1, as measured on the training rows. Default: false. */
    default T setStandardize(boolean value) {
        return with(standardize(), value);
    }

    /** Factors of the training rows' weights by class: {@code none}, {@code balanced} or {@code factors([1 5])}. Default: none. */
    default T setClassWeights(String value) {
        return with(classWeights(), value);
    }

    /** The same as an object. */
    default T setClassWeights(ClassWeights value) {
        return with(classWeights(), Spec.print(value));
    }

    /** The same by class index; classes that are not among the keys have the factor 1. */
    default T setClassWeights(Map<Integer, Double> value) {
        Map<Integer, Double> sorted = new TreeMap<>(value);
        return setClassWeights(
                new ClassWeights.ByClass(new ArrayList<>(sorted.keySet()), new ArrayList<>(sorted.values())));
    }

    /** Lowers the learning rate once the loss stays: a spec such as {@code reduce(factor=0.1, patience=10)}. Default: none. */
    default T setPlateau(String value) {
        return with(plateau(), value);
    }

    /** The same as an object. */
    default T setPlateau(Plateau value) {
        return with(plateau(), Spec.print(value));
    }

    /** The decay, in [0, 1), of an exponential moving average of the weights, which then is what is validated and kept; 0: no average. Default: 0. */
    default T setEmaDecay(double value) {
        return with(emaDecay(), value);
    }

    /** A bound on the Euclidean norm of the weights into each unit, kept after every step; 0: none. Default: 0. */
    default T setMaxNorm(double value) {
        return with(maxNorm(), value);
    }

    /** The batch size that the step size is for: it is multiplied by batchSize/referenceBatchSize; 0 leaves it as it is. Default: 0. */
    default T setReferenceBatchSize(int value) {
        return with(referenceBatchSize(), value);
    }

    /**
     * The number of steps that each shard takes by itself, on its own rows, before parameters and the optimizer's state
     * become the mean over the shards. More mean fewer rounds over the wire, and a result that depends on the number of
     * shards. Default: 1, no steps of its own.
     */
    default T setLocalSteps(int value) {
        return with(localSteps(), value);
    }

    /** What becomes of the mean after local steps: {@code average} or, as in DiLoCo, {@code nesterov}. Default: average. */
    default T setOuterOptimizer(String value) {
        return with(outerOptimizer(), value);
    }

    /** The same as an object. */
    default T setOuterOptimizer(OuterOptimizer value) {
        return with(outerOptimizer(), Spec.print(value));
    }

    /** Where gradients come from: {@code backpropagation}, or {@code centralDifferences} to check and to teach. Default: backpropagation. */
    default T setGradientSource(String value) {
        return with(gradientSource(), value);
    }

    /** The column that models put the output of {@link #setEmbeddingLayer} into, as a vector. Default: none. */
    default T setEmbeddingCol(String value) {
        return with(embeddingCol(), value);
    }

    /** The layer whose output is the embedding, such as {@code relu2}: a kind, and its place among its kind. Default: the one below the outputs. */
    default T setEmbeddingLayer(String value) {
        return with(embeddingLayer(), value);
    }

    /**
     * The folder for checkpoints, on any file system that Hadoop knows: one run's own. A fit that finds some there goes on
     * from the newest and ends with the bits of one that was never interrupted; it refuses those of other data or params,
     * but for {@link #setMaxIter}. Default: none.
     */
    default T setCheckpointDir(String value) {
        return with(checkpointDir(), value);
    }

    /** Epochs between checkpoints; 0: none by epochs. Default: 1. */
    default T setCheckpointInterval(int value) {
        return with(checkpointInterval(), value);
    }

    /** Minutes between checkpoints, within epochs too; 0: none by time. Default: 0. */
    default T setCheckpointMinutes(double value) {
        return with(checkpointMinutes(), value);
    }

    /** How many of the newest checkpoints are kept, besides that of the best epoch. Default: 3. */
    default T setCheckpointKeep(int value) {
        return with(checkpointKeep(), value);
    }

    /**
     * The parameters to begin with, instead of those that the initializer draws: as many as the network has, in the order of
     * a model's {@link MlpModel#parameters()}. They are taken as they are, those that {@code standardize} and batchNorm
     * measured included.
     */
    default T setInitialWeights(Vector value) {
        return with(initialWeights(), value);
    }

    /**
     * Begins where a trained model ended: its weights, network and loss become this estimator's {@code initialWeights},
     * {@code architecture} and {@code loss}. So a regressor keeps the scale of the model's targets.
     */
    default T setInitialModel(MlpModel model) {
        paramSet().replacedByArchitecture().forEach(this::clear);
        clear(standardize());
        set(architecture(), model.trained().architecture());
        set(loss(), Spec.print(model.trained().loss));
        set(initialWeights(), model.trained().vector());
        return self();
    }

    private <V> T with(Param<V> param, V value) {
        set(param, ParamSet.canonical(param, value));
        return self();
    }
}
