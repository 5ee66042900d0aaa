package dev.kindling.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;

final class SparkLineTest {
    private static final SparkLine OURS = new SparkLine("0.1.0", "3", "2.12");

    @Test
    void anyVersionOfTheLineWillDo() {
        assertThat(OURS.fault("3.5.0", "2.12.18")).isEmpty();
        assertThat(OURS.fault("3.5.9-amzn-1", "2.12.20")).isEmpty();
        assertThatCode(() -> SparkLine.require(Param.class)).doesNotThrowAnyException();
    }

    @Test
    void anotherSparkOrScalaIsToldWhichJarItNeeds() {
        assertThat(OURS.fault("4.2.0", "2.13.17"))
                .hasValue(
                        "Spark 4.2.0 with Scala 2.13.17 needs the jar kindling-spark4_2.13, but kindling-spark3_2.12 came;"
                                + " give spark-submit that jar, or name it in --packages as dev.kindling:kindling-spark4_2.13:0.1.0");
        assertThat(OURS.fault("3.5.6", "2.13.8")).get().asString().contains("needs the jar kindling-spark3_2.13,");
        assertThat(new SparkLine("0.1.0", "4", "2.13").fault("3.5.7", "2.12.18"))
                .get()
                .asString()
                .contains("needs the jar kindling-spark3_2.12, but kindling-spark4_2.13 came");
    }

    /** As on EMR 6, Dataproc 2.1 and Databricks 13, where our classes would end in an error of linkage. */
    @Test
    void aSparkOlderThanOursIsNotToldOfAnotherJar() {
        for (String old : new String[] {"3.4.1-amzn-2", "3.0.3", "2.4.8"}) {
            assertThat(OURS.fault(old, "2.12.17"))
                    .hasValue("Kindling runs on Spark 3.5 and 4, but this is Spark " + old);
        }
    }

    /** The class stands in for Spark 4.0.0's, which has no constructor of three arguments. */
    @Test
    void aSparkWhoseParamsJavaCannotMakeIsRefused() {
        assertThat(SparkLine.withoutParams("4.0.0", Object.class))
                .hasValue(
                        "Kindling runs on Spark 3.5, 4.0.1 and later, but this is Spark 4.0.0, whose ML params only Scala can make"
                                + " (SPARK-52259)");
        assertThat(SparkLine.fault(Param.class)).isEmpty();
    }

    /** This JVM has the option, as the tests' options are those of spark-submit. */
    @Test
    void aJvmThatSpark3CannotStartInIsToldWhatItLacks() {
        assertThat(SparkLine.closedJvm("3.5.9", false))
                .hasValue(
                        "Spark 3.5.9 needs a JVM with --add-opens=java.base/sun.nio.ch=ALL-UNNAMED, but this one lacks"
                                + " it; spark-submit gives it, and Spark 4 does without");
        assertThat(SparkLine.closedJvm("3.5.9")).isEmpty();
        assertThat(SparkLine.closedJvm("4.0.1", false)).isEmpty();
    }
}
