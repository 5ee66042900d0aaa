package dev.kindling.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Spark for a benchmark: all cores of this machine, no web page, and the properties that {@code submit/kindling} sets. */
final class Sessions {
    private Sessions() {}

    static SparkSession local(String name) throws IOException {
        SparkSession.Builder builder = SparkSession.builder();
        for (String line : Files.readAllLines(Path.of("conf", "spark-defaults.conf"))) {
            String[] words = line.strip().split("\\s+", 2);
            if (words.length == 2 && !words[0].startsWith("#")) {
                builder.config(words[0], words[1]);
            }
        }
        return builder.master("local[*]")
                .appName(name)
                .config("spark.kryo.registrationRequired", false)
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }
}
