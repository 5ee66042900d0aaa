package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.launcher.SparkLauncher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each property of conf/spark-defaults.conf is one that Spark knows, with a value that it takes, and is explained. */
final class SparkPropertiesTest {
    private static final Path FILE = Path.of("conf", "spark-defaults.conf");

    /** Spark puts them before others, but has no entry for them. */
    private static final Set<String> PREPENDED =
            Set.of(SparkLauncher.DRIVER_DEFAULT_JAVA_OPTIONS, SparkLauncher.EXECUTOR_DEFAULT_JAVA_OPTIONS);

    /** Spark's objects enter their properties when they are initialised. */
    @BeforeAll
    static void enterSparksProperties() throws ClassNotFoundException {
        for (String object : List.of("package", "Kryo", "Network", "UI")) {
            Class.forName("org.apache.spark.internal.config." + object + "$");
        }
    }

    private static void check(String name, String value) {
        if (!PREPENDED.contains(name)) {
            ConfigEntry<?> entry = ConfigEntry.findEntry(name);
            assertThat(entry).as(name).isNotNull();
            new SparkConf(false).set(name, value).get(entry);
        }
    }

    @Test
    void sparkKnowsEachAndTakesItsValue() throws IOException {
        Map<String, String> properties = new TreeMap<>();
        for (String line : Files.readAllLines(FILE)) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                String[] parts = line.split(" +", 2);
                assertThat(properties.put(parts[0], parts[1])).as(line).isNull();
            }
        }
        assertThat(properties).hasSizeGreaterThan(10);
        properties.forEach(
                (name, value) -> assertThatCode(() -> check(name, value)).doesNotThrowAnyException());
    }

    @Test
    void aNameOrAValueWithAnErrorWouldBeSeen() {
        assertThatThrownBy(() -> check("spark.localty.wait", "0s")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> check("spark.locality.wait", "soon")).isInstanceOf(RuntimeException.class);
    }

    @Test
    void eachParagraphExplainsItsProperties() throws IOException {
        for (String paragraph : Files.readString(FILE).split("\n\n")) {
            assertThat(paragraph).startsWith("# ");
        }
    }
}
