package dev.kindling.spark;

import org.apache.spark.api.java.JavaSparkContext;

/** The switch for training in threads of the driver, without one Spark job per step, when the master is local. */
public final class OneJvm {
    /** A Spark property, also read as a thread's local property; {@code false} runs every step as a Spark job. */
    public static final String PROPERTY = "spark.kindling.oneJvm";

    private OneJvm() {}

    /** Whether the context's configuration or this thread's local property allows it. */
    public static boolean isOn(JavaSparkContext context) {
        String local = context.getLocalProperty(PROPERTY);
        return local == null ? context.getConf().getBoolean(PROPERTY, true) : Boolean.parseBoolean(local);
    }
}
