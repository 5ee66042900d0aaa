package dev.kindling.train;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who computes matrix products: chosen once, on the driver, and followed by every task, as bits depend on it. */
public final class Provider {
    /** The Spark property that forces a provider by its name. */
    public static final String PROPERTY = "spark.kindling.gemm";

    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private Provider() {}

    /**
     * The name of the forced provider, or of the first that this JVM has.
     *
     * @throws InvalidInput where the forced one does not exist or cannot run here
     */
    public static String choose(SparkConf conf) {
        String forced = conf.get(PROPERTY, "");
        return (forced.isEmpty() ? Gemm.best() : Gemm.named(forced)).name();
    }

    /** The provider the driver chose or, where this JVM lacks it, the first that it has: said once, as bits may differ. */
    public static Gemm follow(String name) {
        if (Gemm.available().contains(name)) {
            return Gemm.named(name);
        }
        Gemm best = Gemm.best();
        if (WARNED.compareAndSet(false, true)) {
            LOG.warn(
                    "this JVM lacks the provider {} that was chosen, so {} computes here; bits may differ",
                    name,
                    best.name());
        }
        return best;
    }
}
