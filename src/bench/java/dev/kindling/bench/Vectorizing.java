package dev.kindling.bench;

import dev.kindling.table.TableVectorizer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.Imputer;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Seconds and heap of the table vectorizer on 25 columns of numbers with gaps and 5 of texts in Parquet, beside the stages of Spark's
 * own that do the same: Imputer (the approximate median), StandardScaler, StringIndexer, OneHotEncoder, VectorAssembler. Argument: the
 * number of rows.
 */
public final class Vectorizing {
    private static final int NUMBERS = 25;
    private static final int TEXTS = 5;

    private Vectorizing() {}

    public static void main(String[] arguments) throws Exception {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 2_000_000;
        Path folder = Files.createTempDirectory("vectorizing");
        try (SparkSession spark = Session.local(2)) {
            String path = folder.resolve("table").toString();
            spark.range(rows).select(columns()).write().parquet(path);
            Dataset<Row> table = spark.read().parquet(path);
            Pipeline own = new Pipeline().setStages(new PipelineStage[] {new TableVectorizer()});
            Pipeline sparks = new Pipeline().setStages(sparksStages());
            for (Pipeline pipeline : List.of(own, sparks)) {
                pipeline.fit(table.limit(20_000)); // warms up
            }
            Table printed = new Table(
                    String.format("%,d rows of %d numbers and %d texts", rows, NUMBERS, TEXTS),
                    "Kindling",
                    "Spark ML",
                    "ratio");
            double[] ours = measure(own, table);
            double[] others = measure(sparks, table);
            String[] names = {"seconds to fit", "seconds to transform", "peak heap, MB"};
            for (int i = 0; i < names.length; i++) {
                printed.add(names[i], ours[i], others[i], others[i] / ours[i]);
            }
            printed.print();
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static Column[] columns() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < NUMBERS; i++) {
            columns.add(functions.when(functions.rand(i).gt(0.05), functions.randn(100 + i).multiply(i + 1))
                    .as("n" + i));
        }
        for (int i = 0; i < TEXTS; i++) {
            columns.add(functions.concat(
                            functions.lit("value "),
                            functions.floor(functions.rand(200 + i).multiply(10 * (i + 1))))
                    .as("t" + i));
        }
        return columns.toArray(new Column[0]);
    }

    private static PipelineStage[] sparksStages() {
        String[] numbers = names("n", NUMBERS);
        String[] texts = names("t", TEXTS);
        return new PipelineStage[] {
            new Imputer().setStrategy("median").setInputCols(numbers).setOutputCols(names("filled", NUMBERS)),
            new VectorAssembler().setInputCols(names("filled", NUMBERS)).setOutputCol("numbers"),
            new StandardScaler().setWithMean(true).setInputCol("numbers").setOutputCol("scaled"),
            new StringIndexer().setInputCols(texts).setOutputCols(names("index", TEXTS)).setHandleInvalid("keep"),
            new OneHotEncoder().setInputCols(names("index", TEXTS)).setOutputCols(names("hot", TEXTS)),
            new VectorAssembler().setInputCols(join("scaled", names("hot", TEXTS))).setOutputCol("features")
        };
    }

    private static String[] names(String prefix, int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = prefix + i;
        }
        return names;
    }

    private static String[] join(String first, String[] others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(others));
        return all.toArray(new String[0]);
    }

    /** Seconds to fit and to transform, and the largest heap in between. */
    private static double[] measure(Pipeline pipeline, Dataset<Row> table) throws Exception {
        System.gc();
        heap().forEach(MemoryPoolMXBean::resetPeakUsage);
        List<Transformer> fitted = new ArrayList<>();
        double fit = Times.seconds(() -> fitted.add(pipeline.fit(table)));
        double transform = Times.seconds(() -> fitted.get(0)
                .transform(table)
                .select("features")
                .write()
                .format("noop")
                .mode("overwrite")
                .save());
        double peak = heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / 1e6;
        return new double[] {fit, transform, peak};
    }

    private static List<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
                .toList();
    }
}
