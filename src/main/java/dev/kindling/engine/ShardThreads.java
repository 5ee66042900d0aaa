package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.spark.JobScope;
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
 * The same sums, to the bit, without a Spark job for each: with a local master the cached shards are in the driver's own
 * JVM, and its threads compute over them where they are. A {@link StandInJob} shows the run in the UI.
 */
public final class ShardThreads implements ShardEngine {
    private static final Map<String, Shard[]> TAKEN = new ConcurrentHashMap<>();

    private final Shard[] shards;
    private final OrderedSum order;
    private final ExecutionMode place;
    private final ExecutorService pool;
    private final Executor others;
    private final StandInJob standIn;
    private final Map<Plan, Spares> spares = new ConcurrentHashMap<>();

    private ShardThreads(Shard[] shards, OrderedSum order, JavaSparkContext context) {
        this.shards = shards;
        this.order = order;
        int threads = Math.max(1, Math.min(context.defaultParallelism(), shards.length));
        this.place = new ExecutionMode(threads, false, true, false);
        // the driver's own thread computes too
        this.pool = Executors.newFixedThreadPool(Math.max(1, threads - 1), work -> {
            Thread thread = new Thread(work, "kindling-shards");
            thread.setDaemon(true);
            return thread;
        });
        this.others = threads == 1 ? part -> {} : pool;
        this.standIn = StandInJob.open(context);
    }

    /** Empty where the master is not local, the shards do not all lie in memory, or it is switched off. */
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
            // another class loader for tasks has another map
            boolean complete = shards != null && Arrays.stream(shards).noneMatch(shard -> shard == null);
            return complete ? Optional.of(new ShardThreads(shards, order, context)) : Optional.empty();
        } finally {
            TAKEN.remove(run);
        }
    }

    @Override
    public Answers sums(List<Ask> asks, List<float[]> parameters) {
        long start = System.nanoTime();
        long adding = 0;
        List<GradientSum> sums = new ArrayList<>(asks.size());
        Deque<FutureTask<GradientSum>> begun = new ArrayDeque<>();
        int next = 0;
        int parts = Math.multiplyExact(asks.size(), shards.length); // run by run, each shard by shard
        for (Ask ask : asks) {
            OrderedSum.Adder adder = order.adder();
            for (int index = 0; index < shards.length; index++) {
                // few are ahead of what is added, so that many shards need few gradients at a time
                while (next < parts && begun.size() < 2 * place.slots()) {
                    int run = next / shards.length;
                    Shard shard = shards[next % shards.length];
                    next++;
                    Ask of = asks.get(run);
                    float[] with = parameters.get(run);
                    FutureTask<GradientSum> part = new FutureTask<>(() -> compute(of, shard, with));
                    begun.add(part);
                    others.execute(part);
                }
                help(begun);
                GradientSum result = result(begun.remove());
                long before = System.nanoTime();
                GradientSum free = adder.add(result);
                adding += System.nanoTime() - before;
                if (free != null) {
                    spares(ask).sums.add(free);
                }
            }
            sums.add(adder.total());
        }
        requireNotCancelled();
        return new Answers(sums, 0, System.nanoTime() - start, adding);
    }

    /** What a run's computing leaves for the next time. */
    private static final class Spares {
        final Queue<Scratch> scratches = new ConcurrentLinkedQueue<>();
        final Queue<GradientSum> sums = new ConcurrentLinkedQueue<>();
    }

    private Spares spares(Ask ask) {
        return spares.computeIfAbsent(ask.plan(), plan -> new Spares());
    }

    @Override
    public void forget(Plan plan) {
        spares.remove(plan);
    }

    /** Computes here what no other thread has taken up, the last first, as the others begin with the first. */
    private static void help(Deque<FutureTask<GradientSum>> begun) {
        Iterator<FutureTask<GradientSum>> last = begun.descendingIterator();
        while (last.hasNext()) {
            last.next().run(); // returns at once where another thread is at it or has been
        }
    }

    private GradientSum compute(Ask ask, Shard shard, float[] parameters) {
        long start = System.nanoTime();
        Spares spare = spares(ask);
        Scratch scratch = spare.scratches.poll();
        if (scratch == null) {
            scratch = new Scratch(ask.plan());
        }
        int length = ask.length();
        GradientSum kept = spare.sums.poll();
        GradientSum sum = kept == null || kept.gradient.length != length ? new GradientSum(length) : kept.cleared();
        ask.answer(shard, parameters, scratch, sum);
        spare.scratches.add(scratch);
        return sum.since(start);
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
        // a job's description stays what it was when the job began
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
