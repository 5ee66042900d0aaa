package dev.kindling.bench;

import dev.kindling.StandaloneCluster;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.ml.MlpClassifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Milliseconds a step of 512 rows with 50 values other than 0 among 2^18 inputs, into 256 units (67 million parameters, of
 * which a step touches 6.2 million), and of a dense network of 6.3 million parameters and rows, by threads of local[2] and
 * on a standalone cluster of two workers of one core each. Arguments: [steps an epoch].
 */
public final class Sparse {
    private static final Path FOLDER = Path.of("target", "benchmark", "sparse").toAbsolutePath();
    private static final int INPUTS = 1 << 18;
    private static final int STORED = 50;
    private static final int BATCH = 512;
    private static final int DENSE_INPUTS = 1024;
    private static final int EPOCHS = 3;

    private Sparse() {}

    /** A network of the benchmark, and how it is trained. */
    private record Case(String name, boolean sparse, String optimizer, int... hidden) {}

    private static final List<Case> CASES = List.of(
            new Case("dense, adam", false, "adam", 2048, 2048),
            new Case("sparse, lazyAdam", true, "lazyAdam", 256),
            new Case("sparse, sgd", true, "sgd", 256),
            new Case("sparse, adam (steps all)", true, "adam", 256));



    public static void main(String[] arguments) throws Exception {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 24;
        print("local[2]", Session.conf("local[2]"), steps);
        try (StandaloneCluster workers = new StandaloneCluster(FOLDER, 2, Map.of())) {
            print(
                    "cluster",
                    Session.conf(workers.master())
                            .set("spark.executor.memory", "2g")
                            .set("spark.executor.cores", "1")
                            .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                            .set("spark.executor.extraClassPath", StandaloneCluster.classPath()),
                    steps);
        }
    }

    private static void print(String where, SparkConf conf, int steps) {
        double[] milliseconds = milliseconds(conf, steps);
        Table table = new Table("network, " + where, "ms a step", "/ dense");
        for (int i = 0; i < CASES.size(); i++) {
            table.add(CASES.get(i).name, milliseconds[i], milliseconds[i] / milliseconds[0]);
        }
        table.print();
    }

    private static double[] milliseconds(SparkConf conf, int steps) {
        try (SparkSession spark = Session.of(conf)) {
            Dataset<Row> sparse = rows(spark, steps * BATCH, true);
            Dataset<Row> dense = rows(spark, steps * BATCH, false);
            return CASES.stream()
                    .mapToDouble(each -> {
                        MlpClassifier learner = new MlpClassifier()
                                .setPreset("none")
                                .setHiddenLayers(each.hidden)
                                .setOptimizer(each.optimizer)
                                .setStepSize(1e-3)
                                .setBatchSize(BATCH)
                                .setMaxIter(EPOCHS)
                                .setNumShards(2)
                                .setSeed(1);
                        double seconds = learner.fit(each.sparse ? sparse : dense)
                                .summary()
                                .orElseThrow()
                                .secondsPerEpoch();
                        return 1e3 * seconds / steps;
                    })
                    .toArray();
        }
    }

    /** The label is the sign of the sum of a row's values. */
    private static Dataset<Row> rows(SparkSession spark, int count, boolean sparse) {
        StructType schema = new StructType(new StructField[] {
            DataTypes.createStructField("features", new VectorUDT(), false),
            DataTypes.createStructField("label", DataTypes.DoubleType, false)
        });
        List<Integer> numbers = IntStream.range(0, count).boxed().toList();
        return spark.createDataFrame(
                JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .parallelize(numbers, 2)
                        .map(number -> row(number, sparse)),
                schema);
    }

    private static Row row(int number, boolean sparse) {
        SplitMix64 random = new SplitMix64(number);
        double[] values = new double[sparse ? STORED : DENSE_INPUTS];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        double label = Arrays.stream(values).sum() > 0 ? 1 : 0;
        Vector features = sparse ? Vectors.sparse(INPUTS, inputs(random), values) : Vectors.dense(values);
        return RowFactory.create(features, label);
    }

    private static int[] inputs(SplitMix64 random) {
        return IntStream.generate(() -> (int) (INPUTS * random.nextDouble()))
                .distinct()
                .limit(STORED)
                .sorted()
                .toArray();
    }
}
