package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.spark.OneJvm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;

/**
 * Computes the same sums, to the bit, without a Spark job for each. With a local master the cached shards are in the
 * driver's own JVM, and its threads compute over them in place. A {@link StandInJob} shows the run in the UI, and
 * cancels it when it is cancelled.
 */
public final class ShardThreads implements ShardEngine {
    private static final int AHEAD = 2; // sums that are begun, for each thread

    private static final Map<String, Shard[]> TAKEN = new ConcurrentHashMap<>();

    private final Shard[] shards;
    private final OrderedSum order;
    private final ExecutionMode place;
    private final ExecutorService pool;
    private final Executor others;
    private final StandInJob standIn;
    private final Map<RunSetup, Spares> spares = new ConcurrentHashMap<>();

    private ShardThreads(Shard[] shards, OrderedSum order, JavaSparkContext context) {
        this.shards = shards;
        this.order = order;
        int threads = threads(context, shards.length);
        this.place = new ExecutionMode(threads, false, true, false);
        // the calling thread computes too
        this.pool = Executors.newFixedThreadPool(Math.max(1, threads - 1), work -> {
            Thread thread = new Thread(work, "kindling-shards");
            thread.setDaemon(true);
            return thread;
        });
        this.others = threads == 1 ? part -> {} : pool;
        this.standIn = StandInJob.open(context);
    }

    /** The most sums at a time: those that run ahead of the adding, and those being added. */
    static int sumsAtOnce(JavaSparkContext context, int shards) {
        return Math.min(shards, AHEAD * threads(context, shards) + 2);
    }

    private static int threads(JavaSparkContext context, int shards) {
        return Math.max(1, Math.min(context.defaultParallelism(), shards));
    }

    /** Empty if the master is not local, if some shard is not in memory, or if {@link OneJvm} is switched off. */
    static Optional<ShardThreads> open(JavaRDD<Shard> rdd, int count, OrderedSum order) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(rdd.context());
        if (!context.isLocal() || !OneJvm.isOn(context) || Shards.spilled(rdd)) {
            return Optional.empty();
        }
        String run = UUID.randomUUID().toString();
        TAKEN.put(run, new Shard[count]);
        try {
            rdd.foreach(new Take(run));
            Shard[] shards = TAKEN.get(run);
            // if tasks have another class loader, they have another map
            boolean complete = shards != null && Arrays.stream(shards).noneMatch(shard -> shard == null);
            return complete ? Optional.of(new ShardThreads(shards, order, context)) : Optional.empty();
        } finally {
            TAKEN.remove(run);
        }
    }

    @Override
    public Answers sums(List<RunRequest> runs) {
        long start = System.nanoTime();
        long adding = 0;
        List<GradientSum> sums = new ArrayList<>(runs.size());
        Deque<FutureTask<GradientSum>> begun = new ArrayDeque<>();
        int next = 0;
        int parts = Math.multiplyExact(runs.size(), shards.length); // run by run, and shard by shard within a run
        for (RunRequest run : runs) {
            OrderedSum.Adder adder = order.adder();
            for (int index = 0; index < shards.length; index++) {
                // only a few run ahead of the adding, so that many shards need few gradients at a time
                while (next < parts && begun.size() < AHEAD * place.slots()) {
                    RunRequest of = runs.get(next / shards.length);
                    Shard shard = shards[next % shards.length];
                    next++;
                    FutureTask<GradientSum> part = new FutureTask<>(() -> compute(of, shard));
                    begun.add(part);
                    others.execute(part);
                }
                help(begun);
                GradientSum result = result(begun.remove());
                long before = System.nanoTime();
                GradientSum free = adder.add(result);
                adding += System.nanoTime() - before;
                if (free != null) {
                    spares(run).sums.add(free);
                }
            }
            sums.add(adder.total());
        }
        requireNotCancelled();
        return new Answers(sums, 0, System.nanoTime() - start, adding);
    }

    /** A run's arrays that are free for its next sum. */
    private static final class Spares {
        final Queue<ShardComputation> computations = new ConcurrentLinkedQueue<>();
        final Queue<GradientSum> sums = new ConcurrentLinkedQueue<>();
    }

    private Spares spares(RunRequest of) {
        return spares.computeIfAbsent(of.setup(), setup -> new Spares());
    }

    @Override
    public void free(RunSetup setup, GradientSum sum) {
        Spares kept = spares.get(setup);
        if (kept != null) {
            kept.sums.add(sum);
        }
    }

    @Override
    public void forget(RunSetup setup) {
        spares.remove(setup);
    }

    /** Computes in this thread what no other thread has begun, the last first, because the others begin with the first. */
    private static void help(Deque<FutureTask<GradientSum>> begun) {
        Iterator<FutureTask<GradientSum>> last = begun.descendingIterator();
        while (last.hasNext()) {
            last.next().run(); // returns at once if another thread runs it or has run it
        }
    }

    private GradientSum compute(RunRequest of, Shard shard) {
        Spares spare = spares(of);
        ShardComputation kept = spare.computations.poll();
        ShardComputation computation = kept == null ? new ShardComputation(of.setup()) : kept;
        GradientSum free = spare.sums.poll();
        GradientSum sum = free == null || free.gradient.length != of.length() ? new GradientSum(of.length()) : free;
        computation.answer(of.request(), shard, of.part(), of.parameters(), sum);
        spare.computations.add(computation);
        return sum;
    }

    private static GradientSum result(FutureTask<GradientSum> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("training was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void requireNotCancelled() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("training was interrupted");
        }
        standIn.requireNotCancelled();
    }

    @Override
    public void announce(Supplier<String> progress) {
        // a running job cannot change its description
    }

    @Override
    public ExecutionMode place() {
        return place;
    }

    @Override
    public void close() {
        pool.shutdownNow();
        standIn.close();
    }

    /** Puts a shard where the driver finds it. */
    private static final class Take implements VoidFunction<Shard> {
        private static final long serialVersionUID = 1L;

        private final String run;

        Take(String run) {
            this.run = run;
        }

        @Override
        public void call(Shard shard) {
            Shard[] taken = TAKEN.get(run);
            if (taken != null) {
                taken[shard.index] = shard;
            }
        }
    }
}
