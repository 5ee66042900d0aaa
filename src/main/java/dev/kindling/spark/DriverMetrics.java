package dev.kindling.spark;

import com.codahale.metrics.MetricRegistry;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.metrics.source.Source;

/** Registries of metrics in a driver's metrics system, each with the object that fills it. */
public final class DriverMetrics {
    private static final String WHAT = "the metrics system";

    private DriverMetrics() {}

    /** What fills the registry that is published under a name. */
    public static Optional<Object> published(SparkContext context, String name) {
        return Convenience.attempt(WHAT, () -> find(context, name)).flatMap(found -> found.map(Published::owner));
    }

    private static Optional<Published> find(SparkContext context, String name) {
        var known = context.env().metricsSystem().getSourcesByName(name).iterator();
        return known.hasNext() && known.next() instanceof Published published
                ? Optional.of(published)
                : Optional.empty();
    }

    public static void publish(SparkContext context, String name, MetricRegistry registry, Object owner) {
        Convenience.attempt(WHAT, () -> {
            context.env().metricsSystem().registerSource(new Published(name, registry, owner));
            return owner;
        });
    }

    /** Takes a registry out again; nothing happens if there is none of that name. */
    public static void withdraw(SparkContext context, String name) {
        Convenience.attempt(WHAT, () -> {
            find(context, name).ifPresent(context.env().metricsSystem()::removeSource);
            return name;
        });
    }

    private record Published(String sourceName, MetricRegistry metricRegistry, Object owner) implements Source {}
}
