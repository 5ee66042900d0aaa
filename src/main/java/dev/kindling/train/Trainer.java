package dev.kindling.train;

import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Block;
import dev.kindling.nn.Loss;
import dev.kindling.nn.Network;
import dev.kindling.nn.Spec;
import dev.kindling.optim.UpdateRule;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * The training loop, on the driver. Each step sends the parameters to the shards' tasks, adds the gradients that come
 * back, and applies the update rule. What a step computes depends on the run's seed and the step's number alone.
 */
public final class Trainer {
    /** Parameters up to this many ride in the closure; Spark warns of closures above 1000 KiB. */
    private static final int INLINE = 200_000;

    private final Network network;
    private final UpdateRule rule;
    private final TrainOptions options;
    private final Plan plan;
    private final TrainListener listener;

    /** @param gemm the provider of matrix products that all tasks use, chosen on the driver */
    public Trainer(
            Network network, Loss loss, UpdateRule rule, TrainOptions options, String gemm, TrainListener listener) {
        this.network = network;
        this.rule = rule;
        this.options = options;
        this.plan = new Plan(network, loss, Metric.of(loss), gemm, options.seed());
        this.listener = listener;
    }

    public Network network() {
        return network;
    }

    public UpdateRule rule() {
        return rule;
    }

    public TrainOptions options() {
        return options;
    }

    /** What is reported beside the loss. */
    public Metric metric() {
        return plan.metric;
    }

    /** The provider of matrix products. */
    public String gemm() {
        return plan.gemm;
    }

    /** Trains from fresh parameters, which follow from the seed. */
    public TrainState fit(Shards shards) {
        return fit(
                shards.rdd(),
                shards,
                network.initialize(RandomKey.of(options.seed()).fold(RandomKey.INITIALIZE)));
    }

    /**
     * Trains from given parameters.
     *
     * @param rdd {@code shards.rdd()}, or what yields the same elements
     * @param parameters the first ones; overwritten
     * @throws DivergenceException once the loss is no longer a finite number
     */
    TrainState fit(JavaRDD<Shard> rdd, Shards shards, float[] parameters) {
        requireFit(shards);
        TrainState state = new TrainState(rule.optimizer(), parameters);
        return JobScope.run(rdd.context(), () -> new Run(rdd, shards, state).train());
    }

    private void requireFit(Shards shards) {
        Require.that(
                shards.columns() == network.inputs(),
                "the network takes " + network.inputs() + " inputs, but the rows have " + shards.columns());
        int classes = plan.loss.isClassification() ? shards.classes() : 0;
        Require.that(
                plan.loss.fits(network.outputs(), classes),
                Spec.print(plan.loss) + " cannot train a network of " + network.outputs() + " outputs"
                        + (classes > 0 ? " on " + classes + " classes" : ""));
    }

    /** One run over one set of shards. */
    private final class Run {
        private final JavaRDD<Shard> rdd;
        private final JavaSparkContext context;
        private final Shards shards;
        private final TrainState state;
        private final OrderedSum sum;
        private final List<Block> layout;
        private final int stepsPerEpoch;

        Run(JavaRDD<Shard> rdd, Shards shards, TrainState state) {
            this.rdd = rdd;
            this.context = JavaSparkContext.fromSparkContext(rdd.context());
            this.shards = shards;
            this.state = state;
            this.sum = new OrderedSum(shards.count(), options.aggregationDepth());
            this.layout = network.layout();
            this.stepsPerEpoch = Math.toIntExact((shards.rows() + options.batchSize() - 1) / options.batchSize());
        }

        TrainState train() {
            listener.started(Trainer.this, shards);
            while (state.epoch < options.epochs()) {
                Epoch epoch = epoch();
                state.epoch++;
                state.history.add(epoch);
                boolean stop = judge(epoch);
                listener.ended(epoch);
                if (stop) {
                    state.stopReason = TrainState.StopReason.EARLY_STOPPING;
                    break;
                }
            }
            listener.finished(state);
            return state;
        }

        private Epoch epoch() {
            long start = System.nanoTime();
            long last = (long) stepsPerEpoch * options.epochs();
            GradientSum total = new GradientSum(0);
            double norm = 0;
            double rate = 0;
            for (int step = 0; step < stepsPerEpoch; step++) {
                GradientSum batch = gradient(step);
                requireFinite(batch);
                total.loss += batch.loss;
                total.metric += batch.metric;
                total.weight += batch.weight;
                if (batch.weight > 0) {
                    rate = rule.rate(state.step, last);
                    norm = rule.apply(
                            layout, batch.weight, state.step, last, state.parameters, batch.gradient, state.slots);
                }
                state.step++;
            }
            double trained = seconds(start);
            GradientSum validation = shards.validationRows() == 0 ? new GradientSum(0) : validation();
            return new Epoch(
                    state.epoch + 1,
                    total.loss / total.weight,
                    plan.metric.of(total.metric, total.weight),
                    validation.loss / validation.weight, // NaN without validation rows
                    plan.metric.of(validation.metric, validation.weight),
                    rate,
                    norm,
                    stepsPerEpoch,
                    trained,
                    seconds(start));
        }

        private GradientSum gradient(int step) {
            int epoch = state.epoch;
            return withParameters(
                    (inline, broadcast) -> new ShardTask.Step(plan, inline, broadcast, epoch, step, stepsPerEpoch));
        }

        private GradientSum validation() {
            return withParameters((inline, broadcast) -> new ShardTask.Validation(plan, inline, broadcast));
        }

        private GradientSum withParameters(TaskMaker maker) {
            byte[] bytes = GradientSum.toBytes(state.parameters);
            if (state.parameters.length <= INLINE) {
                return sum.of(rdd, maker.task(bytes, null));
            }
            Broadcast<byte[]> broadcast = context.broadcast(bytes);
            try {
                return sum.of(rdd, maker.task(null, broadcast));
            } finally {
                broadcast.destroy();
            }
        }

        private void requireFinite(GradientSum batch) {
            if (!Double.isFinite(batch.loss)) {
                throw new DivergenceException("training diverged: the loss is " + batch.loss + " at step "
                        + (state.step + 1) + " (epoch " + (state.epoch + 1) + ", learning rate "
                        + rule.rate(state.step, (long) stepsPerEpoch * options.epochs())
                        + "); use a lower learning rate, standardized features or gradient clipping");
            }
        }

        /** Keeps the best parameters; says whether to stop. */
        private boolean judge(Epoch epoch) {
            EarlyStopping stopping = options.earlyStopping();
            double loss = epoch.monitored();
            if (state.bestEpoch == 0 || loss < state.bestLoss - stopping.minDelta()) {
                state.bestLoss = loss;
                state.bestEpoch = epoch.number();
                if (epoch.isValidated() || stopping.patience() > 0) {
                    state.bestParameters = state.parameters.clone();
                }
            }
            return stopping.stops(epoch.number() - state.bestEpoch);
        }

        private static double seconds(long start) {
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private interface TaskMaker {
        ShardTask task(byte @Nullable [] inline, @Nullable Broadcast<byte[]> broadcast);
    }
}
