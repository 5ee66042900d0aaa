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

/**
 * The choice of the GEMM backend, which computes matrix products. The driver chooses it once and every task uses it,
 * because bits depend on it.
 */
public final class GemmBackend {
    /** The Spark property that forces a backend by its name. */
    public static final String PROPERTY = "spark.kindling.gemm";

    /** How many times as fast another backend must be to be mentioned. */
    private static final double MUCH_FASTER = 1.3;

    /** The variables by which OpenBLAS chooses its kernels when it is loaded, instead of by the CPU. */
    private static final List<String> OPENBLAS_VARIABLES = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

    private static final Logger LOG = LoggerFactory.getLogger(GemmBackend.class);
    private static final AtomicBoolean WARNED_OF_ANOTHER = new AtomicBoolean();
    private static final AtomicBoolean LOOKED_FOR_VARIABLES = new AtomicBoolean();
    private static final AtomicBoolean COMPARED = new AtomicBoolean();
    private static final AtomicBoolean WARNED_OF_THE_SLOWEST = new AtomicBoolean();

    private GemmBackend() {}

    /**
     * The name of the forced backend, or of the first that this JVM has. If only the slowest is left, one warning per JVM says
     * what the faster ones need.
     *
     * @throws InvalidInput if the forced one does not exist or cannot run here
     */
    public static String choose(SparkConf conf) {
        String forced = conf.get(PROPERTY, "");
        if (!forced.isEmpty()) {
            return noticed(Gemm.named(forced)).name();
        }
        Gemm best = Gemm.best();
        if (Gemm.available().size() == 1 && WARNED_OF_THE_SLOWEST.compareAndSet(false, true)) {
            LOG.warn(slowest(best.name(), Gemm.why("openblas"), Gemm.why("vector")));
        }
        return noticed(best).name();
    }

    /** A sentence for a JVM that has neither of the faster backends, and why; the ratio is that of the measured speeds. */
    static String slowest(String name, String whyNotOpenblas, String whyNotVector) {
        return name + " products run at some 40 % of the speed that openblas has, which comes with the job jar and with"
                + " --packages for Linux (here: " + whyNotOpenblas + "); vector, nearly as fast, needs"
                + " spark.driver.defaultJavaOptions and spark.executor.defaultJavaOptions set to"
                + " --add-modules=jdk.incubator.vector (here: " + whyNotVector + ")";
    }

    /**
     * The backend that the driver chose. If this JVM lacks it, the first that it has, with one warning, because bits may
     * differ.
     */
    public static Gemm follow(String name) {
        if (Gemm.available().contains(name)) {
            return noticed(Gemm.named(name));
        }
        Gemm best = Gemm.best();
        if (WARNED_OF_ANOTHER.compareAndSet(false, true)) {
            LOG.warn(
                    "this JVM lacks the GEMM backend {} that the driver chose, so {} computes here; bits may differ",
                    name,
                    best.name());
        }
        return noticed(best);
    }

    /**
     * The names of the backends that compute over these shards. It warns if one is not the chosen backend, because bits
     * may differ. The tasks of a local master run in this JVM; a job asks other executors. Executors that join later are
     * not asked, but they warn in their own logs.
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
                    "the executors of {} of {} shards lack the GEMM backend {} that the driver chose, so {} compute; bits may"
                            + " differ. Start all executors with the same options, or set {} to a backend that all of"
                            + " them have",
                    names.stream().filter(name -> !name.equals(chosen)).count(),
                    names.size(),
                    chosen,
                    String.join(" and ", distinct),
                    PROPERTY);
        }
        return distinct;
    }

    /** A backend and its speed in this JVM, as {@code openblas products, 78 GFLOP/s a thread}. */
    public static String describe(String name) {
        return String.format(
                Locale.ROOT, "%s products, %.0f GFLOP/s a thread", name, GemmSpeed.gflops(Gemm.named(name)));
    }

    /**
     * Warns, once per JVM, if another available backend is much faster here. It does not switch: the choice depends only
     * on what a JVM has, so that bits never depend on a timing.
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

    /** A sentence about what in the environment overrides OpenBLAS's choice of kernels; empty if nothing does. */
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
