package dev.kindling.bench;

import dev.kindling.StandaloneCluster;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The Spark session of a benchmark: in this JVM, with the properties of submit/kindling. */
final class Session {
    private Session() {}

    static SparkSession local(int threads) throws IOException {
        return of(conf("local[" + threads + "]"));
    }

    private static Properties properties() throws IOException {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("conf/spark-defaults.conf"))) {
            properties.load(file);
        }
        return properties;
    }

    /** The JVM options of a user's driver. */
    static List<String> driverOptions() throws IOException {
        String options = properties().getProperty("spark.driver.defaultJavaOptions", "").strip();
        return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
    }

    static SparkConf conf(String master) throws IOException {
        Properties properties = properties();
        SparkConf conf = new SparkConf().setMaster(master).setAppName("kindling benchmark");
        properties.stringPropertyNames().forEach(name -> conf.set(name, properties.getProperty(name)));
        conf.set("spark.kryo.registrationRequired", "false"); // MLlib's classes are not registered
        conf.set("spark.ui.enabled", "false");
        conf.set("spark.driver.bindAddress", "127.0.0.1");
        conf.set("spark.driver.host", "127.0.0.1");
        return conf;
    }

    /** Executors of one core each, which wait for one another. */
    static SparkConf conf(StandaloneCluster cluster) throws IOException {
        return conf(cluster.master())
                .set("spark.executor.memory", "2g")
                .set("spark.executor.cores", "1")
                .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                .set("spark.executor.extraClassPath", StandaloneCluster.classPath());
    }

    static SparkSession of(SparkConf conf) {
        System.setProperty("log4j2.configurationFile", "conf/log4j2.properties");
        SparkSession session = SparkSession.builder().config(conf).getOrCreate();
        Configurator.setLevel("dev.kindling", Level.WARN); // a line an epoch is too much here
        return session;
    }
}
