package dev.kindling.check;

import static dev.kindling.check.Wording.count;
import static dev.kindling.check.Wording.figure;

import dev.kindling.data.ColumnTally;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.train.ClassWeights;
import java.util.ArrayList;
import java.util.List;

/** Whether the labels can be learned from: how many of each class there are, or what range values have. */
final class LabelCheck {
    /** A class with less of the most frequent one's rows is drowned by it: at 5 % a step of 128 rows has six of them. */
    private static final double RARE = 0.05;

    /** Fewer rows of a class than this cannot be split into some to train and some to test on. */
    private static final int FEW = 5;

    /** Outputs begin to vary by about 1 around the mean target: ten times as much, or as little, takes many steps. */
    private static final double FAR = 10;

    /** Of a million normal values none is so many deviations from the mean; squared, it outweighs a hundred others. */
    private static final double OUTLIER = 10;

    private final ColumnTally tally;
    private final Loss loss;
    private final ClassWeights classWeights;
    private final List<String> classNames;

    LabelCheck(ColumnTally tally, Loss loss, ClassWeights classWeights, List<String> classNames) {
        this.tally = tally;
        this.loss = loss;
        this.classWeights = classWeights;
        this.classNames = classNames;
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
                            Wording.few(few),
                            "classes with fewer than " + FEW + " rows can hardly be learned, and not tested: "
                                    + Wording.few(few))
                    .curedBy(
                            "collect more rows of them, or leave them out of the data",
                            "data.groupBy(\"label\").count() shows them: collect more, or filter them out"));
        }
        String spread = tally.classes() + " classes of " + count(tally.rowsOf(least)) + " to "
                + count(tally.rowsOf(most)) + " rows";
        if (tally.rowsOf(least) < RARE * tally.rowsOf(most) && classWeights instanceof ClassWeights.None) {
            found.add(Finding.warning(
                            "rareClasses",
                            name(least),
                            "class " + name(least) + " has " + count(tally.rowsOf(least)) + " rows, class " + name(most)
                                    + " has " + count(tally.rowsOf(most)) + ": always saying "
                                    + name(most) + " is right for "
                                    + Wording.percent((double) tally.rowsOf(most) / tally.rows())
                                    + ", so that training hardly minds the others")
                    .curedBy("--class-weights balanced", "setClassWeights(\"balanced\")"));
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
            double farthest = Math.max(tally.targetHigh(t) - mean, mean - tally.targetLow(t));
            if (tally.targetLow(t) == tally.targetHigh(t)) {
                found.add(Finding.error(
                                "constantTarget",
                                subject,
                                subject + " is " + figure(mean) + " in every row: there is nothing to learn")
                        .curedBy("--label with the column that varies", "setLabelCol with the column that varies"));
                continue;
            }
            if (isFar(deviation)) {
                found.add(Finding.warning(
                                "unscaledTarget",
                                subject,
                                subject + " has deviation " + figure(deviation)
                                        + ", but weights begin for outputs that vary by about 1, and steps are sized for"
                                        + " that")
                        .curedBy("--standardize-target", "setStandardizeTarget(true)"));
            }
            if (farthest > OUTLIER * deviation && squares()) {
                found.add(Finding.warning(
                                "targetOutliers",
                                subject,
                                subject + " reaches from " + figure(tally.targetLow(t)) + " to "
                                        + figure(tally.targetHigh(t)) + ", " + figure(farthest / deviation)
                                        + " deviations from its mean " + figure(mean)
                                        + ": squared, such errors outweigh all others")
                        .curedBy("--loss huber --standardize-target", "setLoss(\"huber\").setStandardizeTarget(true)"));
            }
            if (found.isEmpty()) {
                found.add(Finding.ok(
                        "labels",
                        subject + " has mean " + figure(mean) + ", deviation " + figure(deviation) + ", from "
                                + figure(tally.targetLow(t)) + " to " + figure(tally.targetHigh(t))));
            }
        }
        return found;
    }

    private boolean isFar(double deviation) {
        return loss instanceof ValueLoss value && value.isStandardizable() && (deviation > FAR || deviation < 1 / FAR);
    }

    private boolean squares() {
        return loss instanceof ValueLoss value && value.squaresErrors();
    }
}
