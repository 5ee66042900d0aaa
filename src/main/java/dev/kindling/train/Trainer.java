package dev.kindling.train;

import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.checkpoint.CheckpointStore;
import dev.kindling.checkpoint.RunFingerprint;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.CvFold;
import dev.kindling.data.Moments;
import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.engine.RunSetup;
import dev.kindling.engine.ShardEngine;
import dev.kindling.engine.ShardWork;
import dev.kindling.engine.SharedRounds;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Network;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spark.JobScope;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.jspecify.annotations.Nullable;

/**
 * The training loop, on the driver. Each step sends the parameters to the shards' tasks, adds the gradients that come
 * back, and applies the update rule. What a step computes depends on the run's seed and the step's number alone.
 */
public final class Trainer {
    /** The quantiles of more rows would hardly differ. */
    private static final int ROWS_FOR_BINS = 10_000;

    private final RunConfig run;
    private final Network network;
    private final Loss loss;
    private final UpdateRule rule;
    private final TrainOptions options;
    private final TrainListener listener;

    public Trainer(RunConfig run, TrainListener listener) {
        this.run = run;
        this.network = run.network();
        this.loss = run.loss();
        this.rule = run.rule();
        this.options = run.options();
        this.listener = listener;
    }

    public RunConfig run() {
        return run;
    }

    /** As {@link #fit(Shards, CheckpointPolicy)}, without checkpoints. */
    public TrainState fit(Shards shards) {
        return fit(shards, CheckpointPolicy.NONE);
    }

    /** As {@link #fit(Shards, float[], CheckpointPolicy)}, from fresh parameters. */
    public TrainState fit(Shards shards, CheckpointPolicy checkpointing) {
        return fit(shards, null, checkpointing);
    }

    /**
     * Resumes from the newest checkpoint, if there is one; else trains from fresh parameters. They follow from the seed
     * and, for the bias of the outputs and for {@code standardize}, from the rows.
     *
     * @param initial parameters to begin with, as they are; null for fresh ones
     * @throws DivergenceException when the loss is no longer finite
     * @throws dev.kindling.linalg.InvalidInput if a checkpoint belongs to another run or other rows
     */
    public TrainState fit(Shards shards, float @Nullable [] initial, CheckpointPolicy checkpointing) {
        return fit(shards, null, initial, checkpointing, setup -> alone(shards.rdd(), shards, setup));
    }

    /**
     * The same, with the same bits, as one of several concurrent runs over the same shards.
     *
     * @param fold whose rows are for validation; null: those that the shards set aside
     */
    public TrainState fit(
            SharedRounds rounds, @Nullable CvFold fold, float @Nullable [] initial, CheckpointPolicy checkpointing) {
        return fit(rounds.shards(fold), fold, initial, checkpointing, rounds::join);
    }

    private TrainState fit(
            Shards shards,
            @Nullable CvFold fold,
            float @Nullable [] initial,
            CheckpointPolicy checkpointing,
            Function<RunSetup, ShardWork> works) {
        requireFit(shards);
        Moments moments = shards.moments(network.standardizes() && initial == null);
        Moments weighted = weighted(moments);
        float[] first = initial == null ? fresh(shards, moments, weighted) : initial.clone();
        return fit(shards, fold, moments, first, checkpointing, identity(shards, initial), works);
    }

    /** A short name of the run that {@link #fit} would be: other settings, rows, first parameters or epochs give another. */
    public String name(Shards shards, float @Nullable [] initial) {
        return identity(shards, initial).with("epochs", options.epochs()).digest();
    }

    /** The parameters that {@link #fit} begins with if none are given. */
    public float[] firstParameters(Shards shards) {
        requireFit(shards);
        Moments moments = shards.moments(network.standardizes());
        return fresh(shards, moments, weighted(moments));
    }

    /** What every task of the run needs. */
    public RunSetup setup(Moments moments, @Nullable CvFold fold) {
        return new RunSetup(
                network,
                loss,
                run.metric(),
                options.gradientSource(),
                run.gemm(),
                options.seed(),
                options.epochs(),
                options.dropoutSchedule(),
                options.classWeights().of(moments.classes),
                fold);
    }

    private Moments weighted(Moments moments) {
        Moments weighted = moments.reweighted(options.classWeights().of(moments.classes));
        Require.that(weighted.weight > 0, "at least one class that occurs must have a class weight above 0");
        return weighted;
    }

    private float[] fresh(Shards shards, Moments moments, Moments weighted) {
        float[] parameters = network.initialize(RandomKey.of(options.seed()).fold(RandomKey.INITIALIZE));
        if (network.standardizes()) {
            network.standardize(moments.centers(), moments.scales(), parameters);
        }
        if (network.hasBins()) {
            network.bin(shards.sample(ROWS_FOR_BINS).features(), parameters);
        }
        network.outputBias().ifPresent(block -> {
            float[] bias = loss.outputBias(block.size(), shards.rows(), weighted.classes, weighted.targets);
            System.arraycopy(bias, 0, parameters, block.offset(), bias.length);
        });
        return parameters;
    }

    /**
     * Trains from given parameters.
     *
     * @param rdd {@code shards.rdd()}, or what yields the same elements
     * @param parameters the first ones; overwritten
     */
    TrainState fit(
            JavaRDD<Shard> rdd, Shards shards, Moments moments, float[] parameters, CheckpointPolicy checkpointing) {
        return fit(
                shards,
                null,
                moments,
                parameters,
                checkpointing,
                identity(shards, null),
                setup -> alone(rdd, shards, setup));
    }

    /** A run's own engine over the shards. */
    private ShardWork alone(JavaRDD<Shard> rdd, Shards shards, RunSetup setup) {
        return new ShardWork(ShardEngine.open(rdd, shards, options.aggregationDepth()), setup);
    }

    private TrainState fit(
            Shards shards,
            @Nullable CvFold fold,
            Moments moments,
            float[] parameters,
            CheckpointPolicy checkpointing,
            RunFingerprint identity,
            Function<RunSetup, ShardWork> works) {
        SparkContext context = shards.rdd().context();
        RunSetup setup = setup(moments, fold);
        boolean[] started = {false};
        try {
            return JobScope.run(context, () -> {
                try (CheckpointStore checkpoints = CheckpointStore.open(
                                checkpointing,
                                context.hadoopConfiguration(),
                                identity,
                                "application " + context.applicationId() + " of user " + context.sparkUser());
                        ShardWork work = works.apply(setup);
                        RunMetrics metrics =
                                RunMetrics.open(context, shards.rows(), run.stepsPerEpoch(shards.rows()))) {
                    started[0] = true;
                    listener.started(run, shards, work.place());
                    try {
                        Optional<CheckpointStore.Restored> restored =
                                checkpoints.restore(() -> state(new float[parameters.length]), options.epochs());
                        TrainState state =
                                restored.map(CheckpointStore.Restored::state).orElseGet(() -> state(parameters));
                        restored.ifPresent(from -> listener.resumed(from.file(), state));
                        listener.begun(state.current(), state.taken);
                        new TrainingLoop(
                                        work,
                                        strategy(work, shards),
                                        run,
                                        shards.validationRows() > 0,
                                        listener,
                                        checkpoints,
                                        metrics)
                                .train(state);
                        checkpoints.finished(state);
                        listener.finished(state);
                        return state;
                    } catch (DivergenceException e) {
                        throw e.keptIn(checkpoints.newest());
                    }
                }
            });
        } catch (Throwable e) { // as JobScope rethrows it
            if (started[0]) {
                listener.failed(e);
            }
            throw e;
        } finally {
            listener.closed();
        }
    }

    private TrainState state(float[] parameters) {
        return new TrainState(rule.optimizer(), options.outerOptimizer(), parameters, options.emaDecay() > 0);
    }

    /** Everything that the bits of a run depend on, except its length. */
    private RunFingerprint identity(Shards shards, float @Nullable [] initial) {
        RunFingerprint identity = new RunFingerprint(network.layout(), run.gemm());
        run.settings().stream().filter(Setting::changesBits).forEach(each -> identity.with(each.name(), each.exact()));
        if (!shards.offsets().isNone()) {
            identity.with("offsets", shards.offsets());
        }
        identity.with("shards", shards.count())
                .with("seed of the spreading", shards.seed())
                .with("rows to train on", shards.rows())
                .with("rows to validate on", shards.validationRows())
                .with("fingerprint of the rows", Long.toHexString(shards.fingerprint()));
        return initial == null
                ? identity
                : identity.with("first parameters", Integer.toHexString(Arrays.hashCode(initial)));
    }

    private EpochStrategy strategy(ShardWork work, Shards shards) {
        long steps = run.stepsPerEpoch(shards.rows());
        Horizon horizon = new Horizon(steps, steps * options.epochs());
        if (rule.optimizer() instanceof Optimizer.Lbfgs lbfgs) {
            return new LbfgsStrategy(work, lbfgs, rule.penalty(), network.layout(), network.parameterCount());
        }
        StepStrategy strategy;
        TouchedSteps touched = TouchedSteps.of(work, run, shards).orElse(null);
        if (rule.optimizer() instanceof Optimizer.RandomSearch) {
            RandomKey key = RandomKey.of(options.seed()).fold(RandomKey.PERTURB);
            strategy = new RandomSearchStrategy(work, rule, network.layout(), horizon, key);
        } else if (options.localSteps() > 1) {
            strategy = new LocalStepsStrategy(work, rule, network.layout(), horizon, options, touched);
        } else {
            strategy = new MiniBatchStrategy(work, rule, network.layout(), horizon, options.emaDecay(), touched);
        }
        return new SteppedEpoch(work, strategy, Math.toIntExact(steps));
    }

    private void requireFit(Shards shards) {
        Require.that(
                shards.columns() == network.inputs(),
                "the network takes " + network.inputs() + " inputs, but the rows have " + shards.columns());
        int classes = loss.isClassification() ? shards.classes() : 0;
        int targets = shards.targets();
        Require.that(
                loss.fits(network.outputs(), classes) && (classes > 0 || network.outputs() == targets),
                Spec.name(loss) + " cannot train a network of " + network.outputs() + " outputs on "
                        + (classes > 0 ? classes + " classes" : targets == 1 ? "one target" : targets + " targets"));
        Require.that(
                classes > 0 || options.classWeights() instanceof ClassWeights.None,
                "class weights need labels that are classes, but " + Spec.name(loss) + " takes values");
        Require.that(
                !network.usesBatchStatistics() || options.batchSize() / shards.count() >= 2,
                "batchNorm needs at least 2 rows of each shard in a step, but batches of " + options.batchSize()
                        + " rows over " + shards.count() + " shards give fewer; use larger batches, fewer shards or"
                        + " layerNorm");
    }
}
