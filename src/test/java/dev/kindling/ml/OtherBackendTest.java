package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.linalg.Gemm;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Executors that cannot follow the driver's choice of a backend compute with another, and the summary says so. */
@Tag("own-context")
@Tag("slow")
final class OtherBackendTest {
    private static final StructType SCHEMA =
            new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DoubleType);

    private static List<Row> rows() {
        return IntStream.range(0, 40)
                .mapToObj(row -> RowFactory.create(Vectors.dense(row, row % 7), (double) (row % 2)))
                .toList();
    }

    /** @param executorOptions of their JVMs, which have the vector backend only with its module and fused multiply-adds */
    private static TrainingSummary fit(String executorOptions) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (SparkSession session = SparkSession.builder()
                .master("local-cluster[2,1,1024]")
                .appName("backends")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.executor.memory", "512m")
                .config("spark.executor.extraClassPath", classPath)
                .config("spark.executor.extraJavaOptions", executorOptions + " -XX:TieredStopAtLevel=1")
                .config("spark.kindling.gemm", "vector")
                .getOrCreate()) {
            return new MlpClassifier()
                    .setPreset("none")
                    .setMaxIter(1)
                    .setNumShards(4)
                    .fit(session.createDataFrame(rows(), SCHEMA))
                    .summary()
                    .orElseThrow();
        }
    }

    @Test
    void areNamedInTheSummary() throws IOException {
        TrainingSummary summary = fit("-XX:-UseFMA"); // Spark 4 gives its executors the module itself
        List<String> withoutVector =
                Gemm.available().stream().filter(name -> !name.equals("vector")).toList();
        assertThat(summary.gemmBackend()).isEqualTo("vector");
        assertThat(summary.gemmBackends()).containsExactly(withoutVector.get(0));
    }

    @Test
    void areNoneWhereAllExecutorsHaveTheChosenOne() throws IOException {
        TrainingSummary summary = fit("--add-modules=jdk.incubator.vector");
        assertThat(summary.gemmBackend()).isEqualTo("vector");
        assertThat(summary.gemmBackends()).containsExactly("vector");
    }
}
