package dev.kindling.live;

import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.train.TrainListener;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A small fit in a context of its own, which may be in a JVM of its own. */
final class LonelyFit {
    private LonelyFit() {}

    /** Prints what the weights' bits are. */
    public static void main(String[] arguments) throws Exception {
        try (SparkSession session = session(Map.of())) {
            System.out.println("weights " + bits(fitted(session)));
        }
    }

    static SparkSession session(Map<String, Object> properties) {
        return SparkSession.builder()
                .master("local[2]")
                .appName("kindling </title><script>alert(1)</script>")
                .config("spark.ui.port", 0)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config(Map.<String, Object>copyOf(properties))
                .getOrCreate();
    }

    static Dataset<Row> rows(SparkSession session) {
        return session.range(240)
                .selectExpr(
                        "array(cast(id % 3 as float), cast(id % 7 as float)) as features",
                        "cast(id % 3 as double) as label", "id % 5 = 0 as held");
    }

    static MlpClassifier classifier() {
        return new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(5)
                .setMaxIter(8)
                .setBatchSize(40)
                .setStepSize(0.02)
                .setNumShards(2)
                .setValidationIndicatorCol("held");
    }

    static MlpClassificationModel fitted(SparkSession session, TrainListener... listeners) {
        return classifier().setListener(TrainListener.all(listeners)).fit(rows(session));
    }

    static int bits(MlpClassificationModel model) {
        return Arrays.hashCode(model.parameters());
    }
}
