package dev.kindling.report;

import dev.kindling.loss.ClassFigures;
import dev.kindling.loss.Ranking;
import dev.kindling.loss.Scored;
import dev.kindling.loss.Tally;
import java.util.ArrayList;
import java.util.List;

/** Rows of weight 1 with a class and what is predicted for them. */
final class PredictedRows implements Scored {
    private final int classes;
    private final List<double[]> probabilities = new ArrayList<>();
    private final List<int[]> actualAndPredicted = new ArrayList<>();

    PredictedRows(int classes) {
        this.classes = classes;
    }

    void add(double[] ofClasses, int actual, int predicted) {
        probabilities.add(ofClasses);
        actualAndPredicted.add(new int[] {actual, predicted});
    }

    /** A class against the rest. */
    Ranking ranking(int c) {
        Tally.Ranks ranks = new Tally.Ranks(classes);
        return ranks.ranking(sums(ranks), 0, c);
    }

    ClassCharts charts() {
        Tally.ByClass byClass = new Tally.ByClass(classes);
        List<ClassFigures> figures = byClass.figures(sums(byClass));
        double[][] confusion = new double[classes][classes];
        actualAndPredicted.forEach(row -> confusion[row[0]][row[1]]++);
        Tally.Ranks ranks = new Tally.Ranks(classes);
        Tally.Confidence confidence = new Tally.Confidence();
        return new ClassCharts(
                figures,
                confusion,
                ranks.rankings(sums(ranks)),
                confidence.ranking(sums(confidence), 0).reliability(10));
    }

    private double[] sums(Tally tally) {
        double[] sums = new double[tally.sums()];
        tally.add(this, sums, 0);
        return sums;
    }

    @Override
    public int rows() {
        return probabilities.size();
    }

    @Override
    public double weight(int row) {
        return 1;
    }

    @Override
    public int actualClass(int row) {
        return actualAndPredicted.get(row)[0];
    }

    @Override
    public int predictedClass(int row) {
        return actualAndPredicted.get(row)[1];
    }

    @Override
    public double probability(int row, int ofClass) {
        return probabilities.get(row)[ofClass];
    }

    @Override
    public int targets() {
        return 0;
    }

    @Override
    public double target(int row, int place) {
        throw new UnsupportedOperationException("rows of classes have no values");
    }

    @Override
    public double prediction(int row, int place) {
        throw new UnsupportedOperationException("rows of classes have no values");
    }
}
