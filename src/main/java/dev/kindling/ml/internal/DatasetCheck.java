package dev.kindling.ml.internal;

import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import dev.kindling.check.Finding;
import dev.kindling.ml.columns.ColumnPath;
import dev.kindling.ml.columns.FeatureRows;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.spark.JobScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The checks that need the dataset itself, before packing: missing values, the sizes of the partitions, and rows that are
 * in both train and test. The first two read all rows once, because training would stop at any row without a value. The last
 * uses a sample.
 */
final class DatasetCheck {
    private static final int NAMED = 5;

    /** So few rows are read at once, whatever their partitions. */
    private static final long QUICK = 1000;

    /** A partition with more than this many times the mean number of rows keeps one core busy while the others wait. */
    private static final int SKEWED = 4;

    /** A single core needs seconds to read this many rows. */
    private static final long MANY = 100_000;

    /** If this share of test rows is also in train, scores are off by as much as they differ between seeds. */
    private static final double FEW = 0.01;

    /** With so few different rows, the features have few different values by nature, and equal rows are expected. */
    private static final double ALIKE = 0.1;

    private final Dataset<?> dataset;
    private final @Nullable Dataset<?> test;
    private final MlpParams params;
    private final String features;
    private final String label;
    private final long most;
    private final List<RowTally> partitions;
    private final RowTally all = new RowTally();
    private final RowTally tested = new RowTally();

    /**
     * Reads all rows.
     *
     * @param test test rows; null for none
     * @param most the largest number of rows for the other checks
     */
    DatasetCheck(
            Dataset<?> dataset, @Nullable Dataset<?> test, MlpParams params, String features, String label, long most) {
        this.dataset = dataset;
        this.test = test;
        this.params = params;
        this.features = features;
        this.label = label;
        this.most = most;
        this.partitions = count(dataset);
        partitions.forEach(all::add);
        if (test != null) {
            count(test).forEach(tested::add);
        }
    }

    private List<RowTally> count(Dataset<?> rows) {
        SparkContext context = rows.sparkSession().sparkContext();
        boolean weighted = LabelledRows.isWeighted(params);
        Dataset<Row> selected = LabelledRows.select(rows, params, features, label);
        return JobScope.run(context, () -> selected.toJavaRDD()
                .mapPartitions(new RowTally.Counting(weighted))
                .collect());
    }

    /** The number of rows that lack nothing but single features. */
    long fillable() {
        return all.fillable;
    }

    /** The approximate share of those rows in {@link #sample}. */
    double share() {
        return Math.min(1, (double) most / fillable());
    }

    /** The rows that lack nothing but single features, reduced to about as many as are to be checked. */
    Dataset<?> sample() {
        Dataset<?> rows = dataset;
        if (all.fillable < all.rows) {
            Column[] columns = LabelledRows.columns(dataset.schema(), params, features, label);
            boolean weighted = LabelledRows.isWeighted(params);
            UDF1<Row, Boolean> fillable = row -> RowTally.isFillable(row, weighted);
            rows = rows.filter(udf(fillable, DataTypes.BooleanType).apply(struct(columns)));
        }
        return share() < 1 ? rows.sample(false, share(), params.getSeed()) : rows;
    }

    /** What fills the missing features of the sample; null if none is missing. */
    @Nullable
    Filling filling(Dataset<?> sample) {
        if (all.incomplete == 0) {
            return null;
        }
        Dataset<Row> selected = LabelledRows.select(sample, params, features, label);
        return JobScope.run(dataset.sparkSession().sparkContext(), () -> Filling.of(selected.toJavaRDD()));
    }

    /** Whether the feature is missing in some rows. */
    boolean isMissing(int feature) {
        return feature < all.missing.length && all.missing[feature] > 0;
    }

    /** Finds missing values. */
    List<Finding> rows() {
        List<Finding> found = new ArrayList<>();
        missing(found, "", all);
        missing(found, " to test on", tested);
        if (found.isEmpty()) {
            found.add(Finding.ok(
                    "rows",
                    number(all.rows) + " rows with a value for each feature"
                            + (test == null ? "" : ", " + number(tested.rows) + " to test on")
                            + (share() < 1
                                    ? "; the checks below look at about " + number(most) + " drawn at random"
                                    : "")));
        }
        return found;
    }

    private void missing(List<Finding> found, String which, RowTally tally) {
        StructType schema = dataset.schema();
        List<String> names = LabelledRows.featureNames(schema, features);
        List<String> columns = LabelledRows.featureColumns(schema, features);
        List<Integer> worst = IntStream.range(0, tally.missing.length)
                .filter(i -> tally.missing[i] > 0)
                .boxed()
                .sorted(Comparator.comparingLong(i -> -tally.missing[i]))
                .toList();
        List<String> shown = new ArrayList<>(worst.stream()
                .limit(NAMED)
                .map(i -> name(names, i) + " in " + number(tally.missing[i]))
                .toList());
        if (worst.size() > NAMED) {
            shown.add(number(worst.size() - NAMED) + " more features");
        }
        if (tally.withoutFeatures > 0) {
            shown.add("all features in " + number(tally.withoutFeatures));
        }
        String median = "fill them, such as by Imputer().setStrategy(\"median\"), or data.na().drop()";
        if (!shown.isEmpty()) {
            found.add(Finding.error(
                            "missingValues",
                            worst.isEmpty() ? features : name(names, worst.get(0)),
                            "values are missing or not finite in rows" + which + ": " + String.join(", ", shown)
                                    + " of " + number(tally.rows) + "; training would refuse them"
                                    + (tally == all ? ", the checks below fill them with means" : ""))
                    .withFix(
                            "fill them or drop such rows before"
                                    + (columns.isEmpty()
                                            ? ""
                                            : ", or "
                                                    + Finding.exclude(worst.stream()
                                                            .map(columns::get)
                                                            .distinct()
                                                            .toList())),
                            median));
        }
        if (tally.withoutLabel > 0) {
            found.add(Finding.error(
                            "missingLabels",
                            LabelledRows.sourceName(schema, label),
                            number(tally.withoutLabel) + " of " + number(tally.rows) + " rows" + which
                                    + " have no label, or one that is not finite; training would refuse them")
                    .withFix(
                            "drop such rows before",
                            "data.na().drop(new String[] {\"" + LabelledRows.sourceName(schema, label) + "\"})"));
        }
        if (tally.withoutWeight > 0) {
            found.add(Finding.error(
                            "missingWeights",
                            LabelledRows.sourceName(schema, params.getWeightCol()),
                            number(tally.withoutWeight) + " of " + number(tally.rows) + " rows" + which
                                    + " have no weight; training would refuse them")
                    .withFix("drop such rows before, or leave --weight out", "data.na().fill(1.0)"));
        }
    }

    private static String name(List<String> names, int place) {
        return place < names.size() ? "\"" + names.get(place) + "\"" : String.valueOf(place);
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Checks the sizes of the source's partitions. */
    Finding partitions() {
        int cores = dataset.sparkSession().sparkContext().defaultParallelism();
        long largest = partitions.stream().mapToLong(tally -> tally.rows).max().orElse(0);
        long empty = partitions.stream().filter(tally -> tally.rows == 0).count();
        double mean = (double) all.rows / partitions.size();
        String reading = "; it costs time where the data are read, not in training, as rows are spread evenly for that";
        if (2 * empty > partitions.size() && all.rows > QUICK) {
            return evened(
                    "emptyPartitions", empty + " of " + partitions.size() + " partitions are empty" + reading, cores);
        }
        if (largest > SKEWED * mean && largest > QUICK) {
            return evened(
                    "skewedPartitions",
                    "the largest of " + partitions.size() + " partitions has " + number(largest) + " rows, the mean "
                            + number(Math.round(mean)) + reading,
                    cores);
        }
        if (partitions.size() < cores && all.rows > MANY) {
            return evened(
                    "fewPartitions",
                    number(all.rows) + " rows come in " + partitions.size()
                            + (partitions.size() == 1 ? " partition" : " partitions") + ", but there are " + cores
                            + " cores" + reading,
                    cores);
        }
        return Finding.ok(
                "partitions",
                partitions.size() == 1
                        ? "read in 1 partition"
                        : partitions.size() + " partitions of at most " + number(largest) + " rows");
    }

    private static Finding evened(String name, String message, int cores) {
        return Finding.warning(name, "", message)
                .withFix(
                        "files of about equal size that can be split, not one .gz",
                        "data.repartition(" + 2 * cores + ")");
    }

    /** Finds rows that are in both train and test, or duplicated. */
    Finding split() {
        double share = Math.min(1, (double) most / Math.max(1, all.rows));
        long[] train = prints(dataset, share);
        Set<Long> known = new HashSet<>();
        for (long print : train) {
            known.add(print);
        }
        boolean alike = known.size() < ALIKE * train.length;
        if (test == null) {
            return twice(train.length, known.size(), alike);
        }
        long[] held = prints(test, share);
        long both = Arrays.stream(held).filter(known::contains).count();
        String figures = number(both) + " of " + number(held.length) + " rows to test on";
        if (both == 0) {
            return Finding.ok(
                    "split",
                    "none of " + number(held.length) + " rows to test on has the features of a row to train on");
        }
        String message = figures + " have the features of a row to train on"
                + (alike ? ", as few rows differ at all" : ": what is tested there is memory");
        Finding finding = both > FEW * held.length && !alike
                ? Finding.error("rowsInTrainAndTest", "", message)
                : Finding.warning("rowsInTrainAndTest", "", message);
        return finding.withFix(
                "take such rows out of the test data, or split one file by --test-fraction, which keeps copies on one side",
                unique());
    }

    private String unique() {
        List<String> columns = FeatureRows.takesTable(params)
                ? LabelledRows.featureColumns(dataset.schema(), features).stream()
                        .distinct()
                        .toList()
                : List.of(features);
        return "data.dropDuplicates(new String[] {\"" + String.join("\", \"", columns)
                + "\"}).randomSplit(new double[] {0.8, 0.2}, 1)";
    }

    private Finding twice(int rows, int distinct, boolean alike) {
        int copies = rows - distinct;
        String message = number(copies) + " of " + number(rows) + " rows have the features of another";
        if (copies <= FEW * rows || alike) {
            return Finding.ok(
                    "split",
                    (copies == 0 ? "no two rows have the same features" : message) + "; no rows to test on are given");
        }
        return Finding.warning("duplicatedRows", "", message + ": a random split would put copies on both sides")
                .withFix("--test-fraction 0.2, which keeps copies on one side", unique());
    }

    private long[] prints(Dataset<?> rows, double share) {
        Dataset<Row> selected =
                rows.select(ColumnPath.of(rows.schema(), features).column());
        List<long[]> parts = JobScope.run(rows.sparkSession().sparkContext(), () -> selected.toJavaRDD()
                .mapPartitions(new RowTally.Printing(share))
                .collect());
        return parts.stream().flatMapToLong(Arrays::stream).toArray();
    }
}
