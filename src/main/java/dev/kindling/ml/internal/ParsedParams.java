package dev.kindling.ml.internal;

import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.data.Shards;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.loss.Monitor;
import dev.kindling.loss.ValueLoss;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.ml.params.MlpRegressionParams;
import dev.kindling.nn.BatchNorm;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.Embed;
import dev.kindling.nn.Embedding;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.nn.NumberEmbedding;
import dev.kindling.nn.Scale;
import dev.kindling.nn.Standardize;
import dev.kindling.optim.Clip;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.GradientSource;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.RateFactors;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import dev.kindling.train.ClassWeights;
import dev.kindling.train.EarlyStopping;
import dev.kindling.train.RunConfig;
import dev.kindling.train.RunLength;
import dev.kindling.train.RunMemory;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.ensemble.EnsembleSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/**
 * What an estimator's params say. Every spec is parsed here, once, and everything is checked that needs no rows.
 *
 * <p>A default gives way to what the user sets, where both do not go together: a schedule to a plateau, dropout and the
 * schedule to an optimizer that cannot use them, the validation fraction to a validation column.
 */
public final class ParsedParams {
    /** With fewer rows, the default sets none aside for validation. */
    private static final int FEWEST_TO_VALIDATE = 50;

    /** With more features, layers that make rows dense, such as standardize, are there only if that is asked for. */
    private static final int MOST_TO_MAKE_DENSE = 4096;

    private final MlpParams params;
    private final Loss loss;
    private final Initializer initializer;
    private final Embedding embedding;
    private final NumberEmbedding numberEmbedding;
    private final FeatureLayout features;
    private final List<Layer> hidden; // behind embed, standardize and the embedding of numbers
    private final Optimizer optimizer;
    private final Plateau plateau;

    public ParsedParams(MlpParams params, FeatureLayout features) {
        params.paramSet().usePreset();
        this.params = params;
        this.features = features;
        this.optimizer = Spec.parse(Optimizer.class, params.getOptimizer());
        this.plateau = Spec.parse(Plateau.class, params.getPlateau());
        this.loss = Spec.parse(Loss.class, params.getLoss());
        requireKind(loss, !(params instanceof MlpRegressionParams));
        Require.that(
                !calibrates() || loss.isClassification(),
                "calibration is for probabilities of classes, but a regressor predicts values: leave it out");
        this.initializer = Spec.parse(Initializer.class, params.getInitializer());
        List<Layer> layers = hiddenLayers();
        this.embedding = front(Embedding.class, params.embedding(), new Embedding.None(), layers);
        this.numberEmbedding =
                front(NumberEmbedding.class, params.numberEmbedding(), new NumberEmbedding.None(), layers);
        this.hidden = layers;
        RunLength unknown = new RunLength(1, 1);
        rule(unknown); // refuses what does not go together, before rows are read
        options(unknown, true, true);
        requireFits();
    }

    /** Refuses hidden layers that are too large whatever the inputs and outputs are. */
    private void requireFits() {
        for (int first = 0; first < hidden.size(); first++) {
            if (hidden.get(first) instanceof Dense) {
                List<Layer> sized = new ArrayList<>(hidden.subList(first, hidden.size()));
                sized.add(new Dense(1, initializer));
                RunMemory.requireFits(Network.of(1, sized), optimizer);
                return;
            }
        }
    }

    /** What an architecture begins with, which is removed, or else what the param asks for. */
    private <T> T front(Class<T> family, Param<String> param, T none, List<Layer> layers) {
        T asked = Spec.parse(family, params.getOrDefault(param));
        if (layers.isEmpty() || !family.isInstance(layers.get(0))) {
            return asked;
        }
        Require.that(
                asked.equals(none) || !params.isSet(param),
                "architecture begins with " + Spec.name(layers.get(0)) + ", so " + param.name()
                        + " must not be set too");
        return family.cast(layers.remove(0));
    }

    /** The rows, packed and cached; for the caller to close. */
    public Shards pack(Dataset<?> dataset, String features, String label) {
        return pack(dataset, features, label, null);
    }

    /** @param filling of missing features; null if they are refused */
    Shards pack(Dataset<?> dataset, String features, String label, @Nullable Filling filling) {
        SparkContext context = dataset.sparkSession().sparkContext();
        int count = params.getNumShards() == 0 ? context.defaultParallelism() : params.getNumShards();
        Vector given = params.isSet(params.initialOffsets()) ? params.getInitialOffsets() : null;
        Shards shards = LabelledRows.pack(
                dataset,
                params,
                features,
                label,
                loss,
                count,
                params.getSeed(),
                validationFraction(),
                isAskedToValidate() ? 0 : FEWEST_TO_VALIDATE,
                given,
                filling);
        if (calibrates() && shards.validationRows() == 0) {
            shards.close();
            throw new InvalidInput("calibration needs rows to validate on, but none are set aside: give a"
                    + " validationFraction above 0");
        }
        if (given == null
                && params.isSet(params.initialWeights())
                && !shards.offsets().isNone()) {
            shards.close();
            throw new InvalidInput("initialWeights need initialOffsets beside them, as values of the data lie too far"
                    + " from 0, beside their range, for float32; setInitialModel sets both");
        }
        return shards;
    }

    /** The run on these rows, whose columns and classes decide the ends of the network. */
    public RunConfig config(Shards shards, String gemm) {
        Loss scaled = standardized(shards);
        Require.that(
                shards.offsets().targets() == 0 || (scaled instanceof ValueLoss value && value.isLinear()),
                "targets that lie this far from 0, beside their range, need a loss of differences, but the loss is "
                        + Spec.name(scaled));
        Require.that(
                shards.offsets().targets() == 0 || !params.getMonitor().equals(Monitor.MAPE.toString()),
                "targets that lie this far from 0, beside their range, need a monitor of differences, but it is mape: use"
                        + " mae");
        List<Layer> layers = new ArrayList<>();
        Optional<Embed> embed = embedding.over(features.widths());
        embed.ifPresent(layers::add);
        if (params.getStandardize()
                && isWorthIt(params.standardize(), shards.columns())
                && (params.isSet(params.standardize()) || !features.isVectorized())) {
            layers.add(new Standardize());
        }
        if (!(numberEmbedding instanceof NumberEmbedding.None)
                && isWorthIt(params.numberEmbedding(), shards.columns())) {
            boolean[] numbers = numberEmbedding instanceof NumberEmbedding.Auto
                    ? NumbersToEmbed.of(shards, features)
                    : shards.moments(true).numbers();
            numberEmbedding
                    .over(embed.map(layer -> layer.passing(numbers)).orElse(numbers))
                    .ifPresent(layers::add);
        }
        if (params.getTrainedScale() && isWorthIt(params.trainedScale(), shards.columns())) {
            layers.add(new Scale());
        }
        layers.addAll(hidden);
        layers.add(new Dense(
                scaled.outputs(scaled.isClassification() ? shards.classes() : shards.targets()), initializer));
        Network network = Network.of(shards.columns(), layers);
        int offsets = shards.columns() + (scaled.isClassification() ? 0 : shards.targets());
        Require.that(
                !params.isSet(params.initialOffsets())
                        || params.getInitialOffsets().size() == offsets,
                "initialOffsets must be those of the features and targets, " + offsets + ", but are "
                        + (params.isSet(params.initialOffsets())
                                ? params.getInitialOffsets().size()
                                : 0));
        RunLength length = length(shards.rows());
        RunConfig run = new RunConfig(
                network, scaled, rule(length), options(length, network.isRandom(), shards.validationRows() > 0), gemm);
        RunMemory.of(run, shards, params.isSet(params.checkpointDir()), members(shards.rows(), network))
                .requireFits(shards.rdd().context());
        return run;
    }

    /** Whether it is asked for, or there are few enough features for a default that makes rows dense. */
    private boolean isWorthIt(Param<?> param, int columns) {
        return params.isSet(param) || columns <= MOST_TO_MAKE_DENSE;
    }

    /** Why the network lacks an embedding that is asked for. */
    List<String> leftOut(Network network) {
        List<String> sentences = new ArrayList<>();
        if (embedding instanceof Embed embed && embed.over(features.widths()).isEmpty()) {
            sentences.add("the network has no embed layer: no column of the features is known to have more than "
                    + embed.oneHotUpTo() + " categories");
        }
        if (numberEmbedding instanceof Layer layer
                && isWorthIt(params.numberEmbedding(), network.inputs())
                && network.layers().stream().noneMatch(NumberEmbedding.class::isInstance)) {
            sentences.add("the network has no " + Spec.name(layer)
                    + " layer: no feature has a value other than 0 and 1 in the rows to train on");
        }
        return sentences;
    }

    /** The epochs and the batch size, chosen by the rows to train on where the params leave that open. */
    public RunLength length(long rows) {
        return RunLength.of(rows, params.getMaxIter(), params.getBatchSize());
    }

    /** The loss on standardized targets, if that is asked for and the loss of an earlier model does not do so already. */
    private Loss standardized(Shards shards) {
        return params instanceof MlpRegressionParams regression
                        && regression.getStandardizeTarget()
                        && loss instanceof ValueLoss value
                        && !(value instanceof ValueLoss.Standardized)
                        && (value.isStandardizable() || params.isSet(regression.standardizeTarget()))
                ? shards.standardized(value)
                : loss;
    }

    /**
     * The parameters that a member begins with, as they are given; null for fresh ones.
     *
     * @param member counted from 0
     */
    public float @Nullable [] initial(Network network, int member) {
        if (!params.isSet(params.initialWeights())) {
            return null;
        }
        double[] given = params.getInitialWeights().toArray();
        int count = network.parameterCount();
        int members = Math.max(1, params.getMembers());
        Require.that(
                given.length == count || given.length == (long) members * count,
                "initialWeights must be the " + count + " parameters of the network with " + network
                        + (members == 1 ? "" : ", or those of " + members + " members") + ", but are "
                        + given.length);
        int from = given.length == count ? 0 : member * count; // of one network: where all begin
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) given[from + i];
            Require.that(
                    Float.isFinite(values[i]),
                    "initialWeights must be finite numbers, but are " + given[from + i] + " in place " + (from + i));
        }
        return values;
    }

    /** The number of networks to train: one, where the params leave it open but give a network to begin with. */
    int members(long rows, Network network) {
        boolean begun = params.isSet(params.initialWeights()) && params.getMembers() == EnsembleSize.AUTO;
        return begun ? 1 : EnsembleSize.of(rows, network, params.getMembers());
    }

    /** Whether a column says which rows to validate on. */
    boolean hasOwnSplit() {
        return LabelledRows.isIndicated(params);
    }

    /** Whether to fit a temperature after training. */
    boolean calibrates() {
        return !params.getCalibration().equals("none");
    }

    /**
     * When and where checkpoints are written.
     *
     * @param subfolder of the params' folder, with a slash in front; empty for that folder itself
     */
    public CheckpointPolicy checkpoints(String subfolder) {
        return params.isSet(params.checkpointDir())
                ? new CheckpointPolicy(
                        params.getCheckpointDir() + subfolder,
                        params.getCheckpointInterval(),
                        params.getCheckpointMinutes(),
                        params.getCheckpointKeep())
                : CheckpointPolicy.NONE;
    }

    private static void requireKind(Loss loss, boolean classification) {
        List<String> fit = Spec.names(Loss.class).stream()
                .filter(name -> Spec.parse(Loss.class, name).isClassification() == classification)
                .toList();
        Require.that(
                loss.isClassification() == classification,
                "the loss of a " + (classification ? "classifier" : "regressor") + " must be one of "
                        + String.join(", ", fit) + ", but is " + Spec.name(loss));
    }

    private List<Layer> hiddenLayers() {
        List<Layer> layers = new ArrayList<>();
        if (params.isSet(params.architecture())) {
            for (Param<?> other : List.<Param<?>>of(
                    params.hiddenLayers(), params.activation(), params.batchNorm(), params.dropout())) {
                Require.that(
                        !params.isSet(other),
                        "architecture says all of the hidden layers, so " + other.name() + " must not be set too");
            }
            layers.addAll(Spec.parseAll(Layer.class, params.getArchitecture()));
            return layers;
        }
        Nonlinearity activation = Spec.parse(Nonlinearity.class, params.getActivation());
        int[] widths = params.getHiddenLayers();
        for (int i = 0; i < widths.length; i++) {
            Require.positive(widths[i], "the width of hidden layer " + (i + 1));
            layers.add(new Dense(widths[i], initializer));
            if (params.getBatchNorm()) {
                layers.add(new BatchNorm());
            }
            layers.add(activation);
            if (dropout() > 0) {
                layers.add(new Dropout(dropout()));
            }
        }
        return layers;
    }

    private double dropout() {
        return params.isSet(params.dropout()) || takesGradientSteps() ? params.getDropout() : 0;
    }

    /** What a param says, if it fits or is set; a default that does not fit gives way. */
    private <T> T suited(boolean fits, Class<T> family, Param<String> param, T otherwise) {
        return fits || params.isSet(param) ? Spec.parse(family, params.getOrDefault(param)) : otherwise;
    }

    private Schedule schedule() {
        return suited(
                takesGradientSteps() && plateau instanceof Plateau.None,
                Schedule.class,
                params.schedule(),
                new Schedule.Constant());
    }

    private boolean takesGradientSteps() {
        return optimizer instanceof FirstOrder;
    }

    private boolean isAskedToValidate() {
        return params.isSet(params.validationFraction()) || params.isSet(params.validationIndicatorCol());
    }

    /** The fraction of the rows to set aside, where there are enough. */
    private double validationFraction() {
        boolean columnStandsIn =
                params.isSet(params.validationIndicatorCol()) && !params.isSet(params.validationFraction());
        return columnStandsIn ? 0 : params.getValidationFraction();
    }

    private UpdateRule rule(RunLength length) {
        int reference = params.getReferenceBatchSize();
        double rate = params.getStepSize();
        return new UpdateRule(
                optimizer,
                reference == 0 ? rate : UpdateRule.scaledRate(rate, length.batchSize(), reference),
                schedule(),
                Penalty.elasticNet(params.getRegParam(), params.getElasticNetParam()),
                Spec.parse(Clip.class, params.getGradientClip()),
                params.getMaxNorm(),
                suited(takesGradientSteps(), RateFactors.class, params.rateFactors(), new RateFactors.None()),
                suited(decays(), Schedule.class, params.weightDecaySchedule(), new Schedule.Constant()));
    }

    private boolean decays() {
        return optimizer instanceof FirstOrder stepping && stepping.decoupledDecay() > 0;
    }

    /** Stopping by the loss of the rows that are trained on is for those who ask for it. */
    private int patience(boolean validates) {
        return validates || params.isSet(params.patience()) ? params.getPatience() : 0;
    }

    private TrainOptions options(RunLength length, boolean drops, boolean validates) {
        return new TrainOptions(
                length.epochs(),
                length.batchSize(),
                params.getSeed(),
                new EarlyStopping(patience(validates), params.getTol(), Monitor.named(params.getMonitor())),
                params.getAggregationDepth(),
                Spec.parse(ClassWeights.class, params.getClassWeights()),
                plateau,
                params.getEmaDecay(),
                suited(drops, Schedule.class, params.dropoutSchedule(), new Schedule.Constant()),
                Spec.parse(GradientSource.class, params.getGradientSource()),
                params.getLocalSteps(),
                Spec.parse(OuterOptimizer.class, params.getOuterOptimizer()));
    }
}
