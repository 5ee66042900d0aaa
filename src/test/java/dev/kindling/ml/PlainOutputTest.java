package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.StandaloneCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a fit prints where no terminal is, as in a notebook, a log file or a scheduler's console, is plain lines. */
@Tag("slow")
@Tag("smoke")
final class PlainOutputTest {

    /** A program of a library's user, with Spark's own logging. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws IOException {
            try (SparkSession spark = SparkSession.builder()
                    .master("local[2]")
                    .config("spark.ui.enabled", false)
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.driver.host", "127.0.0.1")
                    .getOrCreate()) {
                var rows = spark.range(200)
                        .selectExpr("array(id % 7 / 7.0D, id % 5 / 5.0D) as features", "double(id % 2) as label");
                new MlpClassifier()
                        .setPreset("none")
                        .setMaxIter(3)
                        .setBatchSize(20)
                        .fit(rows);
            }
        }
    }

    @Test
    void noControlCharactersAreAmongIt() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(System.getProperty("test.modules").trim().split("\\s+")));
        command.add(
                "-Dlog4j2.configurationFile=org/apache/spark/log4j2-defaults.properties"); // the tests' own is quiet
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", StandaloneCluster.classPath()));
        command.add(Program.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(printed).isZero();
            assertThat(printed).contains("epoch 1/3  loss ", "epoch 3/3  loss ", "a step took ");
            assertThat(printed).doesNotContainPattern("[\\p{Cntrl}&&[^\n\t]]");
        } finally {
            process.destroyForcibly();
        }
    }
}
