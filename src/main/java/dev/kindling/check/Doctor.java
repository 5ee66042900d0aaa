package dev.kindling.check;

import dev.kindling.data.Shards;
import dev.kindling.loss.Batch;
import dev.kindling.spark.ColumnNote;
import dev.kindling.stats.ColumnTally;
import dev.kindling.train.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks data and network before training, by the usual recipe for neural networks: know the data, check the first
 * loss, check the gradient, overfit a small batch. Each check reports {@link Finding}s. If a check passes, the finding
 * has the first name of its line below; otherwise it has one of the others:
 *
 * <ul>
 *   <li>{@code labels}, or {@code fewRowsOfClass}, {@code rareClasses}, {@code constantTarget}, {@code unscaledTarget},
 *       {@code targetOutliers}
 *   <li>{@code features}, or {@code constantFeatures}, {@code duplicatedFeatures}, {@code leakingFeatures}, {@code
 *       unscaledFeatures}
 *   <li>{@code columns}, or {@code leftOutColumns}, {@code textInNumbers}, {@code numbersThatNameRows}, {@code
 *       codesAsNumbers}, {@code datesAsNumbers}, {@code yearsOfTwoDigits}, {@code rareCategories}, {@code mostlyMissing}: what
 *       a table vectorizer decided
 *   <li>{@code memory}, or {@code rowsExceedMemory}, {@code driverMemory}, {@code resultsExceedDriver}, {@code
 *       indirectResults}
 *   <li>{@code firstLoss}, or {@code firstLossFarOff}; {@code regularisation}, or {@code penaltyOutweighsLoss}
 *   <li>{@code gradient}, or {@code wrongGradient}
 *   <li>{@code overfit}, or {@code overfitsSlowly}, {@code cannotOverfit}
 *   <li>{@code units}, or {@code equalUnits}, {@code vanishingGradients}, {@code saturatedUnits}, {@code deadUnits},
 *       {@code diverges}
 * </ul>
 *
 * <p>A fix that changes the network is only suggested after it was tried and the check passed with it.
 */
public final class Doctor {
    /** About how many rows are checked by default. */
    public static final long ROWS = 100_000;

    /** Rows on the driver, for first losses and short training runs. */
    private static final int SAMPLE = 1024;

    private final Shards shards;
    private final RunConfig run;
    private final float @Nullable [] initial;
    private final ColumnTally tally;
    private final List<Finding> labels;
    private final FeatureCheck features;
    private final List<ColumnNote> notes;

    /**
     * @param run the planned run
     * @param initial the run's initial parameters; null for fresh ones
     * @param featureNames by position; empty if features have no names
     * @param featureColumns the column that each comes from; empty if features have no names
     * @param classNames by index; empty if classes have no names
     * @param incomplete features whose missing values were filled, so that what they share with the label is not known
     * @param notes on the columns of the table that the features were made of; empty if no table vectorizer made them
     */
    public Doctor(
            Shards shards,
            RunConfig run,
            float @Nullable [] initial,
            List<String> featureNames,
            List<String> featureColumns,
            List<String> classNames,
            IntPredicate incomplete,
            List<ColumnNote> notes) {
        this.shards = shards;
        this.run = run;
        this.initial = initial;
        this.tally = ColumnTally.of(shards);
        this.labels = new LabelCheck(tally, run.loss(), run.options().classWeights(), classNames, shards.offsets())
                .findings();
        this.features = new FeatureCheck(
                tally,
                featureNames,
                featureColumns,
                run.network().scalesInputs(),
                shards.offsets(),
                incomplete,
                !notes.isEmpty());
        this.notes = List.copyOf(notes);
    }

    /** Checks labels, features, and the columns that they were made of. */
    public List<Finding> ofData() {
        List<Finding> found = new ArrayList<>(labels);
        found.addAll(features.findings());
        found.addAll(new ColumnCheck(notes, features.advised()).findings());
        return found;
    }

    /**
     * Checks memory, first loss, gradient, overfitting and units.
     *
     * @param share the share of all rows that the shards hold
     * @param members the number of networks that train at once
     */
    public List<Finding> ofNetwork(double share, int members) {
        Batch sample = shards.sample(SAMPLE);
        ShortRun trial = ShortRun.of(shards, run, initial);
        boolean unscaledTarget =
                labels.stream().anyMatch(finding -> finding.name().equals(LabelCheck.UNSCALED));
        Fixes fixes = Fixes.of(shards, run, initial, features.isUnscaled(), unscaledTarget);
        List<Finding> found = new ArrayList<>(new MemoryCheck(
                        MemoryCheck.Cluster.of(shards.rdd().context()),
                        MemoryCheck.Need.of(shards, share, run, members))
                .findings());
        found.addAll(new FirstLossCheck(sample, initial == null).findings(trial, fixes));
        found.add(new GradientCheck(run.options().gradientSource(), sample)
                .finding(trial.network, trial.loss, trial.gemm));
        found.add(new OverfitCheck(sample, tally.classes() > 0).finding(trial, fixes));
        found.addAll(new UnitsCheck(sample, run.options().batchSize(), (long) (shards.rows() / share))
                .findings(trial, run.options().epochs(), fixes));
        return found;
    }
}
