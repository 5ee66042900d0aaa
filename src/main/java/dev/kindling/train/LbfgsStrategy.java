package dev.kindling.train;

import breeze.linalg.DenseVector;
import breeze.optimize.DiffFunction;
import breeze.optimize.FirstOrderMinimizer.State;
import breeze.optimize.LBFGS;
import breeze.optimize.OWLQN;
import dev.kindling.checkpoint.Curvature;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.ShardRequest;
import dev.kindling.engine.ShardWork;
import dev.kindling.nn.Block;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Penalty;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.Seq;
import scala.runtime.AbstractFunction1;

/**
 * Limited-memory BFGS over all rows at once, by Breeze, which Spark ships. An epoch is one iteration, which may take
 * several evaluations to find the length of its step. With an L1 penalty it is the orthant-wise variant (Andrew
 * and Gao, <a href="https://doi.org/10.1145/1273496.1273501">Scalable training of L1-regularized log-linear models</a>,
 * ICML 2007).
 */
final class LbfgsStrategy implements EpochStrategy {
    private final ShardWork work;
    private final Optimizer.Lbfgs lbfgs;
    private final Penalty penalty;
    private final boolean[] penalized; // (parameters)
    private final LBFGS<DenseVector<Object>> minimizer;
    private final DiffFunction<DenseVector<Object>> function;
    private @Nullable State<DenseVector<Object>, Object, ?> reached;

    // The last evaluation.
    private double[] at = {};
    private GradientSum sums = new GradientSum(0);
    private long evaluations;

    LbfgsStrategy(ShardWork work, Optimizer.Lbfgs lbfgs, Penalty penalty, List<Block> layout, int parameters) {
        this.work = work;
        this.lbfgs = lbfgs;
        this.penalty = penalty;
        this.penalized = new boolean[parameters];
        for (Block block : layout) {
            boolean weight = block.role() == Block.Role.WEIGHT;
            Arrays.fill(penalized, block.offset(), block.offset() + block.size(), weight);
        }
        this.minimizer = minimizer();
        this.function = function();
    }

    @Override
    public Progress epoch(TrainState state, Runnable pause) {
        Curvature known = state.curvature;
        if (reached == null) {
            reached = known == null ? start(widened(state.parameters)) : restored(known);
        }
        long before = known == null ? 0 : evaluations;
        DivergenceException.requireFinite(sums.loss, state, 1);
        boolean converged = hasConverged(reached);
        if (!converged) {
            int iterations = reached.iter();
            reached = next(reached);
            if (reached.iter() == iterations) {
                // the line search found no step because its memory misled it; Breeze has cleared the memory now
                reached = next(reached);
            }
            double[] parameters = array(reached.x());
            if (!Arrays.equals(parameters, at)) {
                evaluate(parameters);
            }
            System.arraycopy(narrowed(parameters), 0, state.parameters, 0, parameters.length);
            DivergenceException.requireFinite(sums.loss, state, 1);
            converged = reached.iter() == iterations || hasConverged(reached);
        }
        state.step(sums, 1, norm(array(reached.grad())));
        state.step += evaluations - before;
        state.curvature = remembered(reached);
        return new Progress(evaluations - before, evaluations - before, converged);
    }

    private State<DenseVector<Object>, Object, ?> start(double[] parameters) {
        return minimizer.initialState(function, new DenseVector<>(parameters));
    }

    /** The state after one more iteration. If no step was found, it has the same number of iterations. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // Breeze does not say the types of its states
    private State<DenseVector<Object>, Object, ?> next(State<DenseVector<Object>, Object, ?> state) {
        Iterator<?> iterations = minimizer.infiniteIterations(function, (State) state);
        iterations.next(); // the state itself
        return (State<DenseVector<Object>, Object, ?>) iterations.next();
    }

    private boolean hasConverged(State<DenseVector<Object>, Object, ?> state) {
        return minimizer
                .convergenceCheck()
                .apply(state, state.convergenceInfo())
                .isDefined();
    }

    private static Curvature remembered(State<DenseVector<Object>, Object, ?> state) {
        var history = (LBFGS.ApproximateInverseHessian<?>) state.history();
        List<Double> values = new ArrayList<>();
        values(state.convergenceInfo(), values);
        return new Curvature(
                state.iter(),
                state.initialAdjVal(),
                array(state.x()),
                arrays(history.memStep()),
                arrays(history.memGradDelta()),
                values.stream().mapToDouble(value -> value).toArray());
    }

    /** Breeze's state, made from what a checkpoint holds of it. The rest follows from the parameters. */
    private State<DenseVector<Object>, Object, ?> restored(Curvature curvature) {
        State<DenseVector<Object>, Object, ?> state = start(curvature.at);
        var history = minimizer.initialHistory(function, state.x());
        for (int i = curvature.steps.length - 1; i >= 0; i--) {
            history = history.updated(new DenseVector<>(curvature.steps[i]), new DenseVector<>(curvature.changes[i]));
        }
        var check = minimizer.convergenceCheck();
        Object values = check.initialInfo();
        for (double value : curvature.values) {
            values = check.update(state.x(), state.grad(), value, state, values);
        }
        return new State<>(
                state.x(),
                state.value(),
                state.grad(),
                state.adjustedValue(),
                state.adjustedGradient(),
                curvature.iterations,
                curvature.first,
                history,
                values,
                false,
                Option.empty());
    }

    /** The objective's last values: the only numbers in the nested lists of the convergence checks. */
    private static void values(Object checks, List<Double> to) {
        if (checks instanceof Double value) {
            to.add(value);
        } else if (checks instanceof Seq<?> list) {
            for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
                values(each.next(), to);
            }
        }
    }

    private static double[][] arrays(Seq<?> vectors) {
        List<double[]> arrays = new ArrayList<>();
        for (Iterator<?> each = vectors.iterator(); each.hasNext(); ) {
            arrays.add(array(each.next()));
        }
        return arrays.toArray(new double[0][]);
    }

    private LBFGS<DenseVector<Object>> minimizer() {
        int endless = -1; // the training loop counts iterations
        if (penalty.l1() == 0) {
            return new LBFGS<>(endless, lbfgs.memory(), lbfgs.tolerance(), DenseVector.space_Double());
        }
        return new OWLQN<>(endless, lbfgs.memory(), new L1(), lbfgs.tolerance(), DenseVector.space_Double());
    }

    private final class L1 extends AbstractFunction1<Object, Object> {
        @Override
        public Object apply(Object index) {
            return penalized[(Integer) index] ? penalty.l1() : 0.0;
        }
    }

    /**
     * {@link #calculate} as Breeze's type. No Java class can implement that type, because it inherits two {@code apply}
     * methods that differ only in their result. The JVM allows it.
     */
    @SuppressWarnings("unchecked")
    private DiffFunction<DenseVector<Object>> function() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodType own = MethodType.methodType(Tuple2.class, DenseVector.class);
        try {
            return (DiffFunction<DenseVector<Object>>) LambdaMetafactory.metafactory(
                            lookup,
                            "calculate",
                            MethodType.methodType(DiffFunction.class, LbfgsStrategy.class),
                            MethodType.methodType(Tuple2.class, Object.class),
                            lookup.findVirtual(LbfgsStrategy.class, "calculate", own),
                            own)
                    .getTarget()
                    .invoke(this);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot make a function for Breeze", e);
        }
    }

    /** The objective, L2 penalty included, and its gradient; OWL-QN adds the L1 penalty itself. */
    @SuppressWarnings("unused") // called through function()
    private Tuple2<Object, DenseVector<Object>> calculate(DenseVector<Object> x) {
        double[] parameters = array(x);
        evaluate(parameters);
        double value = sums.loss / sums.weight;
        double[] gradient = new double[parameters.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = sums.gradient[i] / sums.weight;
            if (penalized[i]) {
                value += penalty.l2() / 2 * parameters[i] * parameters[i];
                gradient[i] += penalty.l2() * parameters[i];
            }
        }
        return new Tuple2<>(value, new DenseVector<>(gradient));
    }

    private void evaluate(double[] parameters) {
        sums = work.sum(new ShardRequest.Gradient(0, 0, 1), narrowed(parameters));
        at = parameters.clone();
        evaluations++;
    }

    private static double[] array(Object vector) {
        return ((double[]) ((DenseVector<?>) vector).data());
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static float[] narrowed(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
