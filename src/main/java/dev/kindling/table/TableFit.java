package dev.kindling.table;

import dev.kindling.linalg.Require;
import dev.kindling.spark.ColumnDoubt;
import dev.kindling.spark.JobScope;
import dev.kindling.table.cache.ColumnRows;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.profile.ColumnKind;
import dev.kindling.table.profile.ColumnProfile;
import dev.kindling.table.profile.ColumnReading;
import dev.kindling.table.profile.LabelSource;
import dev.kindling.table.profile.NumberStats;
import dev.kindling.table.profile.Quantiles;
import dev.kindling.table.profile.TableProfile;
import dev.kindling.table.profile.ValueCounts;
import dev.kindling.table.value.DateStyle;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.storage.StorageLevel;

/** One fit: the decisions about the columns, in the passes over the rows that they need. */
final class TableFit {
    private final Dataset<?> dataset;
    private final ColumnRows rows;
    private final ZoneId zone;
    private final Map<String, KindRules.Verdict> verdicts = new LinkedHashMap<>();
    private final Map<String, ColumnKind> forced = new HashMap<>();
    private final Map<String, ColumnProfile> profiles = new HashMap<>();
    private final EncodingRules rules;

    /** @param rows the dataset's rows to learn from */
    TableFit(Dataset<?> dataset, ColumnRows rows, List<StructField> fields, TableVectorizer params, ZoneId zone) {
        this.dataset = dataset;
        this.rows = rows;
        this.zone = zone;
        rules = new EncodingRules(
                constant(EncodingRules.Missing.class, params.getMissing()),
                constant(EncodingRules.Scale.class, params.getScale()),
                params.getMinCategoryRows(),
                params.getMaxCategories());
        fields.forEach(field -> verdicts.put(field.name(), KindRules.byType(field)));
        params.patterns().forEach(this::forceDates);
        Arrays.stream(params.getCategoricalCols()).forEach(column -> force(column, ColumnKind.CATEGORY, ""));
        Arrays.stream(params.getNumericCols()).forEach(column -> force(column, ColumnKind.NUMBER, ""));
        Arrays.stream(params.getIdCols()).forEach(column -> leaveOut(column, ColumnKind.ID, "idCols"));
        Arrays.stream(params.getDropCols()).forEach(column -> leaveOut(column, ColumnKind.DROPPED, "dropCols"));
        leaveOutLabelSource(params.getLabelCol());
    }

    private void leaveOutLabelSource(String label) {
        List<String> single = kept().stream()
                .filter(column -> !forced.containsKey(column))
                .filter(column -> reading(column).kind() == ColumnKind.CATEGORY
                        || reading(column).kind() == ColumnKind.NUMBER)
                .toList();
        for (String column : LabelSource.of(dataset, single, label)) {
            verdicts.put(
                    column,
                    new KindRules.Verdict(
                            reading(column).as(ColumnKind.DROPPED),
                            "left out: has the label's own values, the classes of column \"" + label
                                    + "\"; categorical keeps it"));
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    }

    private void forceDates(String column, String pattern) {
        force(column, ColumnKind.DATETIME, pattern);
        verdicts.computeIfPresent(
                column,
                (name, verdict) ->
                        pattern.isEmpty() || KindRules.isDate(verdict.reading().type())
                                ? verdict
                                : new KindRules.Verdict(
                                        verdict.reading().asDates(DateStyle.of(pattern)),
                                        DateStyle.of(pattern).words()));
    }

    private void leaveOut(String column, ColumnKind kind, String param) {
        verdicts.computeIfPresent(
                column,
                (name, verdict) ->
                        new KindRules.Verdict(verdict.reading().as(kind), "left out: " + param + " names it"));
    }

    /** @param pattern of dates, if the kind is that */
    private void force(String column, ColumnKind kind, String pattern) {
        KindRules.Verdict verdict = verdicts.get(column);
        if (verdict == null) {
            return;
        }
        ColumnKind found = verdict.reading().kind();
        boolean isPossible = found == kind
                || (found == ColumnKind.CATEGORY && kind != ColumnKind.VECTOR)
                || (kind == ColumnKind.CATEGORY && (found == ColumnKind.NUMBER || found == ColumnKind.BOOLEAN))
                || (kind == ColumnKind.NUMBER && found == ColumnKind.BOOLEAN)
                || (kind == ColumnKind.DATETIME && found == ColumnKind.NUMBER && !pattern.isEmpty());
        Require.that(
                isPossible,
                "column \"" + column + "\" cannot be read as " + kind + ": it holds "
                        + verdict.reading().type().simpleString()
                        + (kind == ColumnKind.DATETIME && found == ColumnKind.NUMBER
                                ? "; \"" + column + "=PATTERN\" says how they write dates, such as yyyyMMdd"
                                : ""));
        forced.put(column, kind);
        boolean decidedByTexts = found == ColumnKind.CATEGORY;
        verdicts.put(
                column,
                decidedByTexts
                        ? verdict
                        : new KindRules.Verdict(verdict.reading().as(kind), "named as " + kind));
    }

    TableEncoding run() {
        requireSome(kept());
        profile(kept(), false);
        profile(kept().stream().filter(this::mustBeCounted).toList(), true);
        List<String> changed = new ArrayList<>();
        for (String column : kept()) {
            ColumnProfile profile = profile(column);
            if (!profile.isText) {
                continue;
            }
            KindRules.Verdict verdict = KindRules.byTexts(reading(column), profile, forced.get(column));
            verdicts.put(column, verdict);
            if (profile.plain != null && verdict.reading().isPlain()) {
                profiles.put(column, profile.plain);
            } else if (isKept(verdict) && verdict.reading().kind() != ColumnKind.CATEGORY) {
                changed.add(column);
            }
        }
        profile(changed, false);
        for (String column : kept()) {
            if (profile(column).numbers != null) {
                KindRules.Verdict verdict =
                        KindRules.byNumbers(reading(column), profile(column), forced.containsKey(column));
                if (verdict != null) {
                    verdicts.put(column, verdict);
                }
            }
        }
        return encode(quantiles());
    }

    private ColumnReading reading(String column) {
        return Objects.requireNonNull(verdicts.get(column)).reading();
    }

    private ColumnProfile profile(String column) {
        return Objects.requireNonNull(profiles.get(column));
    }

    private boolean isKept(KindRules.Verdict verdict) {
        ColumnKind kind = verdict.reading().kind();
        return kind != ColumnKind.DROPPED && kind != ColumnKind.ID;
    }

    private List<String> kept() {
        return verdicts.entrySet().stream()
                .filter(entry -> isKept(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether the column's texts decide, but were left out because they looked like numbers. */
    private boolean mustBeCounted(String column) {
        ColumnProfile profile = profile(column);
        ColumnKind named = forced.get(column);
        boolean byTexts = named == ColumnKind.CATEGORY || named == ColumnKind.DATETIME;
        return profile.isUndecided() || (byTexts && profile.plain != null && profile.texts == null);
    }

    private void profile(List<String> columns, boolean textsOnly) {
        if (columns.isEmpty()) {
            return;
        }
        List<ColumnReading> readings = columns.stream().map(this::reading).toList();
        TableProfile profile = TableProfile.of(rows.of(columns), readings, zone, textsOnly);
        Require.that(profile.rows() > 0, "the table must have rows, but has none");
        for (int i = 0; i < columns.size(); i++) {
            profiles.put(columns.get(i), profile.columns.get(i));
        }
    }

    private void requireSome(List<String> columns) {
        Require.that(
                !columns.isEmpty(),
                "the table must have a column to learn from, but each is left out: "
                        + String.join(
                                ", ",
                                verdicts.entrySet().stream()
                                        .map(entry -> "\"" + entry.getKey() + "\" ("
                                                + entry.getValue().reason() + ")")
                                        .toList()));
    }

    /** The quantiles of each column of numbers that the rules ask for. */
    private Map<String, double[]> quantiles() {
        Map<String, double[]> quantiles = new HashMap<>();
        List<String> open = new ArrayList<>();
        for (String column : kept()) {
            NumberStats numbers = profile(column).numbers;
            if (numbers == null || !rules.needsQuantiles()) {
                continue;
            }
            ValueCounts<Double> values = Objects.requireNonNull(numbers.values());
            if (values.isComplete()) {
                quantiles.put(column, Quantiles.of(values.sorted(), rules.probabilities()));
            } else {
                open.add(column);
            }
        }
        if (open.isEmpty()) {
            return quantiles;
        }
        List<NumberStats> numbers = open.stream()
                .map(column -> Objects.requireNonNull(profile(column).numbers))
                .toList();
        List<ColumnReading> readings = open.stream().map(this::reading).toList();
        JavaRDD<double[][]> values = Quantiles.numbers(rows.of(open), readings, zone);
        if (!rows.isCached(open)) {
            values.persist(StorageLevel.DISK_ONLY()); // in memory, it would take the place of the rows
        }
        try {
            double[][] found = Quantiles.of(values, numbers, rules.probabilities());
            for (int i = 0; i < found.length; i++) {
                quantiles.put(open.get(i), found[i]);
            }
        } finally {
            JobScope.release(dataset.sparkSession().sparkContext(), () -> values.unpersist(false));
        }
        return quantiles;
    }

    private TableEncoding encode(Map<String, double[]> quantiles) {
        requireSome(kept());
        List<ColumnEncoding> encodings = new ArrayList<>();
        List<ColumnDecision> decisions = new ArrayList<>();
        Map<String, ColumnDoubt> doubts = new LinkedHashMap<>();
        boolean alone = kept().size() == 1;
        verdicts.forEach((column, verdict) -> {
            ColumnProfile profile = profiles.get(column);
            long gaps = profile == null ? 0 : profile.missing;
            if (verdict.doubt() != null) {
                doubts.put(column, verdict.doubt());
            }
            if (!isKept(verdict) || profile == null) {
                decisions.add(new ColumnDecision(column, verdict.reading().kind(), "", 0, gaps, "", verdict.reason()));
                return;
            }
            requireComplete(column, profile);
            ColumnEncoding encoding =
                    rules.encode(verdict.reading(), profile, quantiles.getOrDefault(column, new double[0]));
            encodings.add(encoding);
            ColumnDoubt doubt = forced.containsKey(column) ? null : DoubtRules.of(encoding, profile, alone);
            if (doubt != null) {
                doubts.putIfAbsent(column, doubt);
            }
            decisions.add(new ColumnDecision(
                    column,
                    verdict.reading().kind(),
                    encoding.words(),
                    encoding.width(),
                    gaps,
                    gaps == 0 ? "" : rules.filled(encoding),
                    EncodingRules.reason(verdict.reason(), encoding)));
        });
        return new TableEncoding(encodings, decisions, doubts, zone.getId());
    }

    private void requireComplete(String column, ColumnProfile profile) {
        Require.that(
                rules.missing() != EncodingRules.Missing.ERROR || profile.missing == 0,
                "column \"" + column
                        + "\" must have a value in every row, because missing is error, but has none in "
                        + profile.missing + " of " + profile.rows + " rows");
    }
}
