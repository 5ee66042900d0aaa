package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.ShardRequest;
import dev.kindling.engine.ShardWork;
import dev.kindling.engine.TouchedPart;
import dev.kindling.linalg.Kernels;
import dev.kindling.nn.Block;
import dev.kindling.nn.Network;
import dev.kindling.nn.embedding.TouchedRows;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Steps of a network whose first weights are wide and whose rows are sparse. Only what a step touches goes to the shards
 * and comes back. It is all that is stepped, too, if the update rule leaves the rest alone; else the rule moves all.
 */
public final class TouchedSteps {
    private static final int AHEAD = 1 << 22; // inputs that are asked for together, about
    private static final int MOST = 64; // sets that are asked for together
    private static final double SPARSE = 0.1; // of a row's values are not 0, at most, as where rows are packed sparse
    private static final int LARGE = 1 << 16; // the least number of weights that is worth it

    private final ShardWork work;
    private final Network network;
    private final UpdateRule rule;
    private final int every;
    private final int count;

    private final Deque<int[]> coming = new ArrayDeque<>(); // what the next steps touch
    private int epoch; // of the first of them
    private int taken; // steps of that epoch before it

    private TouchedPart part;
    private float[] parameters = {}; // of the part
    private Slots slots; // of the part; empty if the rule moves all
    private float[] gradient = {}; // of all, if the rule moves all

    private TouchedSteps(ShardWork work, RunConfig run, Shards shards) {
        this.work = work;
        this.network = run.network();
        this.rule = run.rule();
        this.every = run.options().localSteps();
        this.count = ahead(shards.nonzeros() * run.options().batchSize() * every);
        this.part = TouchedPart.of(network, new int[0], null);
        this.slots = new Slots(rule.optimizer(), 0);
    }

    /** For how many rounds it is asked together what they touch, where rows of a round have so many values beside 0. */
    public static int ahead(double inputs) {
        return (int) Math.max(1, Math.min(MOST, AHEAD / Math.max(1, inputs)));
    }

    /** Empty if steps take the whole network. */
    public static Optional<TouchedSteps> of(ShardWork work, RunConfig run, Shards shards) {
        return length(run, shards).isPresent() ? Optional.of(new TouchedSteps(work, run, shards)) : Optional.empty();
    }

    /** The length of what a step, or a round of local steps, touches of a vector, about; empty if it is all. */
    static OptionalLong length(RunConfig run, Shards shards) {
        double batch = (double) run.options().batchSize() * run.options().localSteps();
        if (batch >= below(run, shards)) {
            return OptionalLong.empty();
        }
        TouchedRows none = run.network().touched(new int[0]).orElseThrow();
        long rows = none.wholeRows();
        long touched = (long) Math.min((double) rows, shards.nonzeros() * batch);
        return OptionalLong.of(run.network().parameterCount() - (rows - touched) * none.width());
    }

    /** The rows of a step, or of a round of local steps, below which it takes only what they touch; 0: never. */
    public static double below(RunConfig run, Shards shards) {
        Optional<TouchedRows> none = run.network().touched(new int[0]);
        if (none.isEmpty() || (!run.rule().skipsUntouched() && run.options().localSteps() > 1)) {
            return 0;
        }
        if (run.rule().isLazy()) {
            return Double.POSITIVE_INFINITY;
        }
        int rows = none.get().wholeRows();
        boolean pays = (long) rows * none.get().width() >= LARGE && shards.nonzeros() <= SPARSE * shards.columns();
        return pays ? (rows / 2 + 1) / shards.nonzeros() : 0;
    }

    /** Whether steps move weights that their rows do not touch. */
    static boolean moveUntouched(RunConfig run, Shards shards) {
        return !run.rule().skipsUntouched() && length(run, shards).isPresent();
    }

    /** Asks what the next steps touch, unless it is known. */
    public void ask(TrainState state, int steps) {
        if (coming.isEmpty() || state.epoch != epoch || state.taken != taken) {
            epoch = state.epoch;
            taken = state.taken;
            coming.clear();
            coming.addAll(List.of(
                    work.sum(new ShardRequest.Touched(epoch, taken, every, count, steps), new float[0]).touched));
        }
    }

    /** Takes what the next step, or round of local steps, touches. */
    public TouchedPart begin(TrainState state, int steps) {
        ask(state, steps);
        part = TouchedPart.of(network, coming.remove(), part);
        taken += every;
        if (parameters.length != part.length()) {
            parameters = new float[part.length()];
            slots = new Slots(rule.optimizer(), rule.skipsUntouched() ? part.length() : 0);
        }
        part.rows.gather(state.parameters, parameters);
        if (rule.skipsUntouched()) {
            slots.gather(part.rows, state.slots);
        }
        return part;
    }

    /** The layout of what was taken. */
    List<Block> layout() {
        return part.network.layout();
    }

    /** The parameters of what was taken. */
    public float[] parameters() {
        return parameters;
    }

    /** The slots of what was taken. */
    public Slots slots() {
        return slots;
    }

    /** Copies what was taken, as it is now, to where it comes from. */
    void end(TrainState state) {
        part.rows.scatter(parameters, state.parameters);
        slots.scatter(part.rows, state.slots);
    }

    /** Moves the parameters as {@link UpdateRule#apply} does; returns the gradient's norm. */
    public double apply(TrainState state, GradientSum batch, double rate, Horizon horizon) {
        if (rule.skipsUntouched()) {
            double norm =
                    rule.apply(layout(), batch.weight, rate, state.step, horizon, parameters, batch.gradient, slots);
            end(state);
            return norm;
        }
        return rule.apply(
                network.layout(),
                batch.weight,
                rate,
                state.step,
                horizon,
                state.parameters,
                whole(batch.gradient),
                state.slots);
    }

    /** A vector of all, 0 but for what was taken; valid until the next call. */
    float[] whole(float[] vector) {
        if (gradient.length == 0) {
            gradient = new float[network.parameterCount()];
        }
        Kernels.fill(gradient.length, 0f, gradient, 0);
        part.rows.scatter(vector, gradient);
        return gradient;
    }
}
