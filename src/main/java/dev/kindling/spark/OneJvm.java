package dev.kindling.spark;

import org.apache.spark.api.java.JavaSparkContext;

/** The switch for training by threads of the driver, without a Spark job per step, where the master is local. */
public final class OneJvm {
    /** A Spark property, also a thread's local one; {@code false} leaves every step to a Spark job. */
    public static final String PROPERTY = "spark.kindling.oneJvm";

    private OneJvm() {}

    /** Whether the context's configuration, or this thread's local property, allows it. */
    public static boolean isOn(JavaSparkContext context) {
        String local = context.getLocalProperty(PROPERTY);
        return local == null ? context.getConf().getBoolean(PROPERTY, true) : Boolean.parseBoolean(local);
    }
}
