package dev.kindling.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The figures of all learners on all tables, and what they come to. */
final class Standings {
    static final String KINDLING = "Kindling";
    private static final List<String> LEARNERS = List.of(KINDLING, "MLP", "boosting", "linear");

    private record Line(String task, Map<String, Figures> figures) {
        Figures of(String learner) {
            return figures.getOrDefault(learner, Figures.NONE);
        }

        /** 1 for the best, the mean rank of equal ones; one without a figure comes last. */
        double rank(String learner, List<String> among, ToDoubleFunction<Figures> goodness) {
            double own = worstIfNone(goodness.applyAsDouble(of(learner)));
            double[] all = among.stream()
                    .mapToDouble(other -> worstIfNone(goodness.applyAsDouble(of(other))))
                    .toArray();
            long better = DoubleStream.of(all).filter(other -> other > own).count();
            long equal = DoubleStream.of(all).filter(other -> other == own).count();
            return better + (equal + 1) / 2.0;
        }

        private static double worstIfNone(double goodness) {
            return Double.isNaN(goodness) ? Double.NEGATIVE_INFINITY : goodness;
        }
    }

    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final Map<String, String> refusals = new LinkedHashMap<>();

    void add(String table, String task, String learner, Figures figures) {
        lines.computeIfAbsent(table, name -> new Line(task, new LinkedHashMap<>()))
                .figures
                .put(learner, figures);
    }

    void refused(String table, String sentence) {
        refusals.put(table, sentence);
    }

    void print() {
        List<String> present = LEARNERS.stream()
                .filter(learner -> lines.values().stream().anyMatch(line -> line.figures.containsKey(learner)))
                .toList();
        printFigures(present);
        refusals.forEach((table, sentence) -> System.out.println(table + ": " + sentence));
        System.out.println();
        printRanks(present);
        if (present.containsAll(LEARNERS)) {
            printAims();
        }
    }

    private void printFigures(List<String> present) {
        List<String> heads = new ArrayList<>(List.of("table"));
        for (String figure : List.of("accuracy or R²", "log loss", "AUC", "seconds")) {
            heads.add(figure + ": " + present.get(0));
            heads.addAll(present.subList(1, present.size()));
        }
        Table table = new Table(heads.toArray(String[]::new));
        lines.forEach((name, line) -> {
            List<Object> cells = new ArrayList<>(List.of(name));
            List<ToDoubleFunction<Figures>> figures =
                    List.of(Figures::score, Figures::logLoss, Figures::auc, Figures::seconds);
            for (ToDoubleFunction<Figures> figure : figures) {
                present.forEach(learner -> cells.add(cell(figure.applyAsDouble(line.of(learner)))));
            }
            table.add(cells.toArray());
        });
        table.print();
    }

    /** Four decimals, which accuracies differ by. */
    private static String cell(double figure) {
        return Double.isNaN(figure) ? "-" : String.format(Locale.ROOT, "%.4f", figure);
    }

    private void printRanks(List<String> present) {
        Table table = new Table("learner", "mean rank by score", "by log loss", "by AUC");
        for (String learner : present) {
            table.add(
                    learner,
                    meanRank(learner, present, Figures::score),
                    meanRank(learner, present, figures -> -figures.logLoss()),
                    meanRank(learner, present, Figures::auc));
        }
        table.print();
    }

    /** Over the tables on which any learner has the figure. */
    private double meanRank(String learner, List<String> present, ToDoubleFunction<Figures> goodness) {
        return lines.values().stream()
                .filter(line ->
                        line.figures.values().stream().anyMatch(each -> !Double.isNaN(goodness.applyAsDouble(each))))
                .mapToDouble(line -> line.rank(learner, present, goodness))
                .average()
                .orElse(Double.NaN);
    }

    private void printAims() {
        long asMlp = count(line -> line.of(KINDLING).score() >= line.of("MLP").score() - 0.005);
        long asBest = count(line -> line.of(KINDLING).score()
                >= Math.max(line.of("boosting").score(), line.of("linear").score()) - 0.01);
        long calibrated = count(line -> line.of(KINDLING).logLoss() <= 1.1 * line.of("boosting").logLoss());
        System.out.printf(
                "%nKindling's score is at least the MLP's less 0.005 on %d of %d tables, and at least the better of boosting's%n"
                        + "and the linear model's less 0.01 on %d; its log loss is at most 1.1 times boosting's on %d of %d.%n",
                asMlp,
                lines.size(),
                asBest,
                calibrated,
                count(line -> line.task.equals("classification")));
    }

    private long count(Predicate<Line> holds) {
        return lines.values().stream().filter(holds).count();
    }
}
