package dev.kindling.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.score.Scorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Microseconds a row of the scorer without Spark beside ONNX Runtime, one thread each, and beside {@code transform}: the same model
 * from the same 30 raw columns, one row at a time and 512 together. The model's {@code predict} takes a vector of features that were
 * made before. All but {@code transform} are in seconds of the thread's own CPU time.
 */
public final class Serving {
    private static final int BATCH = 512;
    private static final double SECONDS = 1;

    private Serving() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("serving");
        try (SparkSession spark = Session.local(2)) {
            Dataset<Row> raw = spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv("src/main/resources/dev/kindling/breast_cancer.csv.gz");
            Dataset<Row> rows = new StringIndexer()
                    .setInputCol("diagnosis")
                    .setOutputCol("label")
                    .fit(raw)
                    .transform(raw);
            String[] columns = Arrays.stream(raw.columns())
                    .filter(name -> !name.equals("diagnosis"))
                    .toArray(String[]::new);
            Table table = new Table("microseconds a row", "Scorer", "ONNX Runtime", "predict", "transform");
            for (int members : new int[] {1, 4}) {
                MlpClassificationModel model = new MlpClassifier()
                        .setFeaturesCols(columns)
                        .setMembers(members)
                        .setMaxIter(1)
                        .fit(rows);
                measure(table, members, model, rows, columns, folder.resolve(members + ""));
            }
            table.print();
        }
    }

    private static void measure(
            Table table, int members, MlpClassificationModel model, Dataset<Row> rows, String[] columns, Path path)
            throws Exception {
        model.exportSafetensors(path + ".safetensors");
        model.exportOnnx(path + ".onnx");
        Scorer scorer = Scorer.load(path + ".safetensors");
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Row row : rows.limit(BATCH).collectAsList()) {
            Map<String, Object> map = new HashMap<>();
            for (String column : columns) {
                map.put(column, row.getAs(column));
            }
            maps.add(map);
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        try (OrtSession session = environment.createSession(path + ".onnx", options)) {
            for (int batch : new int[] {1, BATCH}) {
                List<Map<String, Object>> given = maps.subList(0, batch);
                double own = each(batch, () -> {
                    if (batch == 1) {
                        scorer.predict(given.get(0));
                    } else {
                        scorer.predictAll(given);
                    }
                });
                double onnx = each(batch, () -> run(environment, session, given, columns));
                Vector features = model.getVectorizerModel()
                        .transform(rows.limit(1))
                        .first()
                        .getAs(model.getVectorizerModel().getOutputCol());
                double predict = batch == 1 ? each(1, () -> model.predict(features)) : Double.NaN;
                Dataset<Row> few = rows.limit(batch).coalesce(1).cache();
                few.count();
                double[] times = new double[20];
                for (int i = -5; i < times.length; i++) {
                    double seconds = Times.seconds(() -> model.transform(few).collectAsList());
                    times[Math.max(0, i)] = seconds;
                }
                few.unpersist();
                String name = members + (members == 1 ? " network, " : " networks, ") + batch + (batch == 1 ? " row" : " rows");
                table.add(name, own, onnx, predict, Times.median(times) * 1e6 / batch);
            }
        }
    }

    private static double each(int batch, Times.Work work) throws Exception {
        Times.rate(SECONDS, work);
        return 1e6 / Times.rate(SECONDS, work) / batch;
    }

    /** From the same maps: the caller makes a tensor of each column. */
    private static void run(
            OrtEnvironment environment, OrtSession session, List<Map<String, Object>> rows, String[] columns)
            throws Exception {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (String column : columns) {
            double[][] values = new double[rows.size()][1];
            for (int i = 0; i < values.length; i++) {
                values[i][0] = ((Number) rows.get(i).get(column)).doubleValue();
            }
            inputs.put(column, OnnxTensor.createTensor(environment, values));
        }
        try (OrtSession.Result result = session.run(inputs)) {
            result.get("probabilities").orElseThrow().getValue();
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }
}
