package dev.kindling.ml;

import dev.kindling.check.Checkup;
import dev.kindling.check.Doctor;
import dev.kindling.check.LearningRateRange;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.ml.internal.FeatureLayout;
import dev.kindling.ml.internal.Fitting;
import dev.kindling.ml.internal.ParsedParams;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.ml.params.ParamSet;
import dev.kindling.nn.Embedding;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.nn.NumberEmbedding;
import dev.kindling.optim.Clip;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.RateFactors;
import dev.kindling.optim.Schedule;
import dev.kindling.spec.Spec;
import dev.kindling.table.TableVectorizer;
import dev.kindling.table.TableVectorizerModel;
import dev.kindling.train.ClassWeights;
import dev.kindling.train.TrainListener;
import dev.kindling.train.scale.ScalePlan;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/**
 * The setters of Kindling's estimators, which return the estimator itself, and the checks to run before training.
 *
 * <p>A spec is checked when it is set: an unknown name or a value out of range throws {@link InvalidInput}, which lists what
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
     * step. It suggests a {@code stepSize}. This estimator does not change.
     */
    default LearningRateRange learningRateRange(Dataset<?> dataset) {
        return Fitting.learningRateRange(dataset, this);
    }

    /** Predicts an epoch's seconds on up to so many executors, from a minute of steps, jobs and messages on those at hand. */
    default ScalePlan scalePlan(Dataset<?> dataset, int executors) {
        return Fitting.scalePlan(dataset, this, executors);
    }

    /** As {@link #check(Dataset, Dataset, long)}, without test rows, on about 100,000 rows. */
    default Checkup check(Dataset<?> dataset) {
        return check(dataset, null, Doctor.ROWS);
    }

    /** As {@link #check(Dataset, Dataset, long)}, on about 100,000 rows. */
    default Checkup check(Dataset<?> dataset, Dataset<?> test) {
        return check(dataset, test, Doctor.ROWS);
    }

    /**
     * Looks for problems that would make training fail or its results wrong: see {@link Doctor}. All rows are read to find
     * missing values. This estimator does not change, and nothing stays in the cache.
     *
     * @param test test rows, which should not be among the training rows; null for none
     * @param rows the approximate number of rows for the other checks, drawn at random if there are more
     */
    default Checkup check(Dataset<?> dataset, @Nullable Dataset<?> test, long rows) {
        Require.positive(rows, "the number of rows to look at");
        return Fitting.check(dataset, test, this, rows);
    }

    /** Widths of the hidden layers, from input to output; none makes a linear model. Default: 100. */
    default T setHiddenLayers(int... value) {
        return with(hiddenLayers(), value.clone());
    }

    /**
     * The defaults of all other params: {@code default}, which {@code submit/benchmark recipes} measures; {@code
     * realmlp}, RealMLP's (Holzmüller et al. 2024) as far as it fits; {@code fast}, a small network and few epochs; {@code spark},
     * what MultilayerPerceptronClassifier does; {@code none}: nothing but the network, at a constant rate on all rows. A param
     * that is set keeps its value. Default: default.
     */
    default T setPreset(String value) {
        set(preset(), Require.oneOf(value, ParamSet.presets(), "preset"));
        paramSet().usePreset();
        return self();
    }

    /** The activation after each hidden layer: a spec such as {@code relu} or {@code leakyRelu(slope=0.1)}. Default: relu. */
    default T setActivation(String value) {
        return with(activation(), value);
    }

    /** The same as an object. */
    default T setActivation(Nonlinearity value) {
        return with(activation(), Spec.print(value));
    }

    /** The fraction, in [0, 1), of each hidden layer's outputs that is dropped while training. Default: 0.25 for classes, 0.1 for values; 0 where the optimizer takes no gradient steps. */
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

    /** The learning rate schedule: a spec such as {@code warmup(epochs(2), then=cosine)}. Default: {@code warmup(epochs(1), then=cosine)}, or constant beside a plateau and where the optimizer takes no gradient steps. */
    default T setSchedule(String value) {
        return with(schedule(), value);
    }

    /** The same as an object. */
    default T setSchedule(Schedule value) {
        return with(schedule(), Spec.print(value));
    }

    /** Gradient clipping: a spec such as {@code globalNorm(1)}. Default: none. */
    default T setGradientClip(String value) {
        return with(gradientClip(), value);
    }

    /** The same as an object. */
    default T setGradientClip(Clip value) {
        return with(gradientClip(), Spec.print(value));
    }

    /** The learning rate, which the schedule multiplies. Default: 0.002 for classes, 0.003 for values. */
    default T setStepSize(double value) {
        return with(stepSize(), value);
    }

    /** The number of epochs; 0, the default: 20 to 300 by the number of rows, for about 3,000 steps or 100 epochs. */
    default T setMaxIter(int value) {
        return with(maxIter(), value);
    }

    /** The number of rows in a step, over all shards together; 0, the default: 32 to 4096 by the number of rows. */
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

    /**
     * What epochs are compared by, on the validation rows or, without any, on the training rows: the best epoch's weights
     * are kept, and {@code patience} and {@code plateau} wait for a better one. {@code loss} or a metric: {@code accuracy},
     * {@code balancedAccuracy}, {@code f1}, {@code auc}, {@code averagePrecision}, {@code logLoss}, {@code brier} and {@code
     * calibrationError} of classes; {@code rmse}, {@code mae}, {@code r2} and {@code mape} of values. Default: loss.
     */
    default T setMonitor(String value) {
        return with(monitor(), value);
    }

    /**
     * The number of networks to train at once over the same rows, with the seeds {@code seed}, {@code seed + 1}, …; the model
     * averages their predictions (Lakshminarayanan et al., <a href="https://arxiv.org/abs/1612.01474">Simple and scalable
     * predictive uncertainty estimation using deep ensembles</a>, NeurIPS 2017). Each keeps its own best epoch, and stops early
     * on its own. The summary, listeners and the epoch lines are those of the first. 0, the default: 4 for up to 10,000 rows to
     * train on, where a network has at most a million parameters and does not begin with given ones, and else 1.
     */
    default T setMembers(int value) {
        return with(members(), value);
    }

    /**
     * How a classifier's probabilities are corrected after training, by the rows to validate on: {@code none}, or {@code
     * temperature}, a number that all logits are divided by (Guo et al., <a href="https://arxiv.org/abs/1706.04599">On
     * calibration of modern neural networks</a>, ICML 2017). Predicted classes stay. Default: none.
     */
    default T setCalibration(String value) {
        return with(calibration(), value);
    }

    /** Early stopping: the number of epochs without a better {@code monitor} before training stops; 0 never stops. Default: 0. */
    default T setPatience(int value) {
        return with(patience(), value);
    }

    /** The smallest improvement of what is monitored that counts as better. Default: 1e-4. */
    default T setTol(double value) {
        return with(tol(), value);
    }

    /** The fraction of rows, in [0, 1), to validate on; the weights of the best epoch are kept. Default: 0.15, but none of fewer than 50 rows, and none beside a {@link #setValidationIndicatorCol}. */
    default T setValidationFraction(double value) {
        return with(validationFraction(), value);
    }

    /** A boolean column that is true for the rows to validate on; the weights of the best epoch are kept. */
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

    /** The hidden layers in full: a spec such as {@code dense(256) batchNorm relu dropout(0.2), dense(128) relu}, instead of {@link #setHiddenLayers}, {@link #setActivation}, {@link #setBatchNorm} and {@link #setDropout}. The output layer is added after them. */
    default T setArchitecture(String value) {
        return with(architecture(), value);
    }

    /** Whether each hidden layer is normalised over the batch before its activation. Default: false. */
    default T setBatchNorm(boolean value) {
        return with(batchNorm(), value);
    }

    /** The distribution of the initial weights of all dense layers: a spec such as {@code heNormal} or {@code normal(0.01)}. {@code auto} suits the activation. Default: glorotUniform, as in Keras and scikit-learn. */
    default T setInitializer(String value) {
        return with(initializer(), value);
    }

    /** The same as an object. */
    default T setInitializer(Initializer value) {
        return with(initializer(), Spec.print(value));
    }

    /** Whether the model's first layer scales each feature to mean 0 and deviation 1, as measured on the training rows; features of 0 and 1 alone stay as they are. Rows become dense. Default: true for up to 4,096 features that no {@code TableVectorizer} has scaled. */
    default T setStandardize(boolean value) {
        return with(standardize(), value);
    }

    /**
     * The first layer that turns the one-hot features of columns of many categories into a few values each: a spec such as
     * {@code embed(dim=8, oneHotUpTo=9)}. The metadata of the features column name the categories' columns: one-hot features
     * that follow each other, each a {@code BinaryAttribute} with its column's name. If no column has more categories than
     * {@code oneHotUpTo}, the layer is left out. Default: none.
     */
    default T setEmbedding(String value) {
        return with(embedding(), value);
    }

    /** The same as an object. */
    default T setEmbedding(Embedding value) {
        return with(embedding(), Spec.print(value));
    }

    /**
     * The layer that turns each number into several values, by waves of it whose frequencies are trained: a spec such as
     * {@code plr(frequencies=16, dim=8, sigma=0.1)} or {@code pbld}. Numbers are the features with a value other than 0 and 1 in
     * the training rows; if there are none, the layer is left out. Default: auto, which is pbld over the numbers of at least 10
     * different values that a table vectorizer made, if there are up to 64 of them and 1,000 to 20,000 training rows, and none
     * otherwise.
     */
    default T setNumberEmbedding(String value) {
        return with(numberEmbedding(), value);
    }

    /** The same as an object. */
    default T setNumberEmbedding(NumberEmbedding value) {
        return with(numberEmbedding(), Spec.print(value));
    }

    /** Weight factors of the training rows by class: {@code none}, {@code balanced} or {@code factors([1 5])}. Default: none. */
    default T setClassWeights(String value) {
        return with(classWeights(), value);
    }

    /** The same as an object. */
    default T setClassWeights(ClassWeights value) {
        return with(classWeights(), Spec.print(value));
    }

    /** The same by class index. A class without a key has the factor 1. */
    default T setClassWeights(Map<Integer, Double> value) {
        Map<Integer, Double> sorted = new TreeMap<>(value);
        return setClassWeights(
                new ClassWeights.ByClass(new ArrayList<>(sorted.keySet()), new ArrayList<>(sorted.values())));
    }

    /** Lowers the learning rate when the {@code monitor} stops improving: a spec such as {@code reduce(factor=0.1, patience=10)}. Default: none. */
    default T setPlateau(String value) {
        return with(plateau(), value);
    }

    /** The same as an object. */
    default T setPlateau(Plateau value) {
        return with(plateau(), Spec.print(value));
    }

    /** The decay, in [0, 1), of an exponential moving average of the weights. The average is what is validated and kept. 0: no average. Default: 0. */
    default T setEmaDecay(double value) {
        return with(emaDecay(), value);
    }

    /** The schedule of the rate of all dropout: a spec such as {@code flatCosine}. Default: constant. */
    default T setDropoutSchedule(String value) {
        return with(dropoutSchedule(), value);
    }

    /** The same as an object. */
    default T setDropoutSchedule(Schedule value) {
        return with(dropoutSchedule(), Spec.print(value));
    }

    /** Whether to put a {@code scale} layer, with a trained factor for each input, before the hidden layers. Default: false. */
    default T setTrainedScale(boolean value) {
        return with(trainedScale(), value);
    }

    /** Factors of the learning rate by kind of parameter: a spec such as {@code byKind(bias=0.1, scale=6)}. Default: none. */
    default T setRateFactors(String value) {
        return with(rateFactors(), value);
    }

    /** The same as an object. */
    default T setRateFactors(RateFactors value) {
        return with(rateFactors(), Spec.print(value));
    }

    /** The schedule of the optimizer's decoupled weight decay, beside that of the learning rate: a spec such as {@code flatCosine}. Default: constant. */
    default T setWeightDecaySchedule(String value) {
        return with(weightDecaySchedule(), value);
    }

    /** The same as an object. */
    default T setWeightDecaySchedule(Schedule value) {
        return with(weightDecaySchedule(), Spec.print(value));
    }

    /** Max-norm: a bound on the Euclidean norm of the weights into each unit, enforced after every step; 0: none. Default: 0. */
    default T setMaxNorm(double value) {
        return with(maxNorm(), value);
    }

    /** The batch size that the step size is meant for: the step size is multiplied by batchSize/referenceBatchSize; 0: not scaled. Default: 0. */
    default T setReferenceBatchSize(int value) {
        return with(referenceBatchSize(), value);
    }

    /**
     * The number of steps that each shard takes on its own rows before the parameters and the optimizer's state are averaged
     * over the shards. More local steps need fewer rounds over the network, but the result then depends on the number of
     * shards. Default: 1, no local steps.
     */
    default T setLocalSteps(int value) {
        return with(localSteps(), value);
    }

    /** The optimizer that is applied to the average after local steps: {@code average} or, as in DiLoCo, {@code nesterov}. Default: average. */
    default T setOuterOptimizer(String value) {
        return with(outerOptimizer(), value);
    }

    /** The same as an object. */
    default T setOuterOptimizer(OuterOptimizer value) {
        return with(outerOptimizer(), Spec.print(value));
    }

    /** How gradients are computed: {@code backpropagation}, or {@code centralDifferences} for checks and teaching. Default: backpropagation. */
    default T setGradientSource(String value) {
        return with(gradientSource(), value);
    }

    /** The column for the output of {@link #setEmbeddingLayer}, as a vector. Default: none. */
    default T setEmbeddingCol(String value) {
        return with(embeddingCol(), value);
    }

    /** The layer whose output is the embedding, such as {@code relu2}, the second relu layer. Default: the layer below the outputs. */
    default T setEmbeddingLayer(String value) {
        return with(embeddingLayer(), value);
    }

    /**
     * The folder for the checkpoints of one run, on any file system that Hadoop supports. A fit that finds checkpoints there
     * resumes from the newest and ends with the same bits as an uninterrupted fit. It refuses checkpoints of other data or
     * params, except that {@link #setMaxIter} may differ. A copy of this estimator, which is what Spark fits in a cross-validation
     * or with a {@code ParamMap}, uses a folder {@code fit-…} in it, named by its data and params. Default: none.
     */
    default T setCheckpointDir(String value) {
        return with(checkpointDir(), value);
    }

    /** Epochs between checkpoints; 0: none by epochs. Default: 1. */
    default T setCheckpointInterval(int value) {
        return with(checkpointInterval(), value);
    }

    /** Minutes between checkpoints, which may then be within an epoch; 0: none by time. Default: 0. */
    default T setCheckpointMinutes(double value) {
        return with(checkpointMinutes(), value);
    }

    /** The number of newest checkpoints to keep, besides that of the best epoch. Default: 3. */
    default T setCheckpointKeep(int value) {
        return with(checkpointKeep(), value);
    }

    /**
     * The initial parameters, instead of those that the initializer draws: as many as the network has, in the order of a
     * model's {@link MlpModel#parameters()}. They are used unchanged, including those that {@code standardize} and batchNorm
     * measured. A model that has {@link MlpModel#offsets()} needs these too, as {@link #setInitialOffsets}.
     */
    default T setInitialWeights(Vector value) {
        return with(initialWeights(), value);
    }

    /**
     * What {@code initialWeights} expect to be subtracted from the features and the targets, in that order: a model's {@link
     * MlpModel#offsets()}. Without it, weights are those of features as they are.
     */
    default T setInitialOffsets(Vector value) {
        return with(initialOffsets(), value);
    }

    /**
     * Continues from a trained model: its weights, offsets, network and loss become this estimator's {@code initialWeights},
     * {@code initialOffsets}, {@code architecture} and {@code loss}. A regressor thus keeps the scale of the model's targets, and
     * the features of a table's columns stay those that the model has learned.
     */
    default T setInitialModel(MlpModel model) {
        paramSet().replacedByArchitecture().forEach(this::clear);
        set(standardize(), false); // the architecture has it
        set(trainedScale(), false);
        set(embedding(), Spec.print(new Embedding.None()));
        set(numberEmbedding(), Spec.print(new NumberEmbedding.None()));
        set(architecture(), model.trained().architecture());
        set(loss(), Spec.print(model.trained().loss));
        set(initialWeights(), model.trained().vector());
        set(initialOffsets(), model.offsets());
        set(members(), model.numMembers());
        if (model.isDefined(model.vectorizerModel())) {
            clear(featuresCols());
            clear(vectorizer());
            set(vectorizerModel(), model.getVectorizerModel());
        } else {
            clear(vectorizerModel());
        }
        return self();
    }

    /**
     * What {@code transform} and {@code evaluate} of the model do with a row whose features are null, NaN, infinite or beyond
     * float32's range: {@code error}; {@code skip}, which leaves it out; {@code keep}, which gives it a null prediction and
     * leaves it out of an evaluation. {@code fit} always refuses such a row. Default: error.
     */
    default T setHandleInvalid(String value) {
        return with(handleInvalid(), value);
    }

    /**
     * What {@code transform} of the model returns: {@code predictions}; or rows that tell of the model, which clients of Spark
     * Connect cannot ask it directly: {@code network}, {@code weights}, {@code summary}, or of the rows given, {@code
     * evaluation} or {@code importance(repeats=5, seed=0)}. Default: predictions.
     */
    default T setOutput(String value) {
        return with(output(), value);
    }

    /**
     * The columns of a table to learn from, of any type that {@link TableVectorizer} takes, instead of a column of vectors. {@code
     * fit} learns from the training rows how to make features of them. The model then takes such raw rows, and {@link
     * #getVectorizerModel} of it tells what was decided about each column. The features are not added to the rows. Rows of {@code
     * validationIndicatorCol} teach nothing; those of {@code validationFraction}, and of a search's folds, do.
     */
    default T setFeaturesCols(String... value) {
        return with(featuresCols(), value.clone());
    }

    /**
     * How the columns of a table become features, such as {@code new TableVectorizer().setScale("robust")}. Of which columns, its
     * {@code inputCols} or {@link #setFeaturesCols} say; without either, of all but the label and the columns that other params name.
     */
    default T setVectorizer(TableVectorizer value) {
        return with(vectorizer(), value.copy(new ParamMap()));
    }

    /** What was learned of a table's columns, such as that of another model, to use as it is. */
    default T setVectorizerModel(TableVectorizerModel value) {
        return with(vectorizerModel(), value.copy(new ParamMap()));
    }

    /**
     * Checks what needs no rows, as {@code fit} does first.
     *
     * @throws InvalidInput for params that do not go together, or a network that the driver's memory cannot hold
     */
    default void checkParams() {
        new ParsedParams(this, FeatureLayout.UNKNOWN);
    }

    private <V> T with(Param<V> param, V value) {
        set(param, ParamSet.canonical(param, value));
        return self();
    }
}
