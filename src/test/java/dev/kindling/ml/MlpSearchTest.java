package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.search.MlpSearch;
import dev.kindling.ml.search.RandomParamGrid;
import dev.kindling.ml.search.SearchResult;
import dev.kindling.search.TrialResult;
import dev.kindling.search.TrialResult.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
class MlpSearchTest {
    private final Dataset<Row> rows = Flowers.clusters(180, 3, 1);
    private final MlpClassifier mlp = new MlpClassifier()
            .setPreset("none")
            .setHiddenLayers(8)
            .setMaxIter(9)
            .setBatchSize(20)
            .setNumShards(2);

    @AfterEach
    void nothingStaysCached() {
        assertThat(rows.sparkSession().sparkContext().getPersistentRDDs().isEmpty())
                .isTrue();
    }

    private RandomParamGrid space(long seed) {
        return new RandomParamGrid(seed)
                .add(mlp.stepSize(), "logUniform(1e-5, 1e-1)")
                .add(mlp.hiddenLayers(), List.of(new int[] {4}, new int[] {16, 8}))
                .add(mlp.dropout(), "uniform(0, 0.3)");
    }

    @Test
    void withoutHalvingATrialsScoreIsThatOfAFitWithItsParams() {
        Dataset<Row> marked = rows.withColumn("held", functions.rand(3).lt(0.3)).cache();
        try {
            MlpClassifier held = mlp.setValidationIndicatorCol("held");
            SearchResult result = new MlpSearch(held, space(1))
                    .setTrials(4)
                    .setFolds(1)
                    .setReduction(1)
                    .run(marked);
            assertThat(result.trials()).hasSize(4);
            double before = 0;
            for (SearchResult.Trial trial : result.trials()) {
                TrainingSummary alone =
                        held.fit(marked, trial.params()).summary().orElseThrow();
                assertThat(trial.result().score())
                        .isEqualTo(best(alone).validationLoss())
                        .isGreaterThanOrEqualTo(before);
                assertThat(trial.result().state()).isEqualTo(State.DONE);
                assertThat(trial.result().epochs()).isEqualTo(9);
                before = trial.result().score();
            }
        } finally {
            marked.unpersist(true);
        }
    }

    private static Epoch best(TrainingSummary summary) {
        return summary.history().get(summary.bestEpoch() - 1);
    }

    @Tag("slow")
    @Test
    void itFindsWhatSparksCrossValidatorFinds() {
        RandomParamGrid grid = new RandomParamGrid(5).add(mlp.stepSize(), "logUniform(1e-6, 1e-1)");
        CrossValidatorModel spark = new CrossValidator()
                .setEstimator(mlp)
                .setEstimatorParamMaps(grid.build(6))
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setNumFolds(3)
                .setParallelism(2)
                .fit(rows);
        SearchResult ours =
                new MlpSearch(mlp, grid).setTrials(6).setReduction(1).run(rows);
        double sparks = ((MlpClassificationModel) spark.bestModel()).getStepSize();
        assertThat(ours.bestParams().apply(mlp.stepSize())).isEqualTo(sparks);
        // other folds, so not the same figures
        double[] logLosses = spark.avgMetrics();
        for (SearchResult.Trial trial : ours.trials()) {
            assertThat(trial.result().score())
                    .isCloseTo(logLosses[trial.result().number() - 1], within(0.15));
        }
        MlpClassificationModel model = mlp.fit(rows, ours.bestParams());
        assertThat(model.getStepSize()).isEqualTo(sparks);
    }

    @Tag("smoke")
    @Test
    void theWorseTrialsEndEarlyAndHowManyAreAtOnceChangesNothing() {
        SearchResult result = search().setAtOnce(48).run(rows);
        assertThat(states(result, State.DONE)).hasSize(1).allMatch(trial -> trial.epochs() == 9);
        assertThat(states(result, State.STOPPED).filter(trial -> trial.epochs() == 3))
                .hasSize(2);
        assertThat(states(result, State.STOPPED).filter(trial -> trial.epochs() == 1))
                .hasSize(6);
        assertThat(result.toJson())
                .isEqualTo(search().setAtOnce(1).run(rows).toJson())
                .isNotEqualTo(search(7).run(rows).toJson());
        // who went on had the better score then
        double worst = result.trials().stream()
                .filter(trial -> trial.result().epochs() >= 3)
                .mapToDouble(trial -> trial.result().curve().get(0))
                .max()
                .orElseThrow();
        assertThat(states(result, State.STOPPED).filter(trial -> trial.epochs() == 1))
                .allMatch(trial -> trial.score() >= worst);
    }

    private MlpSearch search() {
        return search(2);
    }

    private MlpSearch search(long seed) {
        return new MlpSearch(mlp, space(seed)).setTrials(9).setFolds(2).setReduction(3);
    }

    private static Stream<TrialResult> states(SearchResult result, State state) {
        return result.trials().stream().map(SearchResult.Trial::result).filter(trial -> trial.state() == state);
    }

    @Test
    void aLaterStageLooksWhereTheBestWere() {
        SearchResult result = search().setStages(2).run(rows);
        assertThat(result.trials()).hasSize(18);
        List<Double> first = rates(result, 1);
        List<Double> second = rates(result, 2);
        assertThat(spread(second)).isLessThan(spread(first));
        assertThat(result.best().result().number()).isBetween(1, 18);
    }

    private List<Double> rates(SearchResult result, int stage) {
        return result.trials().stream()
                .filter(trial -> trial.stage() == stage)
                .map(trial -> (Double) trial.params().apply(mlp.stepSize()))
                .toList();
    }

    private static double spread(List<Double> values) {
        return values.stream().mapToDouble(x -> x).max().orElse(0)
                / values.stream().mapToDouble(x -> x).min().orElse(1);
    }

    @Test
    void anInterruptedSearchGoesOnToTheSameResult(@TempDir Path folder) throws Exception {
        String whole = search().run(rows).toJson();
        mlp.setCheckpointDir(folder.toString());
        Thread here = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while (!Files.exists(folder.resolve("trial-9-fold-2"))) {
                Thread.onSpinWait();
            }
            here.interrupt();
        });
        interrupter.start();
        try {
            assertThatThrownBy(() -> search().run(rows)).isInstanceOf(CancellationException.class);
        } finally {
            interrupter.join();
            Thread.interrupted();
        }
        assertThat(search().run(rows).toJson()).isEqualTo(whole);
        assertThat(search().run(rows).toJson()).as("of a search that is done").isEqualTo(whole);
    }

    @Test
    void aTrialThatDivergesOrCannotTrainIsToldAndTheOthersGoOn() {
        RandomParamGrid grid = new RandomParamGrid(1)
                .add(mlp.optimizer(), List.of("sgd", "lbfgs"))
                .add(mlp.stepSize(), List.of(0.05, 1e30))
                .add(mlp.dropout(), List.of(0.0, 0.2));
        SearchResult result = new MlpSearch(mlp, grid).setTrials(12).setFolds(2).run(rows);
        assertThat(states(result, State.DIVERGED))
                .isNotEmpty()
                .allMatch(trial -> trial.problem().contains("training diverged") && Double.isNaN(trial.score()));
        assertThat(states(result, State.REFUSED)).isNotEmpty().allMatch(trial -> trial.problem()
                .contains("lbfgs needs a loss that stays the same, but dropout"));
        assertThat(result.best().result().state()).isEqualTo(State.DONE);
        assertThat(result.toString()).contains("diverged").contains("refused");
    }

    @Test
    void aRegressorIsSearchedByItsErrorInTheTargetsUnit() {
        Dataset<Row> line = rows.withColumn("label", functions.expr("1e5 * label + 7e6"));
        MlpRegressor regressor = new MlpRegressor()
                .setPreset("none")
                .setHiddenLayers(8)
                .setMaxIter(20)
                .setBatchSize(10)
                .setNumShards(2);
        RandomParamGrid grid = new RandomParamGrid(1)
                .add(regressor.standardizeTarget(), List.of(true, false))
                .add(regressor.stepSize(), "logUniform(1e-3, 1e-1)");
        MlpSearch search = new MlpSearch(regressor, grid).setTrials(6);
        assertThatThrownBy(() -> search.run(line))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("losses of trials that differ in standardizeTarget cannot be compared: compare by rmse");
        SearchResult result = search.setMetric("rmse").run(line);
        assertThat(result.metric()).isEqualTo("rmse");
        assertThat(result.bestParams().apply(regressor.standardizeTarget()))
                .as(result.toString())
                .isEqualTo(true);
        assertThat(result.best().result().score()).isBetween(1.0, 80_000.0);
    }

    @Test
    void aClockDecidesHowMuchIsTriedAndNothingElse() {
        SearchResult timed =
                new MlpSearch(mlp, space(1)).setTrials(6).setMinutes(0.05).run(rows);
        int each = timed.trials().size() / timed.stages();
        assertThat(timed.trials()).hasSize(each * timed.stages());
        SearchResult repeated = new MlpSearch(mlp, space(1))
                .setTrials(each)
                .setStages(timed.stages())
                .run(rows);
        assertThat(repeated.toJson()).isEqualTo(timed.toJson());
    }

    @Test
    void overFoldsDefaultsSetNoRowsAside() {
        MlpClassifier byDefault =
                new MlpClassifier().setMaxIter(2).setHiddenLayers(4).setNumShards(2);
        RandomParamGrid rates = new RandomParamGrid(1).add(byDefault.stepSize(), List.of(1e-3, 1e-2));
        assertThat(new MlpSearch(byDefault, rates)
                        .setTrials(2)
                        .run(rows)
                        .best()
                        .result()
                        .score())
                .isFinite();
        assertThat(new MlpSearch(byDefault, rates)
                        .setTrials(2)
                        .setFolds(1)
                        .run(rows)
                        .best()
                        .result()
                        .score())
                .isFinite();
    }

    @Test
    void theAutomaticSpaceLeavesWhatIsSet() {
        MlpClassifier open = new MlpClassifier();
        assertThat(names(RandomParamGrid.auto(open, 1)))
                .containsExactly("stepSize", "hiddenLayers", "activation", "dropout", "optimizer");
        assertThat(names(RandomParamGrid.auto(open.setDropout(0.1), 1)))
                .containsExactly("stepSize", "hiddenLayers", "activation", "optimizer");
        assertThat(names(RandomParamGrid.auto(new MlpRegressor().setArchitecture("dense(3) tanh"), 1)))
                .containsExactly("stepSize", "optimizer");
        MlpClassifier mlp = new MlpClassifier().setMaxIter(1).setNumShards(2);
        SearchResult found =
                new MlpSearch(mlp, RandomParamGrid.auto(mlp, 3)).setTrials(4).run(rows);
        assertThat(found.trials()).allMatch(trial -> trial.result().state() != State.REFUSED);
    }

    private static List<String> names(RandomParamGrid grid) {
        return grid.params().stream().map(Param::name).toList();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new MlpSearch(mlp, new RandomParamGrid(1)))
                .hasMessage("the space must have at least one param to look for, but has none");
        assertThatThrownBy(() -> new MlpSearch(mlp, new RandomParamGrid(1).add(mlp.maxIter(), "int(1, 5)")))
                .hasMessage("maxIter must be the same for all trials: set it on the estimator");
        assertThatThrownBy(() -> new MlpSearch(new MlpClassifier().setPreset("none"), space(1)))
                .hasMessageContaining("but stepSize is one of " + mlp.uid());
        assertThatThrownBy(() -> new MlpSearch(mlp, space(1)).setMetric("acuracy"))
                .hasMessageContaining("did you mean accuracy?");
        assertThatThrownBy(() -> new MlpSearch(mlp, space(1)).setFolds(1).run(rows))
                .hasMessageStartingWith("a search needs rows to validate on");
        assertThatThrownBy(() -> new MlpSearch(mlp.copy(new ParamMap()).setPatience(2), space(1)).run(rows))
                .hasMessageStartingWith("patience would stop a trial by the rows it is judged by");
        RandomParamGrid bad = new RandomParamGrid(1).add(mlp.dropout(), "uniform(2, 3)");
        assertThatThrownBy(() -> new MlpSearch(mlp, bad).run(rows)).isInstanceOf(IllegalArgumentException.class);
        RandomParamGrid hopeless = new RandomParamGrid(1).add(mlp.stepSize(), List.of(1e30));
        assertThatThrownBy(() -> new MlpSearch(mlp.copy(new ParamMap()).setOptimizer("sgd"), hopeless).run(rows))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith(
                        "at least one trial must train, but of 16 none did; the first: training diverged");
    }
}
