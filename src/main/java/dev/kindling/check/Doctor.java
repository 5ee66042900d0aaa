package dev.kindling.check;

import dev.kindling.data.ColumnTally;
import dev.kindling.data.Shards;
import dev.kindling.loss.Batch;
import dev.kindling.nn.BatchNorm;
import dev.kindling.nn.Network;
import dev.kindling.train.RunConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at data and network before training, by the recipe that teachers of neural networks give: know the data, check the
 * first loss, check the gradient, learn a few rows by heart. What each check found is in its {@link Finding}s; their names:
 *
 * <ul>
 *   <li>{@code labels}, else {@code fewRowsOfClass}, {@code rareClasses}, {@code constantTarget}, {@code unscaledTarget},
 *       {@code targetOutliers}
 *   <li>{@code features}, else {@code constantFeatures}, {@code duplicatedFeatures}, {@code leakingFeatures}, {@code
 *       unscaledFeatures}
 *   <li>{@code memory}, else {@code rowsExceedMemory}, {@code driverMemory}, {@code resultsExceedDriver}, {@code
 *       indirectResults}
 *   <li>{@code firstLoss}, else {@code firstLossFarOff}; {@code regularisation}, else {@code penaltyOutweighsLoss}
 *   <li>{@code gradient}, else {@code wrongGradient}
 *   <li>{@code overfit}, else {@code overfitsSlowly}, {@code cannotOverfit}
 *   <li>{@code units}, else {@code equalUnits}, {@code vanishingGradients}, {@code saturatedUnits}, {@code deadUnits},
 *       {@code diverges}
 * </ul>
 *
 * <p>Where a cure changes the network, it was tried and passed the check before it is given.
 */
public final class Doctor {
    /** How many rows are looked at, about, unless told otherwise. */
    public static final long ROWS = 100_000;

    /** Rows on the driver, for steps and first losses. */
    private static final int SAMPLE = 1024;

    private final Shards shards;
    private final RunConfig run;
    private final float @Nullable [] initial;
    private final ColumnTally tally;
    private final FeatureCheck features;
    private final List<String> classNames;

    /**
     * @param run that is to come
     * @param initial parameters it is to begin with; null for fresh ones
     * @param featureNames by their place; empty where they have none
     * @param classNames by their index; empty where they have none
     */
    public Doctor(
            Shards shards,
            RunConfig run,
            float @Nullable [] initial,
            List<String> featureNames,
            List<String> classNames) {
        this.shards = shards;
        this.run = run;
        this.initial = initial;
        this.tally = shards.tally();
        this.features = new FeatureCheck(tally, featureNames, scales(run.network()));
        this.classNames = List.copyOf(classNames);
    }

    private static boolean scales(Network network) {
        return network.standardizes() || network.layers().get(0) instanceof BatchNorm;
    }

    /** On labels and features. */
    public List<Finding> ofData() {
        List<Finding> found =
                new ArrayList<>(new LabelCheck(tally, run.loss(), run.options().classWeights(), classNames).findings());
        found.addAll(features.findings());
        return found;
    }

    /**
     * On memory, first loss, gradient, overfitting and units.
     *
     * @param share of all rows that the shards hold
     */
    public List<Finding> ofNetwork(double share) {
        Batch sample = shards.sample(SAMPLE);
        Rehearsal rehearsal = Rehearsal.of(shards, run, initial);
        Remedies remedies = new Remedies(shards, run, initial, features.isUnscaled());
        List<Finding> found = new ArrayList<>(
                new MemoryCheck(MemoryCheck.Cluster.of(shards.rdd().context()), MemoryCheck.Need.of(shards, share, run))
                        .findings());
        found.addAll(new FirstLossCheck(sample, initial == null).findings(rehearsal, remedies));
        found.add(new GradientCheck(run.options().gradientSource(), sample)
                .finding(rehearsal.network, rehearsal.loss, rehearsal.gemm));
        found.add(new OverfitCheck(sample, tally.classes() > 0).finding(rehearsal, remedies));
        found.addAll(new UnitsCheck(sample, run.options().batchSize(), (long) (shards.rows() / share))
                .findings(rehearsal, run.options().epochs(), remedies));
        return found;
    }
}
