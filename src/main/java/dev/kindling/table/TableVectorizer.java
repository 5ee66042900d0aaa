package dev.kindling.table;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.spark.JobScope;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Turns the columns of a raw table into one vector of features: numbers are scaled and their gaps filled, texts become
 * categories, dates become parts of the calendar, identifiers and constant columns are left out. It decides by the values what each
 * column holds; {@link TableVectorizerModel#describe()} tells what and why, and the params that name columns overrule it.
 *
 * <pre>{@code
 * PipelineModel model = new Pipeline()
 *         .setStages(new PipelineStage[] {
 *             new TableVectorizer().setLabelCol("label"),
 *             new MlpClassifier().setLabelCol("label")
 *         })
 *         .fit(table);
 * }</pre>
 *
 * <p>The model takes rows as they are, with missing values and categories that training did not know, and texts where training
 * had numbers or dates. The same rows give the same bits, whatever their order and partitions.
 */
public final class TableVectorizer extends Estimator<TableVectorizerModel> implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final StringArrayParam inputCols;
    private final Param<String> outputCol;
    private final Param<String> labelCol;
    private final Param<String> weightCol;
    private final Param<String> validationIndicatorCol;
    private final StringArrayParam dropCols;
    private final StringArrayParam idCols;
    private final StringArrayParam categoricalCols;
    private final StringArrayParam numericCols;
    private final StringArrayParam datetimeCols;
    private final Param<String> missing;
    private final Param<String> unseen;
    private final Param<String> scale;
    private final IntParam minCategoryRows;
    private final IntParam maxCategories;
    private final Param<String> timeZone;

    public TableVectorizer() {
        this(Identifiable$.MODULE$.randomUID("tableVectorizer"));
    }

    public TableVectorizer(String uid) {
        this.uid = uid;
        inputCols = new StringArrayParam(
                this, "inputCols", "the columns to make features of; none takes all but those that other params name");
        outputCol = new Param<>(this, "outputCol", "the column of vectors to add");
        labelCol = new Param<>(this, "labelCol", "a column that is no feature; it need not be there");
        weightCol = new Param<>(this, "weightCol", "a column that is no feature; empty for none");
        validationIndicatorCol =
                new Param<>(this, "validationIndicatorCol", "a column that is no feature; empty for none");
        dropCols = new StringArrayParam(this, "dropCols", "columns to leave out");
        idCols = new StringArrayParam(this, "idCols", "columns that name rows, to leave out");
        categoricalCols =
                new StringArrayParam(this, "categoricalCols", "columns of categories, also where they hold numbers");
        numericCols = new StringArrayParam(this, "numericCols", "columns of numbers");
        datetimeCols = new StringArrayParam(
                this,
                "datetimeCols",
                "columns of dates; COLUMN=PATTERN says how texts write them, such as when=dd/MM/yyyy");
        missing = new Param<>(this, "missing", "what a missing number or date becomes: median, mean, zero or error");
        unseen = new Param<>(this, "unseen", "what a category that training did not know becomes: zeros or error");
        scale = new Param<>(this, "scale", "how numbers are scaled: standard, robust, quantile or none");
        minCategoryRows = new IntParam(this, "minCategoryRows", "categories with fewer rows share one feature");
        maxCategories = new IntParam(
                this,
                "maxCategories",
                "the most categories of a column with features of their own; the rest share one");
        timeZone = new Param<>(this, "timeZone", "whose clocks dates are read by; empty for the session's");
        for (StringArrayParam none : List.of(inputCols, dropCols, idCols, categoricalCols, numericCols, datetimeCols)) {
            setDefault(none, new String[0]);
        }
        setDefault(outputCol, "features");
        setDefault(labelCol, "label");
        setDefault(weightCol, "");
        setDefault(validationIndicatorCol, "");
        setDefault(missing, "median");
        setDefault(unseen, TableVectorizerModel.ZEROS);
        setDefault(scale, "standard");
        setDefault(minCategoryRows, 1);
        setDefault(maxCategories, 300);
        setDefault(timeZone, "");
    }

    @Override
    public String uid() {
        return uid;
    }

    public StringArrayParam inputCols() {
        return inputCols;
    }

    public String[] getInputCols() {
        return $(inputCols);
    }

    /** The columns to make features of. None, the default, takes all columns but those that other params name. */
    public TableVectorizer setInputCols(String... value) {
        set(inputCols, value);
        return this;
    }

    public Param<String> outputCol() {
        return outputCol;
    }

    public String getOutputCol() {
        return $(outputCol);
    }

    /** The column of vectors to add. Default: features. */
    public TableVectorizer setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    public Param<String> labelCol() {
        return labelCol;
    }

    public String getLabelCol() {
        return $(labelCol);
    }

    /** The column to predict, which is no feature. It need not be there. Default: label. */
    public TableVectorizer setLabelCol(String value) {
        set(labelCol, value);
        return this;
    }

    public Param<String> weightCol() {
        return weightCol;
    }

    public String getWeightCol() {
        return $(weightCol);
    }

    /** The column of row weights, which is no feature. Default: none. */
    public TableVectorizer setWeightCol(String value) {
        set(weightCol, value);
        return this;
    }

    public Param<String> validationIndicatorCol() {
        return validationIndicatorCol;
    }

    public String getValidationIndicatorCol() {
        return $(validationIndicatorCol);
    }

    /** The column that tells validation rows, which is no feature. Default: none. */
    public TableVectorizer setValidationIndicatorCol(String value) {
        set(validationIndicatorCol, value);
        return this;
    }

    public StringArrayParam dropCols() {
        return dropCols;
    }

    public String[] getDropCols() {
        return $(dropCols);
    }

    /** Columns to leave out. */
    public TableVectorizer setDropCols(String... value) {
        set(dropCols, value);
        return this;
    }

    public StringArrayParam idCols() {
        return idCols;
    }

    public String[] getIdCols() {
        return $(idCols);
    }

    /** Columns that name rows, to leave out. Texts that few rows share, and whole numbers that count rows, are found to be such. */
    public TableVectorizer setIdCols(String... value) {
        set(idCols, value);
        return this;
    }

    public StringArrayParam categoricalCols() {
        return categoricalCols;
    }

    public String[] getCategoricalCols() {
        return $(categoricalCols);
    }

    /** Columns of categories, also where they hold numbers. Texts are found to be such. */
    public TableVectorizer setCategoricalCols(String... value) {
        set(categoricalCols, value);
        return this;
    }

    public StringArrayParam numericCols() {
        return numericCols;
    }

    public String[] getNumericCols() {
        return $(numericCols);
    }

    /** Columns of numbers, also where they look like identifiers or codes. */
    public TableVectorizer setNumericCols(String... value) {
        set(numericCols, value);
        return this;
    }

    public StringArrayParam datetimeCols() {
        return datetimeCols;
    }

    public String[] getDatetimeCols() {
        return $(datetimeCols);
    }

    /**
     * Columns of dates. {@code when=dd/MM/yyyy} says how the texts or numbers of column {@code when} write them, in a pattern of
     * {@link java.time.format.DateTimeFormatter}.
     */
    public TableVectorizer setDatetimeCols(String... value) {
        set(datetimeCols, value);
        return this;
    }

    public Param<String> missing() {
        return missing;
    }

    public String getMissing() {
        return $(missing);
    }

    /**
     * What a missing number or date becomes: the {@code median}, the {@code mean} or {@code zero}, or an {@code error}. Where training
     * rows had any, another feature flags them. NaN is missing. Missing categories are a category of their own, or an error.
     * Default: median.
     */
    public TableVectorizer setMissing(String value) {
        set(missing, Require.oneOf(value, names(EncodingRules.Missing.values()), "missing"));
        return this;
    }

    public Param<String> unseen() {
        return unseen;
    }

    public String getUnseen() {
        return $(unseen);
    }

    /** What a category that training did not know becomes: {@code zeros} in all features of its column, or an {@code error}. Default: zeros. */
    public TableVectorizer setUnseen(String value) {
        set(unseen, Require.oneOf(value, TableVectorizerModel.UNSEEN, "unseen"));
        return this;
    }

    public Param<String> scale() {
        return scale;
    }

    public String getScale() {
        return $(scale);
    }

    /**
     * How numbers are scaled, in double: {@code standard}, to mean 0 and population deviation 1; {@code robust}, to median 0 and
     * interquartile range 1, within -3 and 3 by z / sqrt(1 + (z/3)^2); {@code quantile}, to the share of training rows below, between
     * -sqrt(3) and sqrt(3); or {@code none}. Numbers that are 0 or 1 stay as they are. Default: standard.
     */
    public TableVectorizer setScale(String value) {
        set(scale, Require.oneOf(value, names(EncodingRules.Scale.values()), "scale"));
        return this;
    }

    public IntParam minCategoryRows() {
        return minCategoryRows;
    }

    public int getMinCategoryRows() {
        return (Integer) $(minCategoryRows);
    }

    /** Categories with fewer training rows share one feature. Default: 1. */
    public TableVectorizer setMinCategoryRows(int value) {
        set(minCategoryRows, Require.positive(value, "minCategoryRows"));
        return this;
    }

    public IntParam maxCategories() {
        return maxCategories;
    }

    public int getMaxCategories() {
        return (Integer) $(maxCategories);
    }

    /** The most categories of a column that have features of their own, the most frequent ones; the rest share one. Default: 300. */
    public TableVectorizer setMaxCategories(int value) {
        set(maxCategories, Require.positive(value, "maxCategories"));
        return this;
    }

    public Param<String> timeZone() {
        return timeZone;
    }

    public String getTimeZone() {
        return $(timeZone);
    }

    /** The zone on whose clocks dates are read, such as Europe/Paris; the model keeps it. Default: the session's. */
    public TableVectorizer setTimeZone(String value) {
        set(timeZone, value);
        return this;
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        columns(schema);
        return TableVectorizerModel.withOutput(schema, getOutputCol());
    }

    /** The columns that may become features. */
    private List<StructField> columns(StructType schema) {
        List<String> names = Arrays.asList(schema.fieldNames());
        Map<String, String> named = new HashMap<>(); // the param that names a column
        name(named, names, "dropCols", getDropCols());
        name(named, names, "idCols", getIdCols());
        name(named, names, "categoricalCols", getCategoricalCols());
        name(named, names, "numericCols", getNumericCols());
        name(named, names, "datetimeCols", patterns().keySet().toArray(new String[0]));
        for (String input : getInputCols()) {
            requireColumn(names, "inputCols", input);
        }
        Set<String> chosen = new HashSet<>(Arrays.asList(getInputCols()));
        List<String> others = List.of(getLabelCol(), getWeightCol(), getValidationIndicatorCol());
        return Arrays.stream(schema.fields())
                .filter(field -> chosen.isEmpty() ? !others.contains(field.name()) : chosen.contains(field.name()))
                .toList();
    }

    private static void name(Map<String, String> named, List<String> names, String param, String[] columns) {
        for (String column : columns) {
            requireColumn(names, param, column);
            String other = named.put(column, param);
            Require.that(
                    other == null,
                    "column \"" + column + "\" must be named by one param, but is by " + other + " and " + param);
        }
    }

    private static void requireColumn(List<String> names, String param, String column) {
        if (!names.contains(column)) {
            throw new InvalidInput(param + " must name columns of the table, but there is no \"" + column + "\""
                    + Require.nearest(column, names)
                            .map(near -> "; did you mean \"" + near + "\"?")
                            .orElse(""));
        }
    }

    /** The patterns of columns of dates; empty for those without. */
    private Map<String, String> patterns() {
        Map<String, String> patterns = new LinkedHashMap<>();
        for (String given : getDatetimeCols()) {
            int equals = given.indexOf('=');
            patterns.put(
                    equals < 0 ? given : given.substring(0, equals), equals < 0 ? "" : given.substring(equals + 1));
        }
        return patterns;
    }

    /** {@inheritDoc} The rows are read once, twice if there are texts to read as numbers or dates. */
    @Override
    public TableVectorizerModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        String zoneName = getTimeZone().isEmpty()
                ? dataset.sparkSession().conf().get("spark.sql.session.timeZone")
                : getTimeZone();
        ZoneId zone;
        try {
            zone = ZoneId.of(zoneName);
        } catch (DateTimeException e) {
            throw new InvalidInput("timeZone must be a zone such as UTC or Europe/Paris, but is \"" + zoneName + "\"");
        }
        TableEncoding encoding = JobScope.run(
                dataset.sparkSession().sparkContext(), () -> new Fit(dataset, columns(dataset.schema()), zone).run());
        TableVectorizerModel model = new TableVectorizerModel(uid, encoding);
        model.setParent(this);
        model.setOutputCol(getOutputCol());
        model.setUnseen(getUnseen());
        return model;
    }

    @Override
    public TableVectorizer copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    public static MLReader<TableVectorizer> read() {
        return new DefaultParamsReader<>();
    }

    public static TableVectorizer load(String path) {
        return read().load(path);
    }

    /** One fit: the decisions about the columns, in the passes over the rows that they need. */
    private final class Fit {
        private final Dataset<?> dataset;
        private final ZoneId zone;
        private final Map<String, KindRules.Verdict> verdicts = new LinkedHashMap<>();
        private final Map<String, ColumnKind> forced = new HashMap<>();
        private final Map<String, ColumnProfile> profiles = new HashMap<>();
        private final EncodingRules rules = new EncodingRules(
                constant(EncodingRules.Missing.class, getMissing()),
                constant(EncodingRules.Scale.class, getScale()),
                getMinCategoryRows(),
                getMaxCategories());

        Fit(Dataset<?> dataset, List<StructField> fields, ZoneId zone) {
            this.dataset = dataset;
            this.zone = zone;
            fields.forEach(field -> verdicts.put(field.name(), KindRules.byType(field)));
            Map<String, String> patterns = patterns();
            patterns.keySet().forEach(column -> force(column, ColumnKind.DATETIME));
            patterns.forEach((column, pattern) -> {
                KindRules.Verdict verdict = verdicts.get(column);
                if (verdict != null
                        && !pattern.isEmpty()
                        && !KindRules.isDate(verdict.reading().type())) {
                    verdicts.put(
                            column,
                            new KindRules.Verdict(
                                    verdict.reading().asDates(DateStyle.of(pattern)), "dates like " + pattern));
                }
            });
            Arrays.stream(getCategoricalCols()).forEach(column -> force(column, ColumnKind.CATEGORY));
            Arrays.stream(getNumericCols()).forEach(column -> force(column, ColumnKind.NUMBER));
            Arrays.stream(getIdCols()).forEach(column -> leaveOut(column, ColumnKind.ID, "idCols"));
            Arrays.stream(getDropCols()).forEach(column -> leaveOut(column, ColumnKind.DROPPED, "dropCols"));
        }

        private void leaveOut(String column, ColumnKind kind, String param) {
            verdicts.computeIfPresent(
                    column,
                    (name, verdict) ->
                            new KindRules.Verdict(verdict.reading().as(kind), "left out: " + param + " names it"));
        }

        private void force(String column, ColumnKind kind) {
            KindRules.Verdict verdict = verdicts.get(column);
            if (verdict == null) {
                return;
            }
            ColumnKind found = verdict.reading().kind();
            boolean isPossible = found == kind
                    || (found == ColumnKind.CATEGORY && kind != ColumnKind.VECTOR)
                    || (kind == ColumnKind.CATEGORY && (found == ColumnKind.NUMBER || found == ColumnKind.BOOLEAN))
                    || (kind == ColumnKind.NUMBER && found == ColumnKind.BOOLEAN)
                    || (kind == ColumnKind.DATETIME
                            && found == ColumnKind.NUMBER
                            && !Objects.requireNonNullElse(patterns().get(column), "")
                                    .isEmpty());
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
            profile(kept());
            List<String> changed = new ArrayList<>();
            for (String column : kept()) {
                ColumnProfile profile = profile(column);
                if (profile.texts != null) {
                    KindRules.Verdict verdict = KindRules.byTexts(reading(column), profile, forced.get(column));
                    boolean reread = isKept(verdict) && verdict.reading().kind() != ColumnKind.CATEGORY;
                    verdicts.put(column, verdict);
                    if (reread) {
                        changed.add(column);
                    }
                }
            }
            if (!changed.isEmpty()) {
                profile(changed);
            }
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

        private JavaRDD<Row> rows(List<String> columns) {
            return dataset.select(
                            columns.stream().map(TableVectorizerModel::quoted).toArray(Column[]::new))
                    .toJavaRDD();
        }

        private void profile(List<String> columns) {
            requireSome(columns);
            List<ColumnReading> readings = columns.stream().map(this::reading).toList();
            TableProfile profile = TableProfile.of(rows(columns), readings, zone);
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
                ValueCounts<Double> values = Objects.requireNonNull(numbers.values);
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
            JavaRDD<Row> rows = rows(open).persist(StorageLevel.MEMORY_AND_DISK_SER());
            try {
                double[][] found = Quantiles.of(
                        rows, open.stream().map(this::reading).toList(), numbers, rules.probabilities(), zone);
                for (int i = 0; i < found.length; i++) {
                    quantiles.put(open.get(i), found[i]);
                }
            } finally {
                JobScope.release(dataset.sparkSession().sparkContext(), () -> rows.unpersist(false));
            }
            return quantiles;
        }

        private TableEncoding encode(Map<String, double[]> quantiles) {
            requireSome(kept());
            List<ColumnEncoding> encodings = new ArrayList<>();
            List<ColumnDecision> decisions = new ArrayList<>();
            verdicts.forEach((column, verdict) -> {
                ColumnProfile profile = profiles.get(column);
                long gaps = profile == null ? 0 : profile.missing;
                if (!isKept(verdict) || profile == null) {
                    decisions.add(new ColumnDecision(column, verdict.reading().kind(), 0, gaps, verdict.reason()));
                    return;
                }
                requireComplete(column, profile);
                ColumnEncoding encoding =
                        rules.encode(verdict.reading(), profile, quantiles.getOrDefault(column, new double[0]));
                encodings.add(encoding);
                decisions.add(new ColumnDecision(
                        column,
                        verdict.reading().kind(),
                        encoding.width(),
                        gaps,
                        rules.describe(profile, encoding, verdict.reason())));
            });
            return new TableEncoding(encodings, decisions, zone.getId());
        }

        private void requireComplete(String column, ColumnProfile profile) {
            Require.that(
                    rules.missing() != EncodingRules.Missing.ERROR || profile.missing == 0,
                    "column \"" + column
                            + "\" must have a value in every row, because missing is error, but has none in "
                            + profile.missing + " of " + profile.rows + " rows");
        }
    }
}
