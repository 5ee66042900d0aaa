package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.check.Checkup;
import dev.kindling.check.Finding;
import dev.kindling.linalg.SplitMix64;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** A check of data with missing values judges all else by every row, and its advice does not contradict itself. */
@InOneJvm
final class CheckOfMissingValuesTest {

    /** The first feature is present in 24 of 600 rows; in those, the second happens to be the class. */
    private static Dataset<Row> holed() {
        SplitMix64 random = new SplitMix64(5);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            boolean complete = i % 25 == 0;
            int label = i % 4 == 0 ? 1 : 0;
            double first = complete ? random.nextGaussian() : Double.NaN;
            double second = complete ? label : random.nextGaussian();
            Vector features = Vectors.dense(first, second, random.nextGaussian());
            rows.add(RowFactory.create(
                    i, i % 2 == 0 ? features : features.toSparse(), (double) label, 1.0, false, "row"));
        }
        return LocalSpark.session().createDataFrame(rows, Flowers.SCHEMA);
    }

    private static MlpClassifier estimator() {
        return new MlpClassifier().setPreset("none").setHiddenLayers(8).setNumShards(2);
    }

    @Test
    void otherFeaturesAndClassesAreJudgedByAllRows() {
        Checkup checkup = estimator().check(holed(), null, 10_000);
        List<String> names = checkup.findings().stream().map(Finding::name).toList();
        assertThat(names).contains("missingValues").doesNotContain("leakingFeatures", "fewRowsOfClass");
        assertThat(checkup.findings().stream().filter(finding -> finding.name().equals("labels")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).isEqualTo("2 classes of 150 to 450 rows"));
    }

    @Test
    void everyFixOfUnscaledDataScalesThem() {
        SplitMix64 random = new SplitMix64(6);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double x = 1000 * random.nextDouble();
            rows.add(RowFactory.create(
                    i, Vectors.dense(x, 1000 * random.nextDouble()), x > 400 ? 1.0 : 0.0, 1.0, false, "row"));
        }
        Dataset<Row> data = LocalSpark.session().createDataFrame(rows, Flowers.SCHEMA);
        Checkup checkup = estimator().setStepSize(0.3).check(data, null, 10_000);
        List<Finding> faults = checkup.findings().stream()
                .filter(finding -> finding.severity() != Finding.Severity.OK)
                .toList();
        assertThat(faults).hasSizeGreaterThan(1);
        assertThat(faults).allSatisfy(finding -> assertThat(finding.option()).startsWith("--standardize"));
    }
}
