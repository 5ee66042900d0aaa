package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.report.ClassCharts;
import dev.kindling.report.TrainingReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 100,000 classes: whatever takes classes² of memory, or rows × classes of it, does not end here. */
@Tag("one-line")
@InOneJvm
final class ManyClassesTest {
    private static final int CLASSES = 100_000;
    private static final int ROWS = 400;

    @TempDir
    private Path folder;

    private static Dataset<Row> rows() {
        List<Row> rows = IntStream.range(0, ROWS)
                .mapToObj(i -> RowFactory.create(Vectors.dense(i % 7, i % 11), (double) i * (CLASSES / ROWS)))
                .toList();
        return LocalSpark.session()
                .createDataFrame(
                        rows,
                        new StructType()
                                .add("features", SQLDataTypes.VectorType())
                                .add("label", DataTypes.DoubleType));
    }

    @Test
    void theyAreTrainedSavedEvaluatedAndReported() throws IOException {
        Dataset<Row> rows = rows();
        TrainingReport report = new TrainingReport();
        MlpClassifier estimator = new MlpClassifier()
                .setPreset("none")
                .setClassCount(CLASSES)
                .setHiddenLayers(4)
                .setMaxIter(1)
                .setBatchSize(ROWS)
                .setStepSize(0.01)
                .setValidationFraction(0.2)
                .setMembers(2)
                .setNumShards(2)
                .setSeed(1);
        MlpClassificationModel model = estimator.setListener(report).fit(rows);
        model.write().overwrite().save(folder.resolve("model").toString());
        MlpClassificationModel loaded =
                MlpClassificationModel.load(folder.resolve("model").toString());
        assertThat(loaded.parameters()).isEqualTo(model.parameters());

        ClassificationEvaluation evaluation = loaded.evaluate(rows);
        List<Row> scored = loaded.transform(rows)
                .select("label", "prediction", "probability")
                .collectAsList();
        double logLoss = 0;
        long right = 0;
        for (Row row : scored) {
            int actual = (int) row.getDouble(0);
            double[] probabilities = row.<Vector>getAs(2).toArray();
            logLoss -= Math.log(probabilities[actual]) / ROWS;
            right += row.getDouble(1) == actual ? 1 : 0;
        }
        assertThat(evaluation.logLoss()).isCloseTo(logLoss, within(1e-9));
        assertThat(evaluation.accuracy()).isEqualTo((double) right / ROWS);
        assertThat(evaluation.confusion()).isEmpty();
        assertThat(evaluation.classes()).hasSize(CLASSES);
        assertThat(evaluation.classes().stream()
                        .mapToDouble(figures -> figures.support())
                        .sum())
                .isEqualTo(ROWS);

        List<String> names =
                IntStream.range(0, CLASSES).mapToObj(String::valueOf).toList();
        ClassCharts charts = new ClassCharts(
                evaluation.classes(), evaluation.confusion(), evaluation.rankings(), evaluation.reliability());
        report.evaluated("rows", true, evaluation.values(), names, charts);
        assertThat(report.page().length()).isLessThan(10_000_000);
    }
}
