package dev.kindling.check;

import static dev.kindling.check.Wording.figure;

import dev.kindling.data.ColumnTally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Whether each feature tells something, nothing twice, not the label itself, and on the scale that weights begin for. All
 * of it follows from sums of single columns; of pairs of columns only those of equal hash are looked at.
 */
final class FeatureCheck {
    /**
     * A feature leaks where the label explains so much of its variance, or the reverse: its squared correlation with a
     * target, or the share of its variance that lies between the classes. Honest features stay below: of iris' petal
     * length 94 % lies between the species.
     */
    private static final double LEAKS = 0.998;

    /** So few rows, or rows of a class, may agree by chance. */
    private static final int CHANCE = 10;

    /** Weights begin for values of about 1. Ten times as large slows training, a hundred times saturates units. */
    private static final double LARGE = 10;

    private static final double HUGE = 100;

    /** Where even the largest value is smaller, the weights have to grow a hundredfold before it counts. */
    private static final double TINY = 0.01;

    /** Where all values lie within such a part of their mean, what varies is hidden by what does not. */
    private static final double NARROW = 0.1;

    private final ColumnTally tally;
    private final List<String> names;
    private final boolean scales; // whether the network does
    private final int[] varying;

    /** @param scales whether the network begins by scaling the features */
    FeatureCheck(ColumnTally tally, List<String> names, boolean scales) {
        this.tally = tally;
        this.names = names;
        this.scales = scales;
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
                            + ": none is constant, a copy of another or of the label, "
                            + (scales ? "and the network scales them" : "or far from the scale of 1")));
        }
        return found;
    }

    /** Whether some lie far from the scale that weights begin for, and the network leaves them there. */
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

    private List<String> named(int[] columns) {
        return IntStream.of(columns).mapToObj(this::name).toList();
    }

    private static Finding withoutThem(Finding finding) {
        return finding.curedBy(
                "--features with all columns but " + finding.subject(),
                "leave " + finding.subject() + " out of VectorAssembler.setInputCols");
    }

    private void constant(List<Finding> found) {
        List<String> constant = named(columns(this::isConstant));
        if (!constant.isEmpty()) {
            found.add(withoutThem(Finding.warning(
                    "constantFeatures",
                    Wording.few(constant),
                    Wording.features(constant, "has", "have") + " one value in all rows: harmless, but of no use")));
        }
    }

    private void duplicated(List<Finding> found) {
        Map<Long, Integer> firsts = new LinkedHashMap<>();
        List<String> copies = new ArrayList<>();
        List<String> pairs = new ArrayList<>();
        for (int column : varying) {
            Integer first = firsts.putIfAbsent(tally.print(column), column);
            if (first != null && tally.areEqual(first, column)) {
                copies.add(name(column));
                pairs.add(name(column) + " of " + name(first));
            }
        }
        if (!copies.isEmpty()) {
            found.add(withoutThem(Finding.warning(
                    "duplicatedFeatures",
                    Wording.few(copies),
                    (copies.size() == 1 ? "a feature is a copy of another: " : "features are copies of others: ")
                            + Wording.few(pairs))));
        }
    }

    private void leaking(List<Finding> found) {
        if (tally.rows() < CHANCE || !tally.hasPairs()) {
            return;
        }
        List<String> leaking = new ArrayList<>();
        double largest = 0;
        for (int column : varying) {
            double shared = shared(column);
            if (shared > LEAKS) {
                leaking.add(name(column));
                largest = Math.max(largest, shared);
            }
        }
        if (!leaking.isEmpty()) {
            found.add(withoutThem(Finding.error(
                    "leakingFeatures",
                    Wording.few(leaking),
                    Wording.features(leaking, "says", "say") + " the label almost by "
                            + (leaking.size() == 1 ? "itself" : "themselves")
                            + " (" + String.format(Locale.ROOT, "%.2f", 100 * largest)
                            + " % of its variance is that of the label): a copy, or something known only afterwards")));
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
        String message = Wording.features(offNames, "lies", "lie") + " far from the scale that weights begin for: "
                + name(worst) + " has mean " + figure(tally.mean(worst)) + " and deviation "
                + figure(tally.deviation(worst));
        Finding finding = size(worst) > HUGE
                ? Finding.error("unscaledFeatures", Wording.few(offNames), message)
                : Finding.warning("unscaledFeatures", Wording.few(offNames), message);
        found.add(finding.curedBy("--standardize", "setStandardize(true)"));
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
