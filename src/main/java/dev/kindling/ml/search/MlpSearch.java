package dev.kindling.ml.search;

import dev.kindling.data.CvFold;
import dev.kindling.data.Shards;
import dev.kindling.engine.GemmBackend;
import dev.kindling.engine.SharedRounds;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Metric;
import dev.kindling.loss.Monitor;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.columns.FeatureRows;
import dev.kindling.ml.internal.FeatureLayout;
import dev.kindling.ml.internal.ParsedParams;
import dev.kindling.ml.params.MlpRegressionParams;
import dev.kindling.search.Halving;
import dev.kindling.search.TrialResult;
import dev.kindling.search.Trials;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the params with which an estimator trains best: random search, by cross-validation, from coarse to fine, with
 * successive halving. All trials train at once over the same cached shards: the rows are packed once, and one Spark job serves
 * a step of each.
 *
 * <pre>{@code
 * MlpClassifier mlp = new MlpClassifier().setMaxIter(27);
 * RandomParamGrid space = new RandomParamGrid(1)
 *         .add(mlp.stepSize(), "logUniform(1e-4, 1e-1)")
 *         .add(mlp.hiddenLayers(), List.of(new int[] {32}, new int[] {128, 64}));
 * SearchResult result = new MlpSearch(mlp, space).setTrials(30).setFolds(3).run(train);
 * MlpClassificationModel model = mlp.fit(train, result.bestParams());
 * }</pre>
 *
 * <p>The estimator's own params apply where the space has none. The same rows, space and settings give the same result, on
 * any cluster and for any number of concurrent trials. If the estimator has a {@code checkpointDir}, each trial keeps its
 * checkpoints there, and the same search, started again, resumes from them.
 *
 * <p>The driver's memory holds what each trial trains, for each fold: its parameters and the optimizer's slots.
 */
public final class MlpSearch {
    /** Of them the next stage draws where the best trials of this one in so many lie. */
    private static final int BEST_IN = 4;

    /** But where at least so many lie. */
    private static final int FEWEST = 3;

    /** What all trials share, or what says how long they train and is the halving's. */
    private static final Set<String> SHARED = Set.of(
            "maxIter",
            "numShards",
            "seed",
            "aggregationDepth",
            "validationFraction",
            "validationIndicatorCol",
            "featuresCol",
            "featuresCols",
            "vectorizer",
            "vectorizerModel",
            "labelCol",
            "weightCol",
            "classCount",
            "checkpointDir",
            "checkpointInterval",
            "checkpointMinutes",
            "checkpointKeep",
            "initialWeights",
            "initialOffsets",
            "handleInvalid",
            "output",
            "monitor");

    /** What changes the loss itself, so that losses cannot be compared. */
    private static final Set<String> OF_LOSS = Set.of("loss", "standardizeTarget");

    private final MlpEstimatorParams<?> estimator;
    private final RandomParamGrid space;
    private int trials = 16;
    private int folds = 3;
    private int reduction = 3;
    private int leastEpochs;
    private int stages = 1;
    private double minutes;
    private int atOnce = 48;
    private Monitor by = Monitor.LOSS;

    /**
     * A search, with defaults.
     *
     * @param estimator an {@link dev.kindling.ml.MlpClassifier} or {@link dev.kindling.ml.MlpRegressor}; it is not changed
     * @param space params of that estimator
     */
    public MlpSearch(MlpEstimatorParams<?> estimator, RandomParamGrid space) {
        this.estimator = estimator;
        this.space = space;
        Require.that(!space.params().isEmpty(), "the space must have at least one param to look for, but has none");
        for (Param<?> param : space.params()) {
            Require.that(
                    param.parent().equals(estimator.uid()),
                    "the space must be of params of " + estimator.uid() + ", but " + param.name() + " is one of "
                            + param.parent());
            Require.that(
                    !SHARED.contains(param.name()),
                    param.name() + " must be the same for all trials: set it on the estimator");
        }
    }

    /** How many maps of params to try in each stage. Default: 16. */
    public MlpSearch setTrials(int value) {
        Require.positive(value, "the number of trials");
        trials = value;
        return this;
    }

    /**
     * How many folds to cross-validate each trial over; 1: validate on the rows of the estimator's {@code
     * validationIndicatorCol} or {@code validationFraction} instead. Default: 3.
     */
    public MlpSearch setFolds(int value) {
        Require.positive(value, "the number of folds");
        folds = value;
        return this;
    }

    /**
     * One in how many trials continues at each rung: with 3 and 27 epochs all train 3, a third of them 9, a ninth 27; 1: all train
     * to the end. Default: 3.
     */
    public MlpSearch setReduction(int value) {
        Require.positive(value, "the reduction");
        reduction = value;
        return this;
    }

    /** The epochs before trials are first compared; 0, the default: as few as make two comparisons before the end. */
    public MlpSearch setLeastEpochs(int value) {
        Require.nonNegative(value, "the epochs before trials are compared");
        leastEpochs = value;
        return this;
    }

    /** How many times to draw, each time nearer to what was best so far. Default: 1. */
    public MlpSearch setStages(int value) {
        Require.positive(value, "the number of stages");
        stages = value;
        return this;
    }

    /**
     * About how long to search, instead of a number of stages: another stage begins while it should end in time, and there is at
     * least one. So the clock decides how many stages there are and nothing else; a search with that number of stages, which the
     * result tells, has the same trials to the bit. 0, the default: no clock.
     */
    public MlpSearch setMinutes(double value) {
        Require.nonNegative(value, "the minutes of a search");
        minutes = value;
        return this;
    }

    /** How many fits, one for each trial and fold, are under way at once. It changes no result. Default: 48. */
    public MlpSearch setAtOnce(int value) {
        Require.positive(value, "the number of fits at once");
        atOnce = value;
        return this;
    }

    /**
     * By what to compare trials: {@code loss}, or a metric that {@link MlpEstimatorParams#setMonitor} takes. Trials then
     * monitor that metric too. Default: loss.
     */
    public MlpSearch setMetric(String value) {
        Require.oneOf(value, Monitor.names(classifies()), "metric of a search");
        by = Monitor.named(value);
        return this;
    }

    private boolean classifies() {
        return !(estimator instanceof MlpRegressionParams);
    }

    /**
     * Tries them all.
     *
     * @throws InvalidInput where no trial could be trained, and for rows as {@code fit} refuses them
     */
    public SearchResult run(Dataset<?> dataset) {
        requireUsable();
        Predictor<?, ?, ?> columns = (Predictor<?, ?, ?>) estimator;
        columns.transformSchema(dataset.schema());
        List<MlpEstimatorParams<?>> first =
                estimators(space, 0); // a value that is not allowed is refused before any work
        FeatureRows in = FeatureRows.learn(dataset, estimator, columns.getFeaturesCol(), columns.getLabelCol());
        FeatureLayout layout = FeatureLayout.of(in.rows().schema(), in.features());
        ParsedParams base = new ParsedParams(validating(), layout);
        String gemm = GemmBackend.choose(dataset.sparkSession().sparkContext().getConf());
        try (Shards shards = base.pack(in.rows(), in.features(), columns.getLabelCol())) {
            return run(shards, layout, gemm, base.length(shards.rows()).epochs(), first);
        }
    }

    private void requireUsable() {
        for (Param<?> param : space.params()) {
            Require.that(
                    by != Monitor.LOSS || !OF_LOSS.contains(param.name()),
                    "losses of trials that differ in " + param.name() + " cannot be compared: compare by "
                            + Metric.usual(classifies()).name());
        }
        String monitored = estimator.getMonitor();
        Require.that(
                by == Monitor.LOSS || monitored.equals(by.toString()) || !estimator.isSet(estimator.monitor()),
                "a search by " + by + " monitors " + by + " too, but the monitor is " + monitored + ": leave it out");
        boolean held = validating().getValidationFraction() > 0 || estimator.isSet(estimator.validationIndicatorCol());
        Require.that(
                folds > 1 || held,
                "a search needs rows to validate on: take at least 2 folds, or set a validation fraction");
        Require.that(
                folds == 1 || !held,
                "a search over " + folds + " folds validates on each row once: leave the rows set aside for validation"
                        + " out, or take 1 fold to validate on those");
        Require.that(
                folds == 1 || !estimator.isSet(estimator.patience()) || estimator.getPatience() == 0,
                "patience would stop a trial by the rows it is judged by: leave it out, or take 1 fold and rows set aside"
                        + " for validation");
    }

    /** The estimator; over folds, it sets no rows aside unless it is told to. */
    private MlpEstimatorParams<?> validating() {
        MlpEstimatorParams<?> copy = (MlpEstimatorParams<?>) estimator.copy(new ParamMap());
        if (folds > 1 && !copy.isSet(copy.validationFraction())) {
            copy.setValidationFraction(0);
        }
        return copy;
    }

    private List<MlpEstimatorParams<?>> estimators(RandomParamGrid grid, int from) {
        List<MlpEstimatorParams<?>> copies = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            MlpEstimatorParams<?> copy = (MlpEstimatorParams<?>) estimator.copy(grid.draw(from + i));
            if (folds > 1 && !copy.isSet(copy.patience())) {
                copy.setPatience(0);
            }
            copies.add(by == Monitor.LOSS ? copy : copy.setMonitor(by.toString()));
        }
        return copies;
    }

    private SearchResult run(
            Shards shards, FeatureLayout layout, String gemm, int epochs, List<MlpEstimatorParams<?>> first) {
        Trials.Score score = score();
        List<SearchResult.Trial> all = new ArrayList<>();
        RandomParamGrid grid = space;
        try (SharedRounds rounds = SharedRounds.open(shards, estimator.getAggregationDepth(), 0)) {
            Clock clock = new Clock();
            int count = minutes == 0 ? trials : clock.trials(rounds, layout, gemm, epochs, first.get(0));
            Halving halving = reduction == 1 ? Halving.none(epochs) : Halving.of(epochs, reduction, leastEpochs, count);
            int stage = 0;
            do {
                int from = stage * count;
                stage++;
                List<MlpEstimatorParams<?>> each = stage == 1 ? first : estimators(grid, from);
                List<Trials.Entrant> entrants = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    entrants.add(new Entrant(each.get(i).setMaxIter(epochs), layout, gemm, from + i + 1));
                }
                List<TrialResult> results =
                        Trials.run(rounds, from + 1, entrants, folds, halving, score, Math.max(folds, atOnce));
                for (int i = 0; i < count; i++) {
                    all.add(new SearchResult.Trial(stage, grid.draw(from + i), results.get(i)));
                }
                grid = grid.narrowed(best(all, score));
            } while (minutes == 0 ? stage < stages : clock.leavesTime(stage));
            return SearchResult.of(all, space, by.toString(), score, facts(shards, halving, count, stage));
        }
    }

    /** What a search of so many minutes may do. It decides how many trials and stages there are, and nothing else. */
    private final class Clock {
        private final long start = System.nanoTime();

        private double seconds() {
            return (System.nanoTime() - start) / 1e9;
        }

        /** As many trials as should end in time, by the first epoch of one of them: at least {@link #FEWEST}. */
        int trials(SharedRounds rounds, FeatureLayout layout, String gemm, int epochs, MlpEstimatorParams<?> first) {
            MlpEstimatorParams<?> brief = ((MlpEstimatorParams<?>) first.copy(new ParamMap())).setMaxIter(1);
            brief.clear(brief.checkpointDir());
            new Entrant(brief, layout, gemm, 0)
                    .fit(rounds, folds == 1 ? null : new CvFold(0, folds), new TrainListener() {});
            double shareOfEpochs = reduction == 1 ? 1 : 1.0 / reduction; // most trials are stopped before
            double each = seconds() * folds * Math.max(1, epochs * shareOfEpochs);
            return (int) Math.max(Math.min(FEWEST, trials), Math.min(trials, 60 * minutes / each));
        }

        /** Whether another stage, as long as those so far, would end in time. */
        boolean leavesTime(int stagesSoFar) {
            return seconds() * (stagesSoFar + 1) / stagesSoFar <= 60 * minutes;
        }
    }

    private Trials.Score score() {
        if (by == Monitor.LOSS) {
            return Trials.Score.LOSS;
        }
        return by.isLargerBetter() ? Trials.Score.GAIN : Trials.Score.ERROR;
    }

    /** The params of the best trials so far. */
    private static List<ParamMap> best(List<SearchResult.Trial> all, Trials.Score score) {
        List<SearchResult.Trial> usable = SearchResult.ranked(all, score).stream()
                .filter(trial -> !Double.isNaN(trial.result().score()))
                .toList();
        Require.that(
                !usable.isEmpty(),
                "at least one trial must train, but of " + all.size() + " none did; the first: "
                        + all.get(0).result().problem());
        int count = Math.max(Math.min(FEWEST, usable.size()), usable.size() / BEST_IN);
        return usable.stream().limit(count).map(SearchResult.Trial::params).toList();
    }

    private Map<String, String> facts(Shards shards, Halving halving, int each, int stagesDone) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("rows", String.format(Locale.ROOT, "%,d", shards.rows() + shards.validationRows()));
        facts.put("trials", stagesDone == 1 ? String.valueOf(each) : stagesDone + " stages of " + each);
        facts.put("validation", folds == 1 ? "rows set aside" : folds + " folds");
        facts.put("compared after epochs", halving.rungs().toString().replaceAll("[\\[\\]]", ""));
        return facts;
    }

    /** The runs of one trial. */
    private static final class Entrant implements Trials.Entrant {
        private final MlpEstimatorParams<?> params;
        private final FeatureLayout layout;
        private final String gemm;
        private final int number;

        Entrant(MlpEstimatorParams<?> params, FeatureLayout layout, String gemm, int number) {
            this.params = params;
            this.layout = layout;
            this.gemm = gemm;
            this.number = number;
        }

        @Override
        public void fit(SharedRounds rounds, @Nullable CvFold fold, TrainListener listener) {
            ParsedParams parsed = new ParsedParams(params, layout);
            RunConfig run = parsed.config(rounds.shards(fold), gemm);
            String folder = "/trial-" + number + (fold == null ? "" : "-fold-" + (fold.index() + 1));
            new Trainer(run, listener).fit(rounds, fold, parsed.initial(run.network(), 0), parsed.checkpoints(folder));
        }
    }
}
