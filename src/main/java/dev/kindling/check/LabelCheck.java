package dev.kindling.check;

import static dev.kindling.check.FindingText.count;
import static dev.kindling.check.FindingText.figure;

import dev.kindling.linalg.Offsets;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.stats.ColumnTally;
import dev.kindling.train.ClassWeights;
import dev.kindling.train.TargetOutliers;
import java.util.ArrayList;
import java.util.List;

/** Checks that the labels can be learned: the number of rows per class, or the range of the values. */
final class LabelCheck {
    /**
     * A class with fewer rows than this share of the largest class is drowned by it: at 5 %, a batch of 128 has six
     * rows.
     */
    private static final double RARE = 0.05;

    /** The name of the finding that scaling the target mends. */
    static final String UNSCALED = "unscaledTarget";

    /** A class with fewer rows than this cannot be split into training and test rows. */
    private static final int FEW = 5;

    /**
     * Initial outputs vary by about 1 around the mean target. To reach ten times that, or a tenth, takes many steps.
     */
    private static final double FAR = 10;

    private final ColumnTally tally;
    private final Loss loss;
    private final ClassWeights classWeights;
    private final List<String> classNames;
    private final Offsets offsets;

    /** @param offsets that the tallied targets are without */
    LabelCheck(ColumnTally tally, Loss loss, ClassWeights classWeights, List<String> classNames, Offsets offsets) {
        this.tally = tally;
        this.loss = loss;
        this.classWeights = classWeights;
        this.classNames = classNames;
        this.offsets = offsets;
    }

    List<Finding> findings() {
        return tally.classes() > 0 ? classes() : targets();
    }

    private String name(int label) {
        return label < classNames.size() ? "\"" + classNames.get(label) + "\"" : String.valueOf(label);
    }

    private List<Finding> classes() {
        List<Finding> found = new ArrayList<>();
        int least = 0;
        int most = 0;
        List<String> few = new ArrayList<>();
        for (int c = 0; c < tally.classes(); c++) {
            least = tally.rowsOf(c) < tally.rowsOf(least) ? c : least;
            most = tally.rowsOf(c) > tally.rowsOf(most) ? c : most;
            if (tally.rowsOf(c) < FEW) {
                few.add(name(c) + " (" + tally.rowsOf(c) + ")");
            }
        }
        if (!few.isEmpty()) {
            found.add(Finding.warning(
                            "fewRowsOfClass",
                            FindingText.few(few),
                            "classes with fewer than " + FEW + " rows can hardly be learned and cannot be tested: "
                                    + FindingText.few(few))
                    .withFix(
                            "collect more rows of these classes, or leave them out of the data",
                            "data.groupBy(\"label\").count() shows them: collect more, or filter them out"));
        }
        String spread = tally.classes() + " classes of " + count(tally.rowsOf(least)) + " to "
                + count(tally.rowsOf(most)) + " rows";
        if (tally.rowsOf(least) < RARE * tally.rowsOf(most) && classWeights instanceof ClassWeights.None) {
            found.add(Finding.warning(
                            "rareClasses",
                            name(least),
                            "class " + name(least) + " has " + count(tally.rowsOf(least)) + " rows, class " + name(most)
                                    + " has " + count(tally.rowsOf(most)) + ": always predicting "
                                    + name(most) + " is right for "
                                    + FindingText.percent((double) tally.rowsOf(most) / tally.rows())
                                    + " of the rows, so training learns little about the other classes")
                    .withFix("--class-weights balanced", "setClassWeights(\"balanced\")"));
        }
        if (found.isEmpty()) {
            found.add(Finding.ok("labels", spread));
        }
        return found;
    }

    private List<Finding> targets() {
        List<Finding> found = new ArrayList<>();
        for (int t = 0; t < tally.targets(); t++) {
            String subject = tally.targets() == 1 ? "the target" : "target " + t;
            double mean = tally.targetMean(t);
            double deviation = tally.targetDeviation(t);
            if (tally.targetLow(t) == tally.targetHigh(t)) {
                found.add(Finding.error(
                                "constantTarget",
                                subject,
                                subject + " is " + figure(mean + offsets.target(t))
                                        + " in every row: there is nothing to learn")
                        .withFix("name another column by --label", "name another column by setLabelCol"));
                continue;
            }
            if (isFar(deviation)) {
                found.add(Finding.warning(
                                UNSCALED,
                                subject,
                                subject + " has standard deviation " + figure(deviation)
                                        + ", but initial weights and learning rates assume outputs with a deviation of"
                                        + " about 1")
                        .withFix("--standardize-target", "setStandardizeTarget(true)"));
            }
            TargetOutliers outliers = new TargetOutliers(
                    tally.targetLow(t) + offsets.target(t),
                    tally.targetHigh(t) + offsets.target(t),
                    mean + offsets.target(t),
                    deviation);
            if (outliers.outweigh(loss)) {
                found.add(Finding.warning("targetOutliers", subject, outliers.sentence(subject))
                        .withFix(
                                outliers.haveLogarithms()
                                        ? "--loss squaredLogError"
                                        : "--loss huber --standardize-target",
                                outliers.haveLogarithms()
                                        ? "setLoss(\"squaredLogError\")"
                                        : "setLoss(\"huber\").setStandardizeTarget(true)"));
            }
            if (found.isEmpty()) {
                found.add(Finding.ok(
                        "labels",
                        subject + " has mean " + figure(mean + offsets.target(t)) + ", standard deviation "
                                + figure(deviation)
                                + ", and ranges from " + figure(tally.targetLow(t) + offsets.target(t)) + " to "
                                + figure(tally.targetHigh(t) + offsets.target(t))));
            }
        }
        return found;
    }

    private boolean isFar(double deviation) {
        return loss instanceof ValueLoss value && value.isStandardizable() && (deviation > FAR || deviation < 1 / FAR);
    }
}
