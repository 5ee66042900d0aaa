package dev.kindling.ml.internal;

import dev.kindling.check.Checkup;
import dev.kindling.check.Doctor;
import dev.kindling.check.Finding;
import dev.kindling.check.LearningRateRange;
import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.Require;
import dev.kindling.live.LiveFit;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.ml.params.MlpRegressionParams;
import dev.kindling.nn.BatchNorm;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.GradientSource;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.nn.Standardize;
import dev.kindling.optim.Clip;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import dev.kindling.train.ClassWeights;
import dev.kindling.train.EarlyStopping;
import dev.kindling.train.ProgressLog;
import dev.kindling.train.TrainListener;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/** One fit: from a dataset and the estimator's params to a trained network. It leaves nothing in the cache. */
public final class Fitting {
    private Fitting() {}

    public static FitResult run(
            Dataset<?> dataset, MlpParams params, String features, String label, @Nullable TrainListener listener) {
        long start = System.nanoTime();
        return with(dataset, params, features, label, training -> {
            List<String> providers = GemmBackend.inUse(training.shards.rdd(), training.gemm);
            LiveFit live = new LiveFit(dataset.sparkSession().sparkContext(), params.uid());
            TrainState state = new Trainer(
                            training.network,
                            training.loss,
                            training.rule,
                            training.options,
                            training.gemm,
                            listeners(live, listener))
                    .fit(training.shards, initial(params, training.network), checkpointing(params));
            return new FitResult(
                    new NetworkWeights(
                            training.network,
                            training.loss,
                            state.result(),
                            training.classes(),
                            training.gemm,
                            training.shards.count()),
                    state.history(),
                    training.shards.rows(),
                    training.shards.validationRows(),
                    state.bestEpoch(),
                    stopReason(state),
                    providers,
                    (System.nanoTime() - start) / 1e9);
        });
    }

    /** The losses of growing learning rates, of the network that would be trained. */
    public static LearningRateRange learningRateRange(
            Dataset<?> dataset, MlpParams params, String features, String label) {
        return with(
                dataset,
                params,
                features,
                label,
                training -> LearningRateRange.of(
                        training.shards,
                        training.network,
                        training.loss,
                        training.rule,
                        training.options,
                        training.gemm,
                        initial(params, training.network)));
    }

    /**
     * What is wrong with data and network before training.
     *
     * @param test rows to test on; null without any
     * @param most rows to look at
     */
    public static Checkup check(
            Dataset<?> dataset, @Nullable Dataset<?> test, MlpParams params, String features, String label, long most) {
        DatasetCheck source = new DatasetCheck(dataset, test, params, features, label, most);
        List<Finding> found = new ArrayList<>(source.rows());
        if (source.usable() == 0) {
            return new Checkup(found);
        }
        return with(source.sample(), params, features, label, training -> {
            Doctor doctor = new Doctor(
                    training.shards,
                    new Trainer(
                            training.network,
                            training.loss,
                            training.rule,
                            training.options,
                            training.gemm,
                            new TrainListener() {}),
                    initial(params, training.network),
                    LabelledRows.featureNames(dataset.schema(), features),
                    LabelledRows.classNames(dataset.schema(), label));
            found.addAll(doctor.ofData());
            found.add(source.partitions());
            found.add(source.split());
            found.addAll(doctor.ofNetwork(source.share()));
            return new Checkup(found);
        });
    }

    /** What is to be trained on what, and how. */
    public record Training(
            Shards shards, Network network, Loss loss, UpdateRule rule, TrainOptions options, String gemm) {
        int classes() {
            return loss.isClassification() ? shards.classes() : 0;
        }
    }

    /** What params say that can be checked before there are rows. */
    public record Method(MlpParams params, Loss given, List<Layer> hidden, UpdateRule rule, TrainOptions options) {

        public static Method of(MlpParams params) {
            Loss given = Spec.parse(Loss.class, params.getLoss());
            requireKind(given, !(params instanceof MlpRegressionParams));
            return new Method(params, given, hiddenLayers(params), Fitting.rule(params), Fitting.options(params));
        }

        /** Does something with the rows, which are cached meanwhile. */
        public <T> T with(Dataset<?> dataset, String features, String label, Function<Shards, T> use) {
            SparkContext context = dataset.sparkSession().sparkContext();
            int count = params.getNumShards() == 0 ? context.defaultParallelism() : params.getNumShards();
            try (Shards shards = LabelledRows.pack(
                    dataset, params, features, label, given, count, params.getSeed(), params.getValidationFraction())) {
                return use.apply(shards);
            }
        }

        public Training on(Shards shards, String gemm) {
            Loss loss = loss(given, params, shards);
            List<Layer> layers = new ArrayList<>(hidden);
            layers.add(new Dense(
                    loss.outputs(loss.isClassification() ? shards.classes() : shards.targets()),
                    Spec.parse(Initializer.class, params.getInitializer())));
            Network network = Network.of(shards.columns(), layers);
            requireMemory(network.parameterCount());
            return new Training(shards, network, loss, rule, options, gemm);
        }
    }

    /** Does something with what the params say to train, once all of them are checked; the rows are cached meanwhile. */
    private static <T> T with(
            Dataset<?> dataset, MlpParams params, String features, String label, Function<Training, T> use) {
        Method method = Method.of(params);
        String gemm = GemmBackend.choose(dataset.sparkSession().sparkContext().getConf());
        return method.with(dataset, features, label, shards -> use.apply(method.on(shards, gemm)));
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

    /** With targets standardized, if that is asked for and the loss, of a model to go on from, does not yet do so. */
    private static Loss loss(Loss given, MlpParams params, Shards shards) {
        return params instanceof MlpRegressionParams regression
                        && regression.getStandardizeTarget()
                        && given instanceof ValueLoss loss
                        && !(loss instanceof ValueLoss.Standardized)
                ? shards.standardized(loss)
                : given;
    }

    public static float @Nullable [] initial(MlpParams params, Network network) {
        if (!params.isSet(params.initialWeights())) {
            return null;
        }
        double[] given = params.getInitialWeights().toArray();
        Require.that(
                given.length == network.parameterCount(),
                "initialWeights must be the " + network.parameterCount() + " parameters of the network with " + network
                        + ", but are " + given.length);
        float[] values = new float[given.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) given[i];
            Require.that(
                    Float.isFinite(values[i]),
                    "initialWeights must be finite numbers, but are " + given[i] + " in place " + i);
        }
        return values;
    }

    /** An index in the data, or a width, with some digits too many would take the driver's JVM with it. */
    private static void requireMemory(int parameters) {
        long least = 2L * Float.BYTES * parameters; // they and their gradient
        long heap = Runtime.getRuntime().maxMemory();
        Require.that(
                least < heap,
                "the driver's memory must hold the network's " + parameters + " parameters and their gradient, "
                        + (least >> 20) + " MiB, but is " + (heap >> 20) + " MiB");
    }

    private static TrainListener listeners(LiveFit live, @Nullable TrainListener own) {
        return own == null
                ? TrainListener.all(new ProgressLog(), live)
                : TrainListener.all(new ProgressLog(), live, own);
    }

    private static String stopReason(TrainState state) {
        return switch (state.stopReason()) {
            case EPOCHS -> "epochs";
            case EARLY_STOPPING -> "earlyStopping";
            case CONVERGED -> "converged";
        };
    }

    private static List<Layer> hiddenLayers(MlpParams params) {
        List<Layer> layers = new ArrayList<>();
        if (params.getStandardize()) {
            layers.add(new Standardize());
        }
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
        Initializer initializer = Spec.parse(Initializer.class, params.getInitializer());
        int[] widths = params.getHiddenLayers();
        for (int i = 0; i < widths.length; i++) {
            Require.positive(widths[i], "the width of hidden layer " + (i + 1));
            layers.add(new Dense(widths[i], initializer));
            if (params.getBatchNorm()) {
                layers.add(new BatchNorm());
            }
            layers.add(activation);
            if (params.getDropout() > 0) {
                layers.add(new Dropout(params.getDropout()));
            }
        }
        return layers;
    }

    private static UpdateRule rule(MlpParams params) {
        int reference = params.getReferenceBatchSize();
        double rate = params.getStepSize();
        return new UpdateRule(
                Spec.parse(Optimizer.class, params.getOptimizer()),
                reference == 0 ? rate : UpdateRule.scaledRate(rate, params.getBatchSize(), reference),
                Spec.parse(Schedule.class, params.getSchedule()),
                Penalty.elasticNet(params.getRegParam(), params.getElasticNetParam()),
                Spec.parse(Clip.class, params.getGradientClip()),
                params.getMaxNorm());
    }

    private static TrainOptions options(MlpParams params) {
        return new TrainOptions(
                params.getMaxIter(),
                params.getBatchSize(),
                params.getSeed(),
                new EarlyStopping(params.getPatience(), params.getTol()),
                params.getAggregationDepth(),
                Spec.parse(ClassWeights.class, params.getClassWeights()),
                Spec.parse(Plateau.class, params.getPlateau()),
                params.getEmaDecay(),
                Spec.parse(GradientSource.class, params.getGradientSource()),
                params.getLocalSteps(),
                Spec.parse(OuterOptimizer.class, params.getOuterOptimizer()));
    }

    private static CheckpointPolicy checkpointing(MlpParams params) {
        return params.isSet(params.checkpointDir())
                ? new CheckpointPolicy(
                        params.getCheckpointDir(),
                        params.getCheckpointInterval(),
                        params.getCheckpointMinutes(),
                        params.getCheckpointKeep())
                : CheckpointPolicy.NONE;
    }
}
