package dev.kindling.engine;

import dev.kindling.data.CvFold;
import dev.kindling.loss.Loss;
import dev.kindling.loss.Metric;
import dev.kindling.nn.Network;
import dev.kindling.optim.GradientSource;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Schedule;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** What every task of a run needs besides the request and the parameters. It stays the same for the whole run and travels in closures. */
public final class RunSetup implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The setups that this JVM uses at the moment. */
    private static final Map<RunSetup, WeakReference<RunSetup>> HERE = Collections.synchronizedMap(new WeakHashMap<>());

    final Network network;
    final Loss loss;
    final Metric metric;
    final GradientSource source;
    final String gemm;
    final long seed;
    final int epochs;
    final Schedule dropout; // a factor of every dropout's rate
    final float @Nullable [] classFactors; // of the training rows' weights; null where all are 1
    final @Nullable CvFold fold; // whose rows are validated on; null: the shards stay as they are

    private final String run = UUID.randomUUID().toString();

    public RunSetup(
            Network network,
            Loss loss,
            Metric metric,
            GradientSource source,
            String gemm,
            long seed,
            int epochs,
            Schedule dropout,
            float @Nullable [] classFactors,
            @Nullable CvFold fold) {
        this.network = network;
        this.loss = loss;
        this.metric = metric;
        this.source = source;
        this.gemm = gemm;
        this.seed = seed;
        this.epochs = epochs;
        this.dropout = dropout;
        this.classFactors = classFactors;
        this.fold = fold;
    }

    /** The factor of every dropout's rate at a step of an epoch. */
    double dropoutFactor(int epoch, int step, int steps) {
        return dropout.at((double) epoch * steps + step, new Horizon(steps, (double) epochs * steps));
    }

    /** One instance per run and JVM, so that the arrays of a thread fit its next task too. */
    private Object readResolve() {
        synchronized (HERE) {
            WeakReference<RunSetup> known = HERE.get(this);
            RunSetup setup = known == null ? null : known.get();
            if (setup == null) {
                setup = this;
                HERE.put(setup, new WeakReference<>(setup));
            }
            return setup;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunSetup setup && setup.run.equals(run);
    }

    @Override
    public int hashCode() {
        return run.hashCode();
    }
}
