package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.GemmSpeed;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.spark.JobScope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who computes matrix products: chosen once, on the driver, and followed by every task, as bits depend on it. */
public final class GemmBackend {
    /** The Spark property that forces a provider by its name. */
    public static final String PROPERTY = "spark.kindling.gemm";

    /** How many times as fast another provider must be to be worth a word. */
    private static final double MUCH_FASTER = 1.3;

    /** What OpenBLAS reads when it is loaded, in place of asking the CPU. */
    private static final List<String> OPENBLAS_VARIABLES = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

    private static final Logger LOG = LoggerFactory.getLogger(GemmBackend.class);
    private static final AtomicBoolean WARNED_OF_ANOTHER = new AtomicBoolean();
    private static final AtomicBoolean LOOKED_FOR_VARIABLES = new AtomicBoolean();
    private static final AtomicBoolean COMPARED = new AtomicBoolean();

    private GemmBackend() {}

    /**
     * The name of the forced provider, or of the first that this JVM has.
     *
     * @throws InvalidInput where the forced one does not exist or cannot run here
     */
    public static String choose(SparkConf conf) {
        String forced = conf.get(PROPERTY, "");
        Gemm gemm = forced.isEmpty() ? Gemm.best() : Gemm.named(forced);
        return noticed(gemm).name();
    }

    /** The provider the driver chose or, where this JVM lacks it, the first that it has: said once, as bits may differ. */
    public static Gemm follow(String name) {
        if (Gemm.available().contains(name)) {
            return noticed(Gemm.named(name));
        }
        Gemm best = Gemm.best();
        if (WARNED_OF_ANOTHER.compareAndSet(false, true)) {
            LOG.warn(
                    "this JVM lacks the provider {} that was chosen, so {} computes here; bits may differ",
                    name,
                    best.name());
        }
        return noticed(best);
    }

    /**
     * The names of the providers that compute over these shards; where one is not the chosen, warns that bits may differ. A
     * local master's tasks run in this JVM; others are asked by a job. Executors that join later are not asked, but
     * warn in their own logs.
     */
    public static List<String> inUse(JavaRDD<Shard> shards, String chosen) {
        if (JavaSparkContext.fromSparkContext(shards.context()).isLocal()) {
            return List.of(chosen);
        }
        List<String> names = JobScope.run(
                shards.context(), () -> shards.map(new Follow(chosen)).collect());
        List<String> distinct = names.stream().distinct().sorted().toList();
        if (!distinct.equals(List.of(chosen))) {
            LOG.warn(
                    "the executors of {} of {} shards lack the provider {} that was chosen, so the shards' products come from"
                            + " {}; bits may differ. Start all executors with the same options, or set {} to a provider"
                            + " that all of them have",
                    names.stream().filter(name -> !name.equals(chosen)).count(),
                    names.size(),
                    chosen,
                    String.join(" and ", distinct),
                    PROPERTY);
        }
        return distinct;
    }

    /** A provider and its speed in this JVM, as {@code openblas products, 78 GFLOP/s a thread}. */
    public static String describe(String name) {
        return String.format(
                Locale.ROOT, "%s products, %.0f GFLOP/s a thread", name, GemmSpeed.gflops(Gemm.named(name)));
    }

    /**
     * Warns, once a JVM, of an available provider that is much faster here than this one. It is only said: the choice goes by
     * what a JVM has, so that it, and with it the bits, never depend on a timing.
     */
    public static void compare(String name) {
        if (COMPARED.compareAndSet(false, true)) {
            double rate = GemmSpeed.gflops(Gemm.named(name));
            for (String other : Gemm.available()) {
                advice(name, rate, other, GemmSpeed.gflops(Gemm.named(other))).ifPresent(LOG::warn);
            }
        }
    }

    static Optional<String> advice(String name, double rate, String other, double otherRate) {
        if (otherRate < MUCH_FASTER * rate) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%s products run at %.0f GFLOP/s a thread here, but %s would at %.0f: set %s=%s to force them",
                name,
                rate,
                other,
                otherRate,
                PROPERTY,
                other));
    }

    private static Gemm noticed(Gemm gemm) {
        if (gemm.name().equals("openblas") && LOOKED_FOR_VARIABLES.compareAndSet(false, true)) {
            overrules(System.getenv()).ifPresent(LOG::warn);
        }
        return gemm;
    }

    /** What the environment makes of OpenBLAS's choice of kernels, in a sentence; empty where it leaves it alone. */
    static Optional<String> overrules(Map<String, String> environment) {
        String set = OPENBLAS_VARIABLES.stream()
                .filter(environment::containsKey)
                .map(variable -> variable + "=" + environment.get(variable))
                .collect(Collectors.joining(" and "));
        return set.isEmpty()
                ? Optional.empty()
                : Optional.of("the environment sets " + set
                        + ", so OpenBLAS does not choose its kernels by this CPU; unset for its full speed");
    }

    private static final class Follow implements Function<Shard, String> {
        private static final long serialVersionUID = 1L;

        private final String chosen;

        Follow(String chosen) {
            this.chosen = chosen;
        }

        @Override
        public String call(Shard shard) {
            return follow(chosen).name();
        }
    }
}
