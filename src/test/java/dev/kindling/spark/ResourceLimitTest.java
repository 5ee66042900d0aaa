package dev.kindling.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kindling.LocalSpark;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** The sentence names the limit and the option that raises it. The texts are those that Spark 3.5 and 4.1 give. */
final class ResourceLimitTest {
    @Test
    void anErrorOfTheDriversMemory() {
        Throwable thrown = new IllegalStateException("x", new OutOfMemoryError("Java heap space"));
        assertThat(ResourceLimit.of(thrown).orElseThrow())
                .startsWith("the driver ran out of its memory of ")
                .contains("MiB (Java heap space); --driver-memory gives it more");
    }

    @Test
    void aTasksErrorIsThatOfItsExecutorOrOfTheDriverThatComputes() {
        String text =
                "Job aborted due to stage failure: Task 1 in stage 4.0 failed 4 times, most recent failure: Lost task"
                        + " 1.3 in stage 4.0 (TID 17) (10.0.0.7 executor %s): java.lang.OutOfMemoryError: Java heap space\n\tat X";
        assertThat(ResourceLimit.of(new SparkException(String.format(text, "3")))
                        .orElseThrow())
                .isEqualTo("an executor ran out of its memory (Java heap space); --executor-memory gives it more, as in"
                        + " --executor-memory 4g (spark.executor.memory)");
        assertThat(ResourceLimit.of(new SparkException(String.format(text, "driver")))
                        .orElseThrow())
                .contains("--driver-memory");
    }

    @Test
    void anExecutorThatEndedForWantOfMemory() {
        assertThat(ResourceLimit.of(
                                new SparkException(
                                        "Job aborted due to stage failure: ExecutorLostFailure (executor 1"
                                                + " exited caused by one of the running tasks) Reason: Command exited with code 137"))
                        .orElseThrow())
                .contains("--executor-memory");
    }

    @Test
    void resultsBeyondSparksLimit() {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
        Throwable real = catchThrowable(
                () -> context.parallelize(IntStream.range(0, 2).boxed().toList(), 2)
                        .map(i -> {
                            throw new IllegalArgumentException("another reason");
                        })
                        .collect());
        assertThat(ResourceLimit.of(real)).isEqualTo(Optional.empty());
        assertThat(ResourceLimit.of(
                                new SparkException(
                                        "Job aborted due to stage failure: Total size of serialized results"
                                                + " of 2 tasks (1200.0 MiB) is bigger than spark.driver.maxResultSize (1024.0 MiB)"))
                        .orElseThrow())
                .isEqualTo("total size of serialized results of 2 tasks (1200.0 MiB) is bigger than"
                        + " spark.driver.maxResultSize (1024.0 MiB); --conf spark.driver.maxResultSize=0 lifts that limit,"
                        + " and --driver-memory gives the driver room");
    }
}
