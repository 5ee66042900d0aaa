package dev.kindling.job.input;

import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;

/** Reads the first records of files: of one file here, of many by tasks, because each costs a round trip to the store. */
final class CsvHeads implements FlatMapFunction<Iterator<String>, CsvHead> {
    private static final long serialVersionUID = 1L;

    private final SerializableWritable<Configuration> configuration;
    private final CsvOptions options;

    private CsvHeads(SerializableWritable<Configuration> configuration, CsvOptions options) {
        this.configuration = configuration;
        this.options = options;
    }

    /**
     * The heads of all files that have lines, in the order of their paths.
     *
     * @throws InvalidInput for the first file that is not text in the given encoding
     */
    static List<CsvHead> of(SparkSession spark, InputFiles files, CsvOptions options) throws IOException {
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        List<CsvHead> heads = new ArrayList<>();
        if (files.files().size() == 1) {
            heads.add(CsvHead.read(files.files().get(0), configuration, options));
        } else {
            JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            List<String> paths = files.files().stream().map(Path::toString).toList();
            heads.addAll(context.parallelize(paths, Math.min(paths.size(), context.defaultParallelism()))
                    .mapPartitions(new CsvHeads(new SerializableWritable<>(configuration), options))
                    .collect());
        }
        for (CsvHead head : heads) {
            if (head.problem != null) {
                throw new InvalidInput(head.problem);
            }
        }
        heads.removeIf(head -> head.record.isEmpty());
        return heads;
    }

    @Override
    public Iterator<CsvHead> call(Iterator<String> paths) throws IOException {
        List<CsvHead> heads = new ArrayList<>();
        while (paths.hasNext()) {
            heads.add(CsvHead.read(new Path(paths.next()), configuration.value(), options));
        }
        return heads.iterator();
    }
}
