package dev.kindling.train;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.loss.Metric;
import dev.kindling.loss.Monitor;
import dev.kindling.nn.Network;
import dev.kindling.optim.Clip;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.RateFactors;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import java.util.List;

/**
 * What a run is, apart from its rows.
 *
 * @param gemm the name of the GEMM backend that all tasks use; the driver chooses it, because bits depend on it
 */
public record RunConfig(Network network, Loss loss, UpdateRule rule, TrainOptions options, String gemm) {

    public RunConfig {
        if (!(rule.optimizer() instanceof FirstOrder)) {
            requireUsable(network, rule, options);
        }
        Require.that(
                rule.decaySchedule().equals(new Schedule.Constant())
                        || (rule.optimizer() instanceof FirstOrder stepping && stepping.decoupledDecay() > 0),
                "a weight decay schedule needs an optimizer with decoupled weight decay, adamw or lion, but the optimizer is "
                        + Spec.name(rule.optimizer()));
        Require.that(
                options.dropoutSchedule().equals(new Schedule.Constant()) || network.isRandom(),
                "a dropout schedule needs dropout, but the network has none");
        if (rule.isLazy()) {
            requireLazy(network, rule);
        }
        options.earlyStopping().monitor().metric(loss, network.outputs()); // refuses one that does not suit
    }

    private static void requireUsable(Network network, UpdateRule rule, TrainOptions options) {
        String optimizer = Spec.name(rule.optimizer());
        Require.that(
                !network.usesBatchStatistics(),
                optimizer + " takes no gradient steps, which batchNorm needs for its moving averages; use layerNorm");
        requireUnset(options.localSteps() == 1, optimizer, "number of local steps");
        requireUnset(options.emaDecay() == 0, optimizer, "moving average of the weights");
        requireUnset(rule.clip() instanceof Clip.None, optimizer, "gradient clip");
        requireUnset(rule.maxNorm() == 0, optimizer, "bound on the norm of weights");
        requireUnset(rule.rateFactors() instanceof RateFactors.None, optimizer, "factor of the learning rate");
        if (rule.optimizer() instanceof Optimizer.Lbfgs) {
            Require.that(!network.isRandom(), "lbfgs needs a loss that stays the same, but dropout draws a new one");
            requireUnset(rule.schedule().equals(new Schedule.Constant()), optimizer, "schedule");
            requireUnset(options.plateau() instanceof Plateau.None, optimizer, "plateau");
        }
    }

    private static void requireLazy(Network network, UpdateRule rule) {
        String optimizer = Spec.name(rule.optimizer());
        Require.that(
                network.touched(new int[0]).isPresent(),
                optimizer
                        + " steps the weights of the inputs that a batch has, so the first layer must be dense or embed,"
                        + " but is " + Spec.name(network.layers().get(0)) + "; use adam");
        requireUnset(rule.penalty().equals(Penalty.NONE), optimizer, "penalty");
        requireUnset(rule.maxNorm() == 0, optimizer, "bound on the norm of weights");
    }

    private static void requireUnset(boolean unset, String optimizer, String what) {
        Require.that(unset, optimizer + " has no use for a " + what + ": leave it out, or use another optimizer");
    }

    public RunConfig withNetwork(Network value) {
        return new RunConfig(value, loss, rule, options, gemm);
    }

    public RunConfig withLoss(Loss value) {
        return new RunConfig(network, value, rule, options, gemm);
    }

    public RunConfig withRule(UpdateRule value) {
        return new RunConfig(network, loss, value, options, gemm);
    }

    public RunConfig withOptions(TrainOptions value) {
        return new RunConfig(network, loss, rule, value, gemm);
    }

    /** The metric that is reported beside the loss. */
    public Metric metric() {
        return monitor().metric(loss, network.outputs());
    }

    /** What epochs are compared by. */
    public Monitor monitor() {
        return options.earlyStopping().monitor();
    }

    /**
     * What an epoch is judged by, of the validation rows or, without any, of the training rows: the smaller the better. It is
     * the monitored figure, with its sign changed where larger is better.
     */
    public double cost(Epoch epoch) {
        if (monitor() == Monitor.LOSS) {
            return epoch.isValidated() ? epoch.validationLoss() : epoch.trainingLoss();
        }
        double figure = epoch.isValidated() ? epoch.validationMetric() : epoch.trainingMetric();
        return monitor().isLargerBetter() ? -figure : figure;
    }

    /** The steps of an epoch over that many rows. */
    public long stepsPerEpoch(long rows) {
        return (rows + options.batchSize() - 1) / options.batchSize();
    }

    /**
     * Every setting of the run but the GEMM backend, in a fixed order. The checkpoint's fingerprint, TensorBoard's
     * hyperparameters and the report are made from this list: a new setting is added here and nowhere else.
     */
    public List<Setting> settings() {
        return List.of(
                new Setting(
                        "network",
                        "architecture",
                        network.inputs() + " inputs: " + Spec.printAll(network.layers()),
                        Spec.briefAll(network.layers())),
                Setting.spec("loss", "loss", loss),
                Setting.spec("optimizer", "optimizer", rule.optimizer()),
                Setting.number("learning rate", "learning_rate", rule.learningRate()),
                Setting.spec("schedule", "schedule", rule.schedule()),
                Setting.number("L1 penalty", "l1", rule.penalty().l1()),
                Setting.number("L2 penalty", "l2", rule.penalty().l2()),
                Setting.spec("gradient clip", "gradient_clip", rule.clip()),
                Setting.number("bound on the norm of weights", "max_norm", rule.maxNorm()),
                Setting.spec("rate factors", "rate_factors", rule.rateFactors()),
                Setting.spec("weight decay schedule", "weight_decay_schedule", rule.decaySchedule()),
                Setting.spec("dropout schedule", "dropout_schedule", options.dropoutSchedule()),
                Setting.number("epochs at most", "epochs", options.epochs()).changesNoBits(),
                Setting.number("batch size", "batch_size", options.batchSize()),
                Setting.number("seed", "seed", options.seed()),
                new Setting(
                        "monitor", "monitor", monitor().toString(), monitor().toString()),
                Setting.number("patience", "patience", options.earlyStopping().patience()),
                Setting.number("tolerance", "tol", options.earlyStopping().minDelta()),
                Setting.spec("class weights", "class_weights", options.classWeights()),
                Setting.spec("plateau", "plateau", options.plateau()),
                Setting.number("decay of the moving average", "ema_decay", options.emaDecay()),
                Setting.spec("gradient source", "gradient_source", options.gradientSource()),
                Setting.number("local steps", "local_steps", options.localSteps()),
                Setting.spec("outer optimizer", "outer_optimizer", options.outerOptimizer()),
                Setting.number("aggregation depth", "aggregation_depth", options.aggregationDepth())
                        .changesNoBits());
    }
}
