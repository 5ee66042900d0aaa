package dev.kindling.ml;

import dev.kindling.check.Checkup;
import dev.kindling.check.Doctor;
import dev.kindling.check.LearningRateRange;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.ml.internal.Fitting;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.nn.GradientSource;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.optim.Clip;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.spec.Spec;
import dev.kindling.train.ClassWeights;
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
        set(hiddenLayers(), value.clone());
        return self();
    }

    /** The activation after each hidden layer: a spec such as {@code relu} or {@code leakyRelu(slope=0.1)}. Default: relu. */
    default T setActivation(String value) {
        set(activation(), checked(Nonlinearity.class, value));
        return self();
    }

    /** The same as an object. */
    default T setActivation(Nonlinearity value) {
        set(activation(), Spec.print(value));
        return self();
    }

    /** The fraction, in [0, 1), of each hidden layer's outputs that is dropped while training. Default: 0. */
    default T setDropout(double value) {
        set(dropout(), value);
        return self();
    }

    /** The loss: a spec such as {@code softmaxCrossEntropy} or {@code squaredError}. */
    default T setLoss(String value) {
        set(loss(), checked(Loss.class, value));
        return self();
    }

    /** The same as an object. */
    default T setLoss(Loss value) {
        set(loss(), Spec.print(value));
        return self();
    }

    /** The optimizer: a spec such as {@code adam} or {@code nesterov(momentum=0.95)}. Default: adam. */
    default T setOptimizer(String value) {
        set(optimizer(), checked(Optimizer.class, value));
        return self();
    }

    /** The same as an object. */
    default T setOptimizer(Optimizer value) {
        set(optimizer(), Spec.print(value));
        return self();
    }

    /** The course of the learning rate: a spec such as {@code warmup(epochs(2), then=cosine)}. Default: constant. */
    default T setSchedule(String value) {
        set(schedule(), checked(Schedule.class, value));
        return self();
    }

    /** The same as an object. */
    default T setSchedule(Schedule value) {
        set(schedule(), Spec.print(value));
        return self();
    }

    /** A bound on the gradient: a spec such as {@code globalNorm(1)}. Default: none. */
    default T setGradientClip(String value) {
        set(gradientClip(), checked(Clip.class, value));
        return self();
    }

    /** The same as an object. */
    default T setGradientClip(Clip value) {
        set(gradientClip(), Spec.print(value));
        return self();
    }

    /** The learning rate, which the schedule multiplies. Default: 0.001. */
    default T setStepSize(double value) {
        set(stepSize(), value);
        return self();
    }

    /** The number of epochs. Default: 20. */
    default T setMaxIter(int value) {
        set(maxIter(), value);
        return self();
    }

    /** Rows in a step, over all shards together. Default: 256. */
    default T setBatchSize(int value) {
        set(batchSize(), value);
        return self();
    }

    /** The strength λ of the penalty on weights, {@code λ·(α·‖w‖₁ + (1-α)/2·‖w‖₂²)} with α the elasticNetParam. Default: 0. */
    default T setRegParam(double value) {
        set(regParam(), value);
        return self();
    }

    /** The share α of L1 in the penalty, in [0, 1]. Default: 0. */
    default T setElasticNetParam(double value) {
        set(elasticNetParam(), value);
        return self();
    }

    /** Stops after so many epochs without a better loss, that of the validation rows or, without any, of training; 0 never stops. Default: 0. */
    default T setPatience(int value) {
        set(patience(), value);
        return self();
    }

    /** By how much the loss must be better to count. Default: 1e-4. */
    default T setTol(double value) {
        set(tol(), value);
        return self();
    }

    /** The fraction of rows, in [0, 1), to validate on; the weights of the best epoch are kept. Default: 0. */
    default T setValidationFraction(double value) {
        set(validationFraction(), value);
        return self();
    }

    /** A boolean column that is true for rows to validate on; the weights of the best epoch are kept. */
    default T setValidationIndicatorCol(String value) {
        set(validationIndicatorCol(), value);
        return self();
    }

    /** A column of row weights, finite and not negative. Without it all are 1. */
    default T setWeightCol(String value) {
        set(weightCol(), value);
        return self();
    }

    /** The seed of everything random: spreading, split, initial weights, batches, dropout. Default: 0. */
    default T setSeed(long value) {
        set(seed(), value);
        return self();
    }

    /** The number of shards the rows are spread over, part of what the bits of a result depend on; 0 takes the cluster's parallelism. Default: 0. */
    default T setNumShards(int value) {
        set(numShards(), value);
        return self();
    }

    /** 1: the driver adds all gradients; 2: executors add those that are too much for it, 128 MB. The sum is the same. Default: 2. */
    default T setAggregationDepth(int value) {
        set(aggregationDepth(), value);
        return self();
    }

    /** The hidden layers in full: a spec such as {@code dense(256) batchNorm relu dropout(0.2), dense(128) relu}, instead of {@link #setHiddenLayers}, {@link #setActivation}, {@link #setBatchNorm} and {@link #setDropout}. The layer of the outputs is added behind. */
    default T setArchitecture(String value) {
        set(architecture(), Spec.printAll(Spec.parseAll(Layer.class, value)));
        return self();
    }

    /** Whether each hidden layer is normalised over the batch before its activation. Default: false. */
    default T setBatchNorm(boolean value) {
        set(batchNorm(), value);
        return self();
    }

    /** How the weights of all dense layers begin: a spec such as {@code heNormal} or {@code normal(0.01)}. Default: auto, which suits the activation. */
    default T setInitializer(String value) {
        set(initializer(), checked(Initializer.class, value));
        return self();
    }

    /** The same as an object. */
    default T setInitializer(Initializer value) {
        set(initializer(), Spec.print(value));
        return self();
    }

    /** Whether the model begins by scaling each feature to mean 0 and deviation 1, as measured on the training rows. Default: false. */
    default T setStandardize(boolean value) {
        set(standardize(), value);
        return self();
    }

    /** Factors of the training rows' weights by class: {@code none}, {@code balanced} or {@code factors([1 5])}. Default: none. */
    default T setClassWeights(String value) {
        set(classWeights(), checked(ClassWeights.class, value));
        return self();
    }

    /** The same as an object. */
    default T setClassWeights(ClassWeights value) {
        set(classWeights(), Spec.print(value));
        return self();
    }

    /** The same by class index; classes that are not among the keys have the factor 1. */
    default T setClassWeights(Map<Integer, Double> value) {
        Map<Integer, Double> sorted = new TreeMap<>(value);
        return setClassWeights(
                new ClassWeights.ByClass(new ArrayList<>(sorted.keySet()), new ArrayList<>(sorted.values())));
    }

    /** Lowers the learning rate once the loss stays: a spec such as {@code reduce(factor=0.1, patience=10)}. Default: none. */
    default T setPlateau(String value) {
        set(plateau(), checked(Plateau.class, value));
        return self();
    }

    /** The same as an object. */
    default T setPlateau(Plateau value) {
        set(plateau(), Spec.print(value));
        return self();
    }

    /** The decay, in [0, 1), of an exponential moving average of the weights, which then is what is validated and kept; 0: no average. Default: 0. */
    default T setEmaDecay(double value) {
        set(emaDecay(), value);
        return self();
    }

    /** A bound on the Euclidean norm of the weights into each unit, kept after every step; 0: none. Default: 0. */
    default T setMaxNorm(double value) {
        set(maxNorm(), value);
        return self();
    }

    /** The batch size that the step size is for: it is multiplied by batchSize/referenceBatchSize; 0 leaves it as it is. Default: 0. */
    default T setReferenceBatchSize(int value) {
        set(referenceBatchSize(), value);
        return self();
    }

    /**
     * The number of steps that each shard takes by itself, on its own rows, before parameters and the optimizer's state
     * become the mean over the shards. More mean fewer rounds over the wire, and a result that depends on the number of
     * shards. Default: 1, no steps of its own.
     */
    default T setLocalSteps(int value) {
        set(localSteps(), value);
        return self();
    }

    /** What becomes of the mean after local steps: {@code average} or, as in DiLoCo, {@code nesterov}. Default: average. */
    default T setOuterOptimizer(String value) {
        set(outerOptimizer(), checked(OuterOptimizer.class, value));
        return self();
    }

    /** The same as an object. */
    default T setOuterOptimizer(OuterOptimizer value) {
        set(outerOptimizer(), Spec.print(value));
        return self();
    }

    /** Where gradients come from: {@code backpropagation}, or {@code centralDifferences} to check and to teach. Default: backpropagation. */
    default T setGradientSource(String value) {
        set(gradientSource(), checked(GradientSource.class, value));
        return self();
    }

    /** The column that models put the output of {@link #setEmbeddingLayer} into, as a vector. Default: none. */
    default T setEmbeddingCol(String value) {
        set(embeddingCol(), value);
        return self();
    }

    /** The layer whose output is the embedding, such as {@code relu2}: a kind, and its place among its kind. Default: the one below the outputs. */
    default T setEmbeddingLayer(String value) {
        set(embeddingLayer(), value);
        return self();
    }

    /**
     * The folder for checkpoints, on any file system that Hadoop knows: one run's own. A fit that finds some there goes on
     * from the newest and ends with the bits of one that was never interrupted; it refuses those of other data or params,
     * but for {@link #setMaxIter}. Default: none.
     */
    default T setCheckpointDir(String value) {
        set(checkpointDir(), value);
        return self();
    }

    /** Epochs between checkpoints; 0: none by epochs. Default: 1. */
    default T setCheckpointInterval(int value) {
        set(checkpointInterval(), value);
        return self();
    }

    /** Minutes between checkpoints, within epochs too; 0: none by time. Default: 0. */
    default T setCheckpointMinutes(double value) {
        set(checkpointMinutes(), value);
        return self();
    }

    /** How many of the newest checkpoints are kept, besides that of the best epoch. Default: 3. */
    default T setCheckpointKeep(int value) {
        set(checkpointKeep(), value);
        return self();
    }

    /**
     * The parameters to begin with, instead of those that the initializer draws: as many as the network has, in the order of
     * a model's {@link MlpModel#parameters()}. They are taken as they are, those that {@code standardize} and batchNorm
     * measured included.
     */
    default T setInitialWeights(Vector value) {
        set(initialWeights(), value);
        return self();
    }

    /**
     * Begins where a trained model ended: its weights, network and loss become this estimator's {@code initialWeights},
     * {@code architecture} and {@code loss}. So a regressor keeps the scale of the model's targets.
     */
    default T setInitialModel(MlpModel model) {
        for (Param<?> said : List.<Param<?>>of(hiddenLayers(), activation(), dropout(), batchNorm(), standardize())) {
            clear(said);
        }
        set(architecture(), model.trained().architecture());
        set(loss(), Spec.print(model.trained().loss));
        set(initialWeights(), model.trained().vector());
        return self();
    }

    private static String checked(Class<?> family, String spec) {
        return Spec.print(Spec.parse(family, spec));
    }
}
