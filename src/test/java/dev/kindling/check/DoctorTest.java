package dev.kindling.check;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.nn.Block;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.GradientSource;
import dev.kindling.spec.Spec;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults planted in sound data and networks: each is found by name, and gone once what is advised is done. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class DoctorTest {
    private static final String[] FEATURES = {"height", "width", "age", "mass"};

    /** Four normal features, three noisy classes and a noisy target. */
    private static final Dataset<Row> PLANTS = plants().cache();

    @AfterAll
    static void nothingStaysCached() {
        PLANTS.unpersist(true);
    }

    private static Dataset<Row> plants() {
        Dataset<Row> rows = LocalSpark.session().range(0, 600, 1, 2).toDF();
        for (int i = 0; i < FEATURES.length; i++) {
            rows = rows.withColumn(FEATURES[i], expr("randn(" + (i + 1) + ")"));
        }
        return rows.withColumn("target", expr("height - 0.5 * width * age + 0.3 * randn(9)"))
                .withColumn(
                        "label", expr("double(case when target < -0.5 then 0 when target < 0.5 then 1 else 2 end)"));
    }

    private static Dataset<Row> features(Dataset<Row> rows, String... columns) {
        return new VectorAssembler()
                .setInputCols(columns)
                .setOutputCol("features")
                .setHandleInvalid("keep")
                .transform(rows);
    }

    private static Dataset<Row> with(String name, Column column) {
        List<String> columns = new ArrayList<>(List.of(FEATURES));
        if (!columns.contains(name)) {
            columns.add(name);
        }
        return features(PLANTS.withColumn(name, column), columns.toArray(new String[0]));
    }

    private static Dataset<Row> sound() {
        return features(PLANTS, FEATURES);
    }

    private static MlpClassifier classifier() {
        return new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(32, 16)
                .setStepSize(0.01)
                .setBatchSize(32)
                .setNumShards(2)
                .setSeed(4);
    }

    private static MlpRegressor regressor() {
        return new MlpRegressor()
                .setPreset("none")
                .setLabelCol("target")
                .setHiddenLayers(16)
                .setStepSize(0.01)
                .setBatchSize(32)
                .setNumShards(2)
                .setSeed(4);
    }

    private static List<String> faults(Checkup checkup) {
        return checkup.findings().stream()
                .filter(finding -> finding.severity() != Finding.Severity.OK)
                .map(Finding::name)
                .toList();
    }

    private static Finding named(Checkup checkup, String name) {
        return checkup.findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in\n" + checkup));
    }

    @Test
    void soundDataAndNetworkHaveNoFault() {
        Checkup checkup = classifier().check(sound());
        assertThat(faults(checkup)).as(checkup.toString()).isEmpty();
        assertThat(checkup.healthy()).isTrue();
        assertThat(checkup.findings().stream().map(Finding::name))
                .containsExactly(
                        "rows",
                        "labels",
                        "features",
                        "partitions",
                        "split",
                        "memory",
                        "firstLoss",
                        "regularisation",
                        "gradient",
                        "overfit",
                        "units");
        assertThat(named(checkup, "firstLoss").message()).contains("expected ln 3 = 1.099");
        Checkup values = regressor().check(sound());
        assertThat(faults(values)).as(values.toString()).isEmpty();
    }

    /** Faults of the estimator's options, cured by what the finding says in code. */
    static Stream<Arguments> options() {
        return Stream.of(
                Arguments.of("deadUnits", classifier().setOptimizer("sgd").setStepSize(30)),
                Arguments.of(
                        "vanishingGradients",
                        classifier()
                                .setHiddenLayers(32, 32, 32, 32)
                                .setActivation("sigmoid")
                                .setInitializer("normal(0.01)")),
                Arguments.of("equalUnits", classifier().setInitializer("constant(0.1)")),
                Arguments.of("wrongGradient", classifier().setGradientSource("centralDifferences(step=0.5)")),
                Arguments.of("cannotOverfit", classifier().setStepSize(10)),
                Arguments.of("overfitsSlowly", classifier().setOptimizer("sgd").setStepSize(0.01)),
                Arguments.of("firstLossFarOff", classifier().setInitializer("normal(5.0)")),
                Arguments.of(
                        "saturatedUnits", classifier().setActivation("tanh").setInitializer("normal(5.0)")),
                Arguments.of("penaltyOutweighsLoss", classifier().setRegParam(5)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("options")
    void aFaultOfTheOptionsIsFoundAndItsFixCuresIt(String fault, MlpClassifier estimator) throws Exception {
        Checkup checkup = estimator.check(sound());
        Finding finding = named(checkup, fault);
        apply(finding.code(), estimator);
        Checkup after = estimator.check(sound());
        assertThat(faults(after)).as(after.toString()).doesNotContain(fault);
    }

    /** Faults of the data that an option cures. */
    static Stream<Arguments> scales() {
        return Stream.of(
                Arguments.of("unscaledFeatures", classifier(), with("mass", expr("50000 + 20000 * mass"))),
                Arguments.of(
                        "unscaledFeatures",
                        classifier(),
                        with("mass", expr("1000 * mass")).withColumn("x", lit(1))),
                Arguments.of("unscaledFeatures", classifier(), with("mass", expr("0.0001 * mass"))),
                Arguments.of("rareClasses", classifier(), sound().withColumn("label", expr("double(id % 50 = 0)"))),
                Arguments.of("unscaledTarget", regressor(), sound().withColumn("target", expr("1000 * target"))),
                Arguments.of(
                        "targetOutliers", regressor(), sound().withColumn("target", expr("if(id = 7, 300, target)"))),
                Arguments.of(
                        "targetOutliers",
                        regressor(),
                        sound().withColumn("target", expr("if(id = 7, 300, abs(target))")))); // which has a logarithm
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scales")
    void aFaultOfTheDataIsFoundAndTheOptionCuresIt(String fault, Object estimator, Dataset<Row> rows) throws Exception {
        Checkup checkup = check(estimator, rows);
        Finding finding = named(checkup, fault);
        assertThat(finding.option()).startsWith("--");
        apply(finding.code(), estimator);
        Checkup after = check(estimator, rows);
        assertThat(faults(after)).as(after.toString()).doesNotContain(fault);
        assertThat(after.healthy()).as(after.toString()).isTrue();
    }

    private static Checkup check(Object estimator, Dataset<Row> rows) {
        return estimator instanceof MlpClassifier classifier
                ? classifier.check(rows)
                : ((MlpRegressor) estimator).check(rows);
    }

    /** Calls the setters that a finding's code names. */
    private static void apply(String code, Object estimator) throws Exception {
        Matcher calls = Pattern.compile("(set\\w+)\\(([^)]*)\\)").matcher(code);
        int called = 0;
        while (calls.find()) {
            String name = calls.group(1);
            String value = calls.group(2);
            for (Method method : estimator.getClass().getMethods()) {
                if (method.getName().equals(name) && method.getParameterCount() == 1 && !method.isBridge()) {
                    Class<?> type = method.getParameterTypes()[0];
                    if (type == String.class) {
                        method.invoke(estimator, value.replace("\"", ""));
                        called++;
                    } else if (type == boolean.class) {
                        method.invoke(estimator, Boolean.valueOf(value));
                        called++;
                    } else if (type == double.class) {
                        method.invoke(estimator, Double.valueOf(value));
                        called++;
                    }
                }
            }
        }
        assertThat(called).as(code).isPositive();
    }

    /** Faults of columns, cured by leaving the column out that the finding names. */
    static Stream<Arguments> columns() {
        return Stream.of(
                Arguments.of("leakingFeatures", "leak", expr("3 * label - 1")),
                Arguments.of("leakingFeatures", "leak", expr("if(label = 2, 1.0, 0.0)")),
                Arguments.of("leakingFeatures", "leak", expr("label + 0.01 * randn(5)")),
                Arguments.of("constantFeatures", "same", lit(0.7)),
                Arguments.of("duplicatedFeatures", "copy", col("width")));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("columns")
    void aFaultyColumnIsFoundByName(String fault, String name, Column column) {
        Checkup checkup = classifier().check(with(name, column));
        assertThat(faults(checkup)).as(checkup.toString()).containsExactly(fault);
        assertThat(named(checkup, fault).subject()).isEqualTo("\"" + name + "\"");
        assertThat(named(checkup, fault).code()).contains("leave \"" + name + "\" out");
    }

    @Test
    void aCopyOfTheTargetIsALeakAndAGoodPredictorIsNot() {
        Checkup leaking = regressor().check(with("leak", expr("100 - 7 * target + 0.01 * randn(3)")));
        assertThat(faults(leaking)).contains("leakingFeatures");
        Checkup good = regressor().check(with("good", expr("target + 0.2 * randn(3)")));
        assertThat(faults(good)).as(good.toString()).isEmpty();
        // two values that tell two of three classes apart but for a few rows
        Checkup honest = classifier().check(with("good", expr("if(label = 2 and id % 50 > 0, 1.0, 0.0)")));
        assertThat(faults(honest)).as(honest.toString()).isEmpty();
    }

    @Test
    void missingValuesAreCountedByColumnAndTheOtherRowsAreLookedAt() {
        Dataset<Row> holed = with(
                "age",
                when(expr("id % 100 = 3"), Double.NaN)
                        .when(expr("id = 9"), Double.POSITIVE_INFINITY)
                        .otherwise(col("age")));
        Checkup checkup = classifier().check(holed);
        assertThat(faults(checkup)).as(checkup.toString()).containsExactly("missingValues");
        assertThat(named(checkup, "missingValues").message()).contains("\"age\" in 7 of 600");
        assertThat(checkup.healthy()).isFalse();
        assertThat(faults(classifier().check(holed.filter("not isnan(age) and age < 100"))))
                .isEmpty();

        Checkup unlabelled = classifier().check(sound().withColumn("label", expr("if(id < 5, null, label)")));
        assertThat(faults(unlabelled)).containsExactly("missingLabels");
        assertThat(named(unlabelled, "missingLabels").message()).startsWith("5 of 600 rows have no label");

        Checkup none = classifier().check(sound().withColumn("label", expr("cast(null as double)")));
        assertThat(faults(none)).containsExactly("missingLabels");
    }

    @Test
    void copiesAcrossASplitAreFoundAndSplittingDistinctRowsCuresIt() {
        Dataset<Row> doubled = sound().union(sound());
        Dataset<Row>[] parts = doubled.randomSplit(new double[] {0.8, 0.2}, 1);
        Checkup checkup = classifier().check(parts[0], parts[1]);
        assertThat(faults(checkup)).as(checkup.toString()).containsExactly("rowsInTrainAndTest");
        assertThat(checkup.healthy()).isFalse();
        assertThat(named(checkup, "rowsInTrainAndTest").code())
                .isEqualTo("data.dropDuplicates(new String[] {\"features\"}).randomSplit(new double[] {0.8, 0.2}, 1)");
        Dataset<Row>[] clean =
                doubled.dropDuplicates(new String[] {"features"}).randomSplit(new double[] {0.8, 0.2}, 1);
        assertThat(faults(classifier().check(clean[0], clean[1]))).isEmpty();
        assertThat(faults(classifier().check(doubled))).containsExactly("duplicatedRows");
        // a part of the rows suffices, as the same are looked at on both sides
        assertThat(faults(classifier().check(parts[0], parts[1], 200))).contains("rowsInTrainAndTest");
    }

    @Test
    void rowsOfFewDifferentValuesMayStandOnBothSides() {
        Dataset<Row> coarse = features(
                PLANTS.withColumn("height", expr("double(height > 0)")).withColumn("width", expr("double(width > 0)")),
                "height",
                "width");
        Dataset<Row>[] parts = coarse.randomSplit(new double[] {0.8, 0.2}, 1);
        Checkup checkup = classifier().check(parts[0], parts[1]);
        assertThat(named(checkup, "rowsInTrainAndTest").severity()).isEqualTo(Finding.Severity.WARNING);
    }

    @Tag("smoke")
    @Test
    void unevenPartitionsAreFoundAndRepartitioningCuresIt() {
        Dataset<Row> many = features(
                LocalSpark.session()
                        .range(0, 3000, 1, 1)
                        .toDF()
                        .withColumn("height", expr("randn(1)"))
                        .withColumn("label", expr("double(height > 0)")),
                "height");
        Dataset<Row> skewed = many.repartition(8, expr("if(id < 2950, 0, id)"));
        Checkup checkup = classifier().check(skewed);
        assertThat(faults(checkup)).as(checkup.toString()).containsExactly("skewedPartitions");
        assertThat(named(checkup, "skewedPartitions").code()).isEqualTo("data.repartition(8)");
        assertThat(faults(classifier().check(skewed.repartition(8)))).isEmpty();
        Dataset<Row> gone = many.repartition(8, col("label"));
        assertThat(faults(classifier().check(gone))).containsExactly("emptyPartitions");
    }

    @Test
    void labelsThatCannotBeLearnedAreFound() {
        assertThat(faults(regressor().check(sound().withColumn("target", lit(4.0)))))
                .contains("constantTarget");
        Checkup few = classifier().check(sound().withColumn("label", expr("if(id < 3, 3.0, label)")));
        assertThat(faults(few)).containsExactly("fewRowsOfClass", "rareClasses");
        assertThat(named(few, "fewRowsOfClass").message()).endsWith("3 (3)");
    }

    @Test
    void theFindingsAreJson() throws IOException {
        Checkup checkup = classifier().check(with("leak", col("label")));
        JsonNode json = new ObjectMapper().readTree(checkup.toJson());
        assertThat(json.get("healthy").asBoolean()).isFalse();
        assertThat(json.get("findings")).hasSize(checkup.findings().size());
        JsonNode leak = json.get("findings").get(2);
        assertThat(leak.get("name").asText()).isEqualTo("leakingFeatures");
        assertThat(leak.get("severity").asText()).isEqualTo("error");
        assertThat(checkup.toString())
                .contains("error    leakingFeatures")
                .endsWith("not healthy: 1 error, 0 warnings, 10 ok");
    }

    @Test
    void nothingStaysInTheCacheAndTheSameRowsGiveTheSameFindings() {
        MlpClassifier estimator = classifier();
        Dataset<Row> rows = sound();
        int before = LocalSpark.session().sparkContext().getPersistentRDDs().size();
        String params = estimator.explainParams();
        Checkup first = estimator.check(rows, null, 100);
        assertThat(first.findings().get(0).message()).contains("about 100 drawn at random");
        assertThat(estimator.check(rows, null, 100)).isEqualTo(first);
        assertThat(estimator.explainParams()).isEqualTo(params);
        assertThat(LocalSpark.session().sparkContext().getPersistentRDDs().size())
                .isEqualTo(before);
    }

    private static List<String> memory(MemoryCheck.Cluster cluster, MemoryCheck.Need need) {
        return new MemoryCheck(cluster, need)
                .findings().stream().map(Finding::name).toList();
    }

    @Test
    void memoryThatIsTooSmallIsFoundAndTheSettingsCureIt() {
        long mib = 1 << 20;
        MemoryCheck.Cluster small = new MemoryCheck.Cluster(false, 100 * mib, 50 * mib, mib, 128 * mib, 80 * mib);
        MemoryCheck.Need need = new MemoryCheck.Need(200 * mib, 25 * mib, 4, 8, 1);
        List<Finding> found = new MemoryCheck(small, need).findings();
        assertThat(found.stream().map(Finding::name))
                .containsExactly("rowsExceedMemory", "driverMemory", "resultsExceedDriver", "indirectResults");
        assertThat(found.get(1).option()).isEqualTo("--conf spark.driver.memory=168m");
        assertThat(found.get(2).option()).isEqualTo("--aggregation-depth 2, or --conf spark.driver.maxResultSize=400m");
        assertThat(found.get(3).option())
                .isEqualTo("--conf spark.task.maxDirectResultSize=50m --conf spark.rpc.message.maxSize=101");
        MemoryCheck.Cluster raised =
                new MemoryCheck.Cluster(false, 168 * mib, 400 * mib, 50 * mib, 101 * mib, 400 * mib);
        assertThat(memory(raised, need)).containsExactly("memory");
        MemoryCheck.Need sliced = new MemoryCheck.Need(mib, mib, 4, 100, 2);
        assertThat(memory(small, sliced)).containsExactly("memory");
        MemoryCheck.Cluster local = new MemoryCheck.Cluster(true, 168 * mib, 400 * mib, mib, mib, mib);
        assertThat(memory(local, need)).as("nothing travels").containsExactly("memory");
    }

    /** A gradient that one block has with the wrong sign. */
    private static GradientCheck.Slopes flipping(String block) {
        return (network, parameters, batch, loss, key, workspace, gradient) -> {
            double sum = network.accumulate(parameters, batch, loss, key, workspace, gradient);
            for (Block each : network.layout()) {
                for (int i = each.offset(); each.name().equals(block) && i < each.offset() + each.size(); i++) {
                    gradient[i] = -gradient[i];
                }
            }
            return sum;
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dense(6) relu dropout(0.5) dense(4) sigmoid",
                "standardize dense(6) batchNorm gelu dense(4) layerNorm prelu",
                "embed(dim=2, starts=[1], widths=[3]) standardize dense(4) tanh",
                "standardize plr(starts=[1 4], widths=[2 1]) dense(4) tanh",
                "pbld(starts=[0], widths=[5]) dense(4) tanh",
                "dense(8) maxout(2) residual([dense(4) tanh]) dropout(0.2)"
            })
    void aSignFlippedInAnyBlockIsAWrongGradientOfThatBlock(String hidden) {
        List<Layer> layers = new ArrayList<>(Spec.parseAll(Layer.class, hidden));
        layers.add(new Dense(3));
        Network network = Network.of(5, layers);
        Loss loss = new Loss.SoftmaxCrossEntropy(0.1);
        Batch labels = new Batch(Rows.dense(8, 5, new float[40], 0), new float[] {0, 1, 2, 2, 1, 0, 0, 1}, 0, null, 0);
        GradientSource source = new GradientSource.Backpropagation();
        assertThat(new GradientCheck(source, labels)
                        .finding(network, loss, "java")
                        .name())
                .isEqualTo("gradient");
        boolean normed = hidden.contains("batchNorm");
        for (Block block : network.layout()) {
            boolean vanishes = normed && block.name().equals("dense1.bias"); // batchNorm takes it away
            if (block.role() != Block.Role.STATISTIC && !vanishes) {
                Finding finding =
                        new GradientCheck(source, flipping(block.name()), labels).finding(network, loss, "java");
                assertThat(finding.name()).as(block.name()).isEqualTo("wrongGradient");
                assertThat(finding.subject()).isEqualTo(block.name());
                assertThat(finding.message()).containsPattern("off by (1\\d\\d|200) %");
            }
        }
    }

    @Test
    void theDefaultCentralDifferencesAreRightEnough() {
        Checkup checkup = classifier().setGradientSource("centralDifferences").check(sound());
        assertThat(named(checkup, "gradient").message()).startsWith("centralDifferences agrees");
    }
}
