package dev.kindling;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** The session that Spark tests share: four tasks at once, each tried up to three times, Kryo with registration required. */
public final class LocalSpark {
    private static final SparkSession SESSION = session("local[4,3]");

    private LocalSpark() {}

    public static SparkSession session() {
        return SESSION;
    }

    private static SparkSession session(String master) {
        SparkSession session = SparkSession.builder()
                .master(master)
                .appName("kindling tests")
                .config("spark.ui.enabled", false)
                .config("spark.kindling.oneJvm", false) // see InOneJvm
                .config("spark.hadoop.fs.file.impl", LocalFiles.class.getName())
                .config("spark.sql.shuffle.partitions", 4)
                // compiling a plan takes longer than running it on a few rows; the job jar's tests run compiled plans
                .config("spark.sql.codegen.wholeStage", false)
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                .config("spark.default.parallelism", 4)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config(
                        "spark.sql.warehouse.dir",
                        Path.of("target", "warehouse").toUri().toString())
                .getOrCreate();
        return session;
    }
}
