package dev.kindling.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * The Spark and Scala that a build of Kindling is made for. Each has an artifact of its own.
 *
 * @param version Kindling's
 * @param spark the first number of Spark's version
 * @param scalaBinary the binary version of Scala
 */
public record SparkLine(String version, String spark, String scalaBinary) {
    /** The build that this class is part of. */
    public static final SparkLine BUILT = built();

    private static final String OPEN = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";

    private static SparkLine built() {
        Properties properties = new Properties();
        try (InputStream in =
                Objects.requireNonNull(SparkLine.class.getResourceAsStream("/dev/kindling/build.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SparkLine(
                properties.getProperty("version"), properties.getProperty("spark"), properties.getProperty("scala"));
    }

    /** The version of the Spark on the class path. */
    public static String runningSpark() {
        return org.apache.spark.package$.MODULE$.SPARK_VERSION();
    }

    /** The version of the Scala on the class path. */
    public static String runningScala() {
        return scala.util.Properties$.MODULE$.versionNumberString();
    }

    /**
     * Refuses to run where it cannot.
     *
     * @param param Spark's class of that name
     * @throws IllegalStateException if there is a {@link #fault}, with its sentence
     */
    public static void require(Class<?> param) {
        fault(param).ifPresent(sentence -> {
            throw new IllegalStateException(sentence);
        });
    }

    /**
     * Why this build cannot run with the Spark and Scala on the class path, and what can; empty if it can.
     *
     * @param param Spark's class of that name
     */
    public static Optional<String> fault(Class<?> param) {
        return BUILT.fault(runningSpark(), runningScala()).or(() -> withoutParams(runningSpark(), param));
    }

    /** What Spark 4.0.0 alone lacks, but for who has mended it. */
    static Optional<String> withoutParams(String sparkVersion, Class<?> param) {
        return Arrays.stream(param.getConstructors()).anyMatch(made -> made.getParameterCount() == 3)
                ? Optional.empty()
                : Optional.of("Kindling runs on Spark 3.5, 4.0.1 and later, but this is Spark " + sparkVersion
                        + ", whose ML params only Scala can make (SPARK-52259)");
    }

    /** As {@link #fault(Class)}, of versions. */
    Optional<String> fault(String sparkVersion, String scalaVersion) {
        String[] numbers = sparkVersion.split("[.-]", 3);
        if (Integer.parseInt(numbers[0]) < 3 || (numbers[0].equals("3") && Integer.parseInt(numbers[1]) < 5)) {
            return Optional.of("Kindling runs on Spark 3.5 and 4, but this is Spark " + sparkVersion);
        }
        String[] ofScala = scalaVersion.split("[.]", 3);
        SparkLine running = new SparkLine(version, numbers[0], ofScala[0] + "." + ofScala[1]);
        if (running.equals(this) || spark.startsWith("$")) { // what Maven has not filled in has not been packaged
            return Optional.empty();
        }
        return Optional.of("Spark " + sparkVersion + " with Scala " + scalaVersion + " needs the jar "
                + running.artifact() + ", but " + artifact()
                + " came; give spark-submit that jar, or name it in --packages as"
                + " dev.kindling:" + running.artifact() + ":" + version);
    }

    /**
     * What this JVM lacks to start a Spark context of that version; empty if nothing. Spark 4 does without what spark-submit opens for
     * Spark 3.5, where the JVM would end in an error of access.
     */
    public static Optional<String> closedJvm(String sparkVersion) {
        return closedJvm(sparkVersion, Object.class.getModule().isExported("sun.nio.ch", SparkLine.class.getModule()));
    }

    static Optional<String> closedJvm(String sparkVersion, boolean open) {
        return open || !sparkVersion.startsWith("3.")
                ? Optional.empty()
                : Optional.of("Spark " + sparkVersion + " needs a JVM with " + OPEN
                        + ", but this one lacks it; spark-submit gives it, and Spark 4 does without");
    }

    /** The name of the build's artifact. */
    public String artifact() {
        return "kindling-spark" + spark + "_" + scalaBinary;
    }
}
