package dev.kindling.ml.params;

import dev.kindling.loss.Loss;
import dev.kindling.loss.Monitor;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Embedding;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.nn.NumberEmbedding;
import dev.kindling.optim.Clip;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.GradientSource;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.RateFactors;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.Span;
import dev.kindling.table.TableVectorizer;
import dev.kindling.table.TableVectorizerModel;
import dev.kindling.train.ClassWeights;
import dev.kindling.train.RunLength;
import dev.kindling.train.ensemble.EnsembleSize;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The params that estimators and models share. Each is stated here once: name, default, bound, documentation, and its option
 * on the command line. Their order is the order of the command line's help.
 */
public final class ParamSet extends ParamTable {
    final Param<String> preset = choice(
            "preset",
            Preset.DEFAULT.toString(),
            presets(),
            "defaults of the other params: default, realmlp, fast, spark, or none: nothing but the network, at a constant rate on"
                    + " all rows",
            "--preset NAME");
    final IntArrayParam hiddenLayers = integers(
            "hiddenLayers",
            new int[] {128, 64},
            "widths of the hidden layers, from input to output, such as 256,128",
            "--hidden W,W,…");
    final Param<String> activation = spec(
            "activation",
            Nonlinearity.class,
            new Activation.Relu(),
            "activation after each hidden layer, such as relu or tanh",
            "--activation SPEC");
    final DoubleParam dropout = number(
            "dropout",
            classifies() ? 0.25 : 0.1,
            Bound.BELOW_ONE,
            "fraction of each hidden layer's outputs that training drops",
            "--dropout F");
    final Param<String> dropoutSchedule = spec(
            "dropoutSchedule",
            Schedule.class,
            new Schedule.Constant(),
            "schedule of the rate of all dropout, such as flatCosine",
            "--dropout-schedule SPEC");
    final BooleanParam batchNorm = flag(
            "batchNorm",
            false,
            "whether to normalise each hidden layer over the batch, before its activation",
            "--batch-norm");
    final Param<String> architecture = specs(
            "architecture",
            Layer.class,
            "hidden layers in full, instead of {hiddenLayers}, {activation}, {batchNorm} and {dropout}, such as"
                    + " \"dense(256) batchNorm relu dropout(0.2), dense(128) relu\"",
            "--architecture SPEC");
    final Param<String> initializer = spec(
            "initializer",
            Initializer.class,
            new Initializer.GlorotUniform(),
            "distribution of the initial weights, such as heNormal; auto: He's, LeCun's or Glorot's, by the activation",
            "--initializer SPEC");
    final BooleanParam standardize = flag(
            "standardize",
            true,
            "whether to scale each feature to mean 0 and deviation 1, as a part of the model; features of 0 and 1 stay",
            "--standardize");
    final Param<String> embedding = spec(
            "embedding",
            Embedding.class,
            new Embedding.None(),
            "layer that embeds columns of many categories: none, or embed(dim=8, oneHotUpTo=9), which leaves columns of"
                    + " up to 9 categories one-hot",
            "--embedding SPEC");
    final Param<String> numberEmbedding = spec(
            "numberEmbedding",
            NumberEmbedding.class,
            new NumberEmbedding.Auto(),
            "layer that embeds numbers: none, plr(frequencies=16, dim=8, sigma=0.1), pbld(frequencies=16, dim=4, sigma=0.1),"
                    + " as RealMLP does, ple(bins=16), or auto: pbld for tables of 1,000 to 20,000 rows",
            "--number-embedding SPEC");
    final BooleanParam trainedScale = flag(
            "trainedScale",
            false,
            "whether to put a layer with a trained factor for each input before the hidden layers, as RealMLP does",
            "--trained-scale");
    final BooleanParam standardizeTarget = flag(
            "standardizeTarget",
            classifies() ? null : Boolean.TRUE,
            "whether to scale each target to mean 0 and deviation 1 in training; predictions keep the target's unit",
            "--standardize-target");
    final Param<String> classWeights = spec(
            "classWeights",
            ClassWeights.class,
            new ClassWeights.None(),
            "weight factors of the training rows by class: none, balanced, factors([1 5]) or byClass([1], [5])",
            "--class-weights SPEC");
    final Param<String> loss = spec(
            "loss",
            Loss.class,
            classifies() ? new Loss.SoftmaxCrossEntropy() : new ValueLoss.SquaredError(),
            "loss to minimise, such as multiclassHinge for classes or huber for values",
            "--loss SPEC");
    final Param<String> optimizer = spec(
            "optimizer",
            Optimizer.class,
            new FirstOrder.Adam(),
            "optimizer, such as adam or momentum(momentum=0.9)",
            "--optimizer SPEC");
    final DoubleParam stepSize =
            number("stepSize", classifies() ? 0.002 : 0.003, Bound.POSITIVE, "learning rate", "--learning-rate R");
    final Param<String> schedule = spec(
            "schedule",
            Schedule.class,
            new Schedule.Warmup(new Span.Epochs(1), new Schedule.Cosine()),
            "learning rate schedule, such as cosine or warmup(epochs(2), then=cosine)",
            "--schedule SPEC");
    final Param<String> rateFactors = spec(
            "rateFactors",
            RateFactors.class,
            new RateFactors.None(),
            "factors of the learning rate by kind of parameter: none, or byKind(weight=1, bias=0.1, gain=1, scale=6, numbers=0.1)",
            "--rate-factors SPEC");
    final Param<String> weightDecaySchedule = spec(
            "weightDecaySchedule",
            Schedule.class,
            new Schedule.Constant(),
            "schedule of the optimizer's decoupled weight decay, beside that of the learning rate, such as flatCosine",
            "--weight-decay-schedule SPEC");
    final Param<String> gradientClip = spec(
            "gradientClip",
            Clip.class,
            new Clip.None(),
            "gradient clipping, such as globalNorm(1)",
            "--gradient-clip SPEC");
    final Param<String> plateau = spec(
            "plateau",
            Plateau.class,
            new Plateau.None(),
            "rule that lowers the learning rate when {monitor} stops improving, such as"
                    + " reduce(factor=0.1, patience=10)",
            "--plateau SPEC");
    final DoubleParam maxNorm = number(
            "maxNorm",
            0,
            Bound.NOT_NEGATIVE,
            "max-norm: the largest norm of the weights into each unit; 0: no limit",
            "--max-norm C");
    final DoubleParam emaDecay = number(
            "emaDecay",
            0,
            Bound.BELOW_ONE,
            "decay of an exponential moving average of the weights, which is then what is kept; 0: no average",
            "--ema-decay D");
    final IntParam referenceBatchSize = integer(
            "referenceBatchSize",
            0,
            Bound.NOT_NEGATIVE,
            "batch size that {stepSize} is meant for: the rate is scaled from it to {batchSize}; 0: not scaled",
            "--reference-batch-size B");
    final IntParam localSteps = integer(
            "localSteps",
            1,
            Bound.AT_LEAST_ONE,
            "number of steps that each shard takes on its own before the shards are averaged; 1: none",
            "--local-steps H");
    final Param<String> outerOptimizer = spec(
            "outerOptimizer",
            OuterOptimizer.class,
            new OuterOptimizer.Average(),
            "optimizer for the average after local steps: average or nesterov(learningRate=0.7, momentum=0.9)",
            "--outer-optimizer SPEC");
    final IntParam maxIter = integer(
            "maxIter",
            RunLength.AUTO,
            Bound.NOT_NEGATIVE,
            "number of epochs, passes over the data; 0: by the number of rows, 20 to 300",
            "--epochs N");
    final IntParam batchSize = integer(
            "batchSize",
            RunLength.AUTO,
            Bound.NOT_NEGATIVE,
            "number of rows in a step, over all shards together; 0: by the number of rows, 32 to 4096",
            "--batch-size B");
    final DoubleParam regParam =
            number("regParam", 0, Bound.NOT_NEGATIVE, "strength of the penalty on weights", NO_OPTION);
    final DoubleParam elasticNetParam =
            number("elasticNetParam", 0, Bound.UP_TO_ONE, "share of L1 in the penalty; the rest is L2", NO_OPTION);
    final DoubleParam validationFraction = number(
            "validationFraction",
            0.15,
            Bound.BELOW_ONE,
            "fraction of the training rows to validate on; the best epoch's weights are then kept. The default sets none"
                    + " aside of fewer than 50 rows",
            "--validation-fraction F");
    final Param<String> monitor = choice(
            "monitor",
            Monitor.LOSS.toString(),
            Monitor.names(classifies()),
            "what epochs are compared by, on the rows to validate on. Of classes: "
                    + String.join(", ", Monitor.names(true)) + "; of values: "
                    + String.join(", ", Monitor.names(false)),
            "--monitor NAME");
    final IntParam patience = integer(
            "patience",
            50,
            Bound.NOT_NEGATIVE,
            "number of epochs without a better {monitor} after which training stops early; 0: never. The default is for where"
                    + " rows are set aside to validate on",
            "--patience N");
    final DoubleParam tol = number(
            "tol",
            1e-4,
            Bound.NOT_NEGATIVE,
            "smallest improvement of what is monitored that counts as better",
            "--tol T");
    final IntParam members = integer(
            "members",
            EnsembleSize.AUTO,
            Bound.NOT_NEGATIVE,
            "number of networks that are trained at once, with seeds from {seed} on; their predictions are averaged; 0: 4 for up"
                    + " to 10,000 rows, else 1",
            "--members K");
    final Param<String> calibration = choice(
            "calibration",
            "none",
            List.of("none", "temperature"),
            "how probabilities of classes are corrected after training, by the rows to validate on: none, or temperature, one"
                    + " factor for all logits",
            "--calibration NAME");
    final LongParam seed = longInteger("seed", 0, "seed of everything random", "--seed S");
    final IntParam numShards = integer(
            "numShards",
            0,
            Bound.UP_TO_100_000,
            "number of shards of the data; 0: as many as the cluster runs at once",
            "--shards N");
    final IntParam aggregationDepth = integer(
            "aggregationDepth",
            2,
            Bound.ONE_OR_TWO,
            "depth of the sum of gradients; 1: the driver adds all; 2: executors add those too large for the driver",
            "--aggregation-depth D");
    final Param<String> checkpointDir = text(
            "checkpointDir",
            null,
            "folder for checkpoints, from which training resumes; without it none are written",
            "--checkpoint DIR");
    final IntParam checkpointInterval = integer(
            "checkpointInterval",
            1,
            Bound.NOT_NEGATIVE,
            "number of epochs between checkpoints; 0: none by epochs",
            "--checkpoint-interval K");
    final DoubleParam checkpointMinutes = number(
            "checkpointMinutes",
            0,
            Bound.NOT_NEGATIVE,
            "minutes between checkpoints, within epochs too; 0: none by time",
            "--checkpoint-minutes M");
    final IntParam checkpointKeep = integer(
            "checkpointKeep",
            3,
            Bound.AT_LEAST_ONE,
            "number of newest checkpoints to keep, besides that of the best epoch",
            "--checkpoint-keep N");
    final Param<String> validationIndicatorCol = text(
            "validationIndicatorCol",
            null,
            "boolean column: true for rows to validate on instead of training on them",
            NO_OPTION);
    final Param<String> weightCol = text("weightCol", null, "column of row weights; without it all are 1", NO_OPTION);
    final Param<String> gradientSource = spec(
            "gradientSource",
            GradientSource.class,
            new GradientSource.Backpropagation(),
            "how gradients are computed: backpropagation or centralDifferences",
            NO_OPTION);
    final Param<String> embeddingCol = text(
            "embeddingCol", null, "column for the output of {embeddingLayer}, as a vector; without it none", NO_OPTION);
    final Param<String> embeddingLayer = text(
            "embeddingLayer",
            null,
            "layer whose output is the embedding, such as relu2; without it the one below the outputs",
            NO_OPTION);
    final Param<Vector> initialWeights = vector(
            "initialWeights",
            "initial parameters, in the order of a model's parameters(); without it the initializer draws them");
    final Param<Vector> initialOffsets = vector(
            "initialOffsets",
            "what a model's parameters expect to be subtracted from its features and targets; it goes with {initialWeights}");
    final Param<String> handleInvalid = choice(
            "handleInvalid",
            "error",
            List.of("error", "skip", "keep"),
            "what transform does with a row whose features are null, NaN, infinite or beyond float32's range: error; skip:"
                    + " leave it out; keep: its prediction is null. fit always refuses it",
            NO_OPTION);
    final Param<String> output = spec(
            "output",
            Output.class,
            new Output.Predictions(),
            "what transform returns: predictions; or rows that tell of the model, for Spark Connect: network, weights, summary,"
                    + " or of the rows given, evaluation or importance(repeats=5, seed=0)",
            NO_OPTION);
    final StringArrayParam featuresCols = columns(
            "featuresCols",
            "a table's columns of any type, to learn from instead of a column of vectors; none: vectors, or what"
                    + " {vectorizer} says");
    final Param<TableVectorizer> vectorizer = stage(
            "vectorizer",
            TableVectorizer::new,
            "how a table's columns become features; without {featuresCols}, of which columns: all, unless it has inputCols");
    final Param<TableVectorizerModel> vectorizerModel = stage(
            "vectorizerModel",
            TableVectorizerModel::new,
            "what was learned of a table's columns; an estimator that has it learns nothing more of them");
    final IntParam classCount = integer(
            "classCount",
            classifies() ? 0 : null,
            Bound.NOT_NEGATIVE,
            "number of classes; 0: taken from the label column's metadata or the labels",
            NO_OPTION);
    final Param<String> predictionsCol = text(
            "predictionsCol",
            classifies() ? null : "predictions",
            "column for a vector of all predictions, where a row has several targets",
            NO_OPTION);

    ParamSet(Params owner) {
        super(owner);
    }

    /** The names of all presets. */
    public static List<String> presets() {
        return Preset.names();
    }

    /** Makes the defaults those of the {@code preset}, for all params that are not set. */
    public void usePreset() {
        use(Preset.named(owner.getOrDefault(preset)));
    }

    /** The params that the {@code preset} decides: those that are not as without any preset, and not set. */
    public List<ParamOption> ofPreset() {
        return decidedBy(Preset.named(owner.getOrDefault(preset)));
    }

    /**
     * Makes stages that are set defaults. Of a model that it loads, Spark Connect's server tells the client the params that are
     * set, and cannot tell it a stage.
     */
    public void useStages() {
        useStage(vectorizer);
        useStage(vectorizerModel);
    }

    private <S> void useStage(Param<S> param) {
        if (owner.isSet(param)) {
            owner.setDefault(param, owner.getOrDefault(param));
            owner.clear(param);
        }
    }

    /** The params that an {@code architecture} replaces. */
    public List<Param<?>> replacedByArchitecture() {
        return List.of(hiddenLayers, activation, dropout, batchNorm);
    }

    /** The value as it is stored: a spec in its canonical form. An invalid spec throws an exception that lists what exists. */
    public static <V> V canonical(Param<V> param, V value) {
        if (param instanceof SpecParam spec) {
            @SuppressWarnings("unchecked") // a SpecParam's values are strings
            V text = (V) spec.canonical((String) value);
            return text;
        }
        return value;
    }
}
