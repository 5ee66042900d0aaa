package dev.kindling.job;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.spec.Spec;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.ml.param.Param;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that are params of the estimator. Their defaults are the estimator's. */
final class EstimatorOptions {
    @Option(
            names = "--hidden",
            paramLabel = "W,W,…",
            split = ",",
            hideParamSyntax = true,
            description = "Widths of the hidden layers, such as 256,128. Default: ${DEFAULT-VALUE}")
    int[] hidden = {};

    @Option(
            names = "--activation",
            paramLabel = "SPEC",
            description = "After each hidden layer. Default: ${DEFAULT-VALUE}")
    String activation = "";

    @Option(
            names = "--dropout",
            paramLabel = "F",
            description = "Fraction of hidden outputs dropped in training. Default: ${DEFAULT-VALUE}")
    double dropout;

    @Option(names = "--batch-norm", description = "Normalises each hidden layer over the batch, before its activation")
    boolean batchNorm;

    @Option(
            names = "--architecture",
            paramLabel = "SPEC",
            description =
                    "The hidden layers in full instead of --hidden, --activation, --batch-norm and --dropout, such as"
                            + " \"dense(256) batchNorm relu dropout(0.2), dense(128) relu\"")
    @Nullable
    String architecture;

    @Option(
            names = "--initializer",
            paramLabel = "SPEC",
            description = "How weights begin, such as heNormal. Default: ${DEFAULT-VALUE}")
    String initializer = "";

    @Option(names = "--standardize", description = "Has the model scale each feature to mean 0 and deviation 1")
    boolean standardize;

    @Option(
            names = "--standardize-target",
            description = "Scales the values to predict while training, to mean 0 and deviation 1")
    boolean standardizeTarget;

    @Option(
            names = "--class-weights",
            paramLabel = "SPEC",
            description =
                    "Of the training rows: none, balanced, factors([1 5]) or byClass([1], [5]). Default: ${DEFAULT-VALUE}")
    String classWeights = "";

    @Option(
            names = "--loss",
            paramLabel = "SPEC",
            description = "Default: softmaxCrossEntropy for classes, squaredError for values")
    @Nullable
    String loss;

    @Option(
            names = "--optimizer",
            paramLabel = "SPEC",
            description = "Such as adam or momentum(momentum=0.9). Default: ${DEFAULT-VALUE}")
    String optimizer = "";

    @Option(names = "--learning-rate", paramLabel = "R", description = "Default: ${DEFAULT-VALUE}")
    double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "SPEC",
            description = "Course of the learning rate, such as cosine or warmup(epochs(2), then=cosine)."
                    + " Default: ${DEFAULT-VALUE}")
    String schedule = "";

    @Option(
            names = "--gradient-clip",
            paramLabel = "SPEC",
            description = "Bound on the gradient, such as globalNorm(1). Default: ${DEFAULT-VALUE}")
    String gradientClip = "";

    @Option(
            names = "--plateau",
            paramLabel = "SPEC",
            description = "Lowers the learning rate once the loss stays, such as reduce(factor=0.1, patience=10)."
                    + " Default: ${DEFAULT-VALUE}")
    String plateau = "";

    @Option(
            names = "--max-norm",
            paramLabel = "C",
            description = "Bound on the norm of the weights into each unit; 0: none. Default: ${DEFAULT-VALUE}")
    double maxNorm;

    @Option(
            names = "--ema-decay",
            paramLabel = "D",
            description = "Decay of a moving average of the weights, which is then kept; 0: none."
                    + " Default: ${DEFAULT-VALUE}")
    double emaDecay;

    @Option(
            names = "--reference-batch-size",
            paramLabel = "B",
            description = "Batch size that the learning rate is for, and is scaled from; 0: as it is."
                    + " Default: ${DEFAULT-VALUE}")
    int referenceBatchSize;

    @Option(
            names = "--local-steps",
            paramLabel = "H",
            description = "Steps that each shard takes by itself before the shards are averaged; 1: none."
                    + " Default: ${DEFAULT-VALUE}")
    int localSteps;

    @Option(
            names = "--outer-optimizer",
            paramLabel = "SPEC",
            description = "What becomes of that average: average, nesterov(learningRate=0.7, momentum=0.9)."
                    + " Default: ${DEFAULT-VALUE}")
    String outerOptimizer = "";

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data. Default: ${DEFAULT-VALUE}")
    int epochs;

    @Option(
            names = "--batch-size",
            paramLabel = "B",
            description = "Rows in a step, over all shards together. Default: ${DEFAULT-VALUE}")
    int batchSize;

    @Option(
            names = "--l1",
            paramLabel = "L",
            defaultValue = "0",
            description = "Adds L*sum|w| to the loss. Default: ${DEFAULT-VALUE}")
    double l1;

    @Option(
            names = "--l2",
            paramLabel = "L",
            defaultValue = "0",
            description = "Adds L/2*sum w^2 to the loss. Default: ${DEFAULT-VALUE}")
    double l2;

    @Option(
            names = "--validation-fraction",
            paramLabel = "F",
            description = "Fraction of the training rows to validate on; the best epoch's weights are kept."
                    + " Default: ${DEFAULT-VALUE}")
    double validationFraction;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stops after N epochs without a better loss; 0: never. Default: ${DEFAULT-VALUE}")
    int patience;

    @Option(
            names = "--tol",
            paramLabel = "T",
            description = "By how much a loss must be better to count for patience. Default: ${DEFAULT-VALUE}")
    double tol;

    @Option(names = "--seed", paramLabel = "S", description = "Of everything random. Default: ${DEFAULT-VALUE}")
    long seed;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Shards of the data; 0: as many as the cluster runs at once. Default: ${DEFAULT-VALUE}")
    int shards;

    @Option(
            names = "--aggregation-depth",
            paramLabel = "D",
            description = "1: the driver adds all gradients; 2: executors add those that are too much for it."
                    + " Default: ${DEFAULT-VALUE}")
    int aggregationDepth;

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = "Folder for checkpoints, from which --resume goes on. Default: none are written")
    @Nullable
    String checkpoint;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "K",
            description = "Epochs between checkpoints; 0: none by epochs. Default: ${DEFAULT-VALUE}")
    int checkpointInterval;

    @Option(
            names = "--checkpoint-minutes",
            paramLabel = "M",
            description = "Minutes between checkpoints, within epochs too; 0: none by time. Default: ${DEFAULT-VALUE}")
    double checkpointMinutes;

    @Option(
            names = "--checkpoint-keep",
            paramLabel = "N",
            description = "How many of the newest are kept, besides the best epoch's. Default: ${DEFAULT-VALUE}")
    int checkpointKeep;

    /**
     * Sets the estimator's params.
     *
     * @throws InvalidInput for the first option that is out of its bounds
     */
    void applyTo(MlpEstimatorParams<?> estimator) {
        if (architecture != null) {
            set("--architecture", architecture, estimator::setArchitecture, estimator.architecture());
        } else {
            for (int width : hidden) {
                Require.that(width > 0, "--hidden must list positive widths such as 256,128, but has " + width);
            }
            estimator.setHiddenLayers(hidden);
            set("--activation", activation, estimator::setActivation, estimator.activation());
            set("--dropout", dropout, estimator::setDropout, estimator.dropout());
            estimator.setBatchNorm(batchNorm);
        }
        set("--initializer", initializer, estimator::setInitializer, estimator.initializer());
        estimator.setStandardize(standardize);
        if (estimator instanceof MlpRegressor regressor) {
            regressor.setStandardizeTarget(standardizeTarget);
        } else {
            Require.that(
                    !standardizeTarget, "--standardize-target needs values to predict, but the labels are classes");
        }
        set("--class-weights", classWeights, estimator::setClassWeights, estimator.classWeights());
        if (loss != null) {
            set("--loss", loss, estimator::setLoss, estimator.loss());
        }
        set("--optimizer", optimizer, estimator::setOptimizer, estimator.optimizer());
        set("--learning-rate", learningRate, estimator::setStepSize, estimator.stepSize());
        set("--schedule", schedule, estimator::setSchedule, estimator.schedule());
        set("--gradient-clip", gradientClip, estimator::setGradientClip, estimator.gradientClip());
        set("--plateau", plateau, estimator::setPlateau, estimator.plateau());
        set("--max-norm", maxNorm, estimator::setMaxNorm, estimator.maxNorm());
        set("--ema-decay", emaDecay, estimator::setEmaDecay, estimator.emaDecay());
        set(
                "--reference-batch-size",
                referenceBatchSize,
                estimator::setReferenceBatchSize,
                estimator.referenceBatchSize());
        set("--local-steps", localSteps, estimator::setLocalSteps, estimator.localSteps());
        set("--outer-optimizer", outerOptimizer, estimator::setOuterOptimizer, estimator.outerOptimizer());
        set("--epochs", epochs, estimator::setMaxIter, estimator.maxIter());
        set("--batch-size", batchSize, estimator::setBatchSize, estimator.batchSize());
        Require.nonNegative(l1, "--l1");
        Require.nonNegative(l2, "--l2");
        estimator.setRegParam(l1 + l2);
        estimator.setElasticNetParam(l1 == 0 ? 0 : l1 / (l1 + l2));
        set(
                "--validation-fraction",
                validationFraction,
                estimator::setValidationFraction,
                estimator.validationFraction());
        set("--patience", patience, estimator::setPatience, estimator.patience());
        set("--tol", tol, estimator::setTol, estimator.tol());
        estimator.setSeed(seed);
        set("--shards", shards, estimator::setNumShards, estimator.numShards());
        set("--aggregation-depth", aggregationDepth, estimator::setAggregationDepth, estimator.aggregationDepth());
        if (checkpoint != null) {
            estimator.setCheckpointDir(checkpoint);
        }
        set(
                "--checkpoint-interval",
                checkpointInterval,
                estimator::setCheckpointInterval,
                estimator.checkpointInterval());
        set("--checkpoint-minutes", checkpointMinutes, estimator::setCheckpointMinutes, estimator.checkpointMinutes());
        set("--checkpoint-keep", checkpointKeep, estimator::setCheckpointKeep, estimator.checkpointKeep());
    }

    private static <T> void set(String option, T value, Consumer<T> setter, Param<?> param) {
        try {
            setter.accept(value);
        } catch (InvalidInput e) {
            throw new InvalidInput(option + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new InvalidInput(option + " cannot be " + value + ": it is the " + param.doc());
        }
    }

    /** The name of the param that an option sets. */
    static String param(String option) {
        String param = Defaults.PARAMS.get(option);
        return param != null ? param : Objects.requireNonNull(Defaults.OTHERS.get(option));
    }

    /** The options that set a param. */
    static Set<String> options() {
        Set<String> options = new HashSet<>(Defaults.PARAMS.keySet());
        options.addAll(Defaults.OTHERS.keySet());
        return options;
    }

    /** Tells picocli the estimator's defaults, so that they are stated once. */
    static final class Defaults implements IDefaultValueProvider {
        private static final Map<String, String> PARAMS = Map.ofEntries(
                Map.entry("--hidden", "hiddenLayers"),
                Map.entry("--activation", "activation"),
                Map.entry("--dropout", "dropout"),
                Map.entry("--optimizer", "optimizer"),
                Map.entry("--learning-rate", "stepSize"),
                Map.entry("--schedule", "schedule"),
                Map.entry("--gradient-clip", "gradientClip"),
                Map.entry("--initializer", "initializer"),
                Map.entry("--class-weights", "classWeights"),
                Map.entry("--plateau", "plateau"),
                Map.entry("--max-norm", "maxNorm"),
                Map.entry("--ema-decay", "emaDecay"),
                Map.entry("--reference-batch-size", "referenceBatchSize"),
                Map.entry("--local-steps", "localSteps"),
                Map.entry("--outer-optimizer", "outerOptimizer"),
                Map.entry("--epochs", "maxIter"),
                Map.entry("--batch-size", "batchSize"),
                Map.entry("--validation-fraction", "validationFraction"),
                Map.entry("--patience", "patience"),
                Map.entry("--tol", "tol"),
                Map.entry("--seed", "seed"),
                Map.entry("--shards", "numShards"),
                Map.entry("--aggregation-depth", "aggregationDepth"),
                Map.entry("--checkpoint-interval", "checkpointInterval"),
                Map.entry("--checkpoint-minutes", "checkpointMinutes"),
                Map.entry("--checkpoint-keep", "checkpointKeep"));

        /** Those that have no default to tell, or one that says nothing. */
        private static final Map<String, String> OTHERS = Map.of(
                "--architecture", "architecture",
                "--batch-norm", "batchNorm",
                "--standardize", "standardize",
                "--standardize-target", "standardizeTarget",
                "--loss", "loss",
                "--l1", "regParam",
                "--l2", "regParam");

        private final MlpClassifier estimator = new MlpClassifier();

        @Override
        public @Nullable String defaultValue(ArgSpec argument) {
            String param = argument instanceof OptionSpec option ? PARAMS.get(option.longestName()) : null;
            return param == null ? null : text(param);
        }

        private <T> String text(String name) {
            @SuppressWarnings("unchecked")
            Param<T> param = (Param<T>) estimator.getParam(name);
            T value = estimator.getOrDefault(param);
            if (value instanceof Double number) {
                return Spec.print(number.doubleValue());
            }
            // as Spark writes it into a model's metadata: 20, "relu", [100]
            return param.jsonEncode(value).replaceAll("[\\[\\]\"]", "");
        }
    }
}
