package dev.kindling.check;

import static dev.kindling.check.FindingText.figure;

import dev.kindling.linalg.Offsets;
import dev.kindling.stats.ColumnTally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Checks that each feature varies, is no copy of another feature or of the label, and has a scale that suits the
 * initial weights. Everything follows from sums of single columns; only pairs of columns with equal hashes are
 * compared.
 */
final class FeatureCheck {
    /**
     * A feature leaks if it shares more than this part of its variance with the label: its squared correlation with a
     * target, or the share of its variance between the classes. Honest features stay below: for petal length in iris,
     * 94 % of the variance lies between the species.
     */
    private static final double LEAKS = 0.998;

    /** With fewer rows than this, in all or in a class, features and labels may agree by chance. */
    private static final int CHANCE = 10;

    /**
     * Initial weights assume values of about 1. Values ten times as large slow training; a hundred times saturate
     * units.
     */
    private static final double LARGE = 10;

    private static final double HUGE = 100;

    /** If even the largest value is smaller, weights must grow a hundredfold before the feature counts. */
    private static final double TINY = 0.01;

    /** If all values lie within this fraction of their mean, the constant part hides the variation. */
    private static final double NARROW = 0.1;

    private final ColumnTally tally;
    private final List<String> names;
    private final List<String> sources;
    private final boolean scales; // whether the network scales the features
    private final Offsets offsets;
    private final IntPredicate incomplete;
    private final boolean vectorized;
    private final Set<String> advised = new HashSet<>(); // columns to leave out
    private final int[] varying;

    /**
     * @param sources the column that each feature comes from
     * @param scales whether the network's first layer scales the features
     * @param offsets that the tallied values are without
     * @param incomplete features whose missing values were filled: what they share with the label is not known
     * @param vectorized whether a table vectorizer made the features
     */
    FeatureCheck(
            ColumnTally tally,
            List<String> names,
            List<String> sources,
            boolean scales,
            Offsets offsets,
            IntPredicate incomplete,
            boolean vectorized) {
        this.tally = tally;
        this.names = names;
        this.sources = sources;
        this.scales = scales;
        this.offsets = offsets;
        this.incomplete = incomplete;
        this.vectorized = vectorized;
        this.varying = columns(column -> !isConstant(column));
    }

    List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        constant(found);
        duplicated(found);
        leaking(found);
        unscaled(found);
        if (found.isEmpty()) {
            found.add(Finding.ok(
                    "features",
                    tally.columns() + (tally.columns() == 1 ? " feature" : " features")
                            + ": none is constant or a copy of another feature or of the label, "
                            + (scales ? "and the network scales them" : "and all have a scale near 1")));
        }
        moved(found);
        return found;
    }

    /** The columns that findings advise to leave out. */
    Set<String> advised() {
        return advised;
    }

    /** Whether some features are far from a scale of 1 and the network does not scale them. */
    boolean isUnscaled() {
        return !scales && IntStream.of(varying).anyMatch(this::isOffScale);
    }

    private int[] columns(IntPredicate which) {
        return IntStream.range(0, tally.columns()).filter(which).toArray();
    }

    private boolean isConstant(int column) {
        return tally.low(column) == tally.high(column);
    }

    private String name(int column) {
        return column < names.size() ? "\"" + names.get(column) + "\"" : String.valueOf(column);
    }

    private List<String> named(List<Integer> columns) {
        return columns.stream().map(this::name).toList();
    }

    /** Those of some features whose column has no others: leaving it out loses nothing else, such as a number beside its flag. */
    private List<Integer> whole(List<Integer> features) {
        Set<Integer> chosen = Set.copyOf(features);
        Set<String> others = IntStream.range(0, sources.size())
                .filter(feature -> !chosen.contains(feature))
                .mapToObj(sources::get)
                .collect(Collectors.toSet());
        return features.stream()
                .filter(feature -> feature >= sources.size() || !others.contains(sources.get(feature)))
                .toList();
    }

    /** Adds the fix that leaves out the columns that the features come from. */
    private Finding without(List<Integer> features, Finding finding) {
        List<String> columns = features.stream()
                .filter(feature -> feature < sources.size())
                .map(sources::get)
                .distinct()
                .toList();
        advised.addAll(columns);
        return columns.isEmpty()
                ? finding.withFix(
                        "leave " + finding.subject() + " out of the vectors",
                        "leave " + finding.subject() + " out with VectorSlicer.setIndices")
                : finding.withFix(
                        Finding.exclude(columns),
                        "leave "
                                + FindingText.few(columns.stream()
                                        .map(column -> "\"" + column + "\"")
                                        .toList())
                                + (vectorized
                                        ? " out with TableVectorizer.setDropCols"
                                        : " out of VectorAssembler.setInputCols"));
    }

    private void constant(List<Finding> found) {
        List<Integer> constant =
                whole(IntStream.of(columns(this::isConstant)).boxed().toList());
        if (!constant.isEmpty()) {
            List<String> constantNames = named(constant);
            found.add(without(
                    constant,
                    Finding.warning(
                            "constantFeatures",
                            FindingText.few(constantNames),
                            FindingText.features(constantNames, "has", "have")
                                    + " the same value in all rows: harmless but useless")));
        }
    }

    private void duplicated(List<Finding> found) {
        Map<Long, Integer> firsts = new LinkedHashMap<>();
        Map<Integer, Integer> originals = new LinkedHashMap<>();
        for (int column : varying) {
            Integer first = firsts.putIfAbsent(tally.print(column), column);
            if (first != null && tally.areEqual(first, column)) {
                originals.put(column, first);
            }
        }
        List<Integer> copies = whole(List.copyOf(originals.keySet()));
        List<String> pairs = copies.stream()
                .map(copy -> name(copy) + " of " + name(Objects.requireNonNull(originals.get(copy))))
                .toList();
        if (!copies.isEmpty()) {
            found.add(without(
                    copies,
                    Finding.warning(
                            "duplicatedFeatures",
                            FindingText.few(named(copies)),
                            (copies.size() == 1
                                            ? "a feature is a copy of another: "
                                            : "features are copies of others: ")
                                    + FindingText.few(pairs))));
        }
    }

    private void leaking(List<Finding> found) {
        if (tally.rows() < CHANCE || !tally.hasPairs()) {
            return;
        }
        List<Integer> leaking = new ArrayList<>();
        double largest = 0;
        for (int column : columns(column -> !isConstant(column) && !incomplete.test(column))) {
            double shared = shared(column);
            if (shared > LEAKS) {
                leaking.add(column);
                largest = Math.max(largest, shared);
            }
        }
        if (!leaking.isEmpty()) {
            found.add(without(
                    leaking,
                    Finding.error(
                            "leakingFeatures",
                            FindingText.few(named(leaking)),
                            FindingText.features(named(leaking), "predicts", "predict")
                                    + " the label almost perfectly ("
                                    + String.format(Locale.ROOT, "%.2f", 100 * largest)
                                    + " % of its variance is shared with the label): a copy of the label, or a value"
                                    + " known only afterwards")));
        }
    }

    private void moved(List<Finding> found) {
        List<String> moved = named(IntStream.of(offsets.columns()).boxed().toList());
        if (!moved.isEmpty()) {
            found.add(Finding.ok(
                    "offsets",
                    FindingText.features(moved, "lies", "lie")
                            + " so far from 0 that float32 cannot tell the values apart: the model subtracts an"
                            + " offset, such as "
                            + figure(offsets.feature(offsets.columns()[0]))));
        }
    }

    private double shared(int column) {
        if (tally.classes() > 0) {
            return tally.correlationRatio(column, CHANCE);
        }
        double largest = 0;
        for (int target = 0; target < tally.targets(); target++) {
            double correlation = tally.correlation(column, target);
            largest = Math.max(largest, correlation * correlation);
        }
        return largest;
    }

    private void unscaled(List<Finding> found) {
        if (!isUnscaled()) {
            return;
        }
        List<Integer> off = IntStream.of(varying)
                .filter(this::isOffScale)
                .boxed()
                .sorted(Comparator.comparingDouble(column -> -size(column)))
                .toList();
        int worst = off.get(0);
        List<String> offNames = off.stream().map(this::name).toList();
        String message = FindingText.features(offNames, "is", "are")
                + " far from a scale of 1, which the initial weights assume: " + name(worst) + " has mean "
                + figure(tally.mean(worst) + offsets.feature(worst)) + " and deviation "
                + figure(tally.deviation(worst));
        Finding finding = size(worst) > HUGE
                ? Finding.error("unscaledFeatures", FindingText.few(offNames), message)
                : Finding.warning("unscaledFeatures", FindingText.few(offNames), message);
        found.add(finding.withFix("--standardize", "setStandardize(true)"));
    }

    private boolean isOffScale(int column) {
        double largest = Math.max(Math.abs(tally.low(column)), Math.abs(tally.high(column)));
        return size(column) > LARGE
                || largest < TINY
                || tally.high(column) - tally.low(column) < NARROW * Math.abs(tally.mean(column));
    }

    /** Root mean square. */
    private double size(int column) {
        return Math.hypot(tally.mean(column), tally.deviation(column));
    }
}
