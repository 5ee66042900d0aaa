package dev.kindling.table;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.spark.JobScope;
import dev.kindling.spark.RowProgress;
import dev.kindling.spark.SparkLine;
import dev.kindling.table.cache.CachedTable;
import dev.kindling.table.cache.ColumnRows;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;
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
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

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
        SparkLine.require(Param.class);
        this.uid = uid;
        inputCols = new StringArrayParam(
                this, "inputCols", "the columns to make features of; none takes all but those that other params name");
        outputCol = new Param<>(this, "outputCol", "the column of vectors to add");
        labelCol = new Param<>(this, "labelCol", "a column that is no feature; it need not be there");
        weightCol = new Param<>(this, "weightCol", "a column that is no feature; empty for none");
        validationIndicatorCol = new Param<>(
                this,
                "validationIndicatorCol",
                "a boolean column that is true for rows to learn nothing from, and no feature; empty for none");
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
        scale = new Param<>(this, "scale", "how numbers are scaled: auto, standard, robust, quantile or none");
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
        setDefault(scale, "auto");
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

    /**
     * The column to predict, which is no feature. It need not be there. A column that StringIndexer made it of is left out too. Default:
     * label.
     */
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

    /** The boolean column that is true for validation rows, from which nothing is learned. It is no feature. Default: none. */
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
     * How numbers are scaled, in double: {@code standard}, to mean 0 and population deviation 1; {@code auto}, the same, but a column with
     * values beyond 5 deviations is clipped smoothly to within 3; {@code robust}, to median 0 and
     * interquartile range 1, within -3 and 3 by z / sqrt(1 + (z/3)^2); {@code quantile}, to the share of training rows below, between
     * -sqrt(3) and sqrt(3); or {@code none}. Numbers that are 0 or 1 stay as they are. Default: auto.
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
        String indicator = getValidationIndicatorCol();
        if (!indicator.isEmpty()) {
            requireColumn(names, "validationIndicatorCol", indicator);
            DataType type = schema.apply(indicator).dataType();
            Require.that(
                    type instanceof BooleanType,
                    "validationIndicatorCol \"" + indicator + "\" must hold booleans, but holds "
                            + type.simpleString());
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
    Map<String, String> patterns() {
        Map<String, String> patterns = new LinkedHashMap<>();
        for (String given : getDatetimeCols()) {
            int equals = given.indexOf('=');
            patterns.put(
                    equals < 0 ? given : given.substring(0, equals), equals < 0 ? "" : given.substring(equals + 1));
        }
        return patterns;
    }

    /**
     * {@inheritDoc} The rows are read once, once more for texts that are booleans, dates or numbers with marks, and twice for medians of
     * columns of thousands of numbers.
     */
    @Override
    public TableVectorizerModel fit(Dataset<?> dataset) {
        Dataset<?> training = getValidationIndicatorCol().isEmpty()
                ? dataset
                : dataset.filter(not(coalesce(TableVectorizerModel.quoted(getValidationIndicatorCol()), lit(false))));
        return fit(
                dataset,
                columns -> CachedTable.blocks(training.select(
                        columns.stream().map(TableVectorizerModel::quoted).toArray(Column[]::new))));
    }

    /**
     * The same where the rows are read in another way than by the dataset's plan: for Kindling's commands.
     *
     * @param rows the dataset's rows to learn from
     */
    public TableVectorizerModel fit(Dataset<?> dataset, ColumnRows rows) {
        transformSchema(dataset.schema());
        SparkContext context = dataset.sparkSession().sparkContext();
        TableEncoding encoding = JobScope.run(
                context,
                () -> RowProgress.during(context, "looking at the columns", () -> new TableFit(
                                dataset, rows, columns(dataset.schema()), this, zone(dataset))
                        .run()));
        TableVectorizerModel model = new TableVectorizerModel(uid, encoding);
        model.setParent(this);
        model.setOutputCol(getOutputCol());
        model.setUnseen(getUnseen());
        return model;
    }

    private ZoneId zone(Dataset<?> dataset) {
        String name = getTimeZone().isEmpty()
                ? dataset.sparkSession().conf().get("spark.sql.session.timeZone")
                : getTimeZone();
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new InvalidInput("timeZone must be a zone such as UTC or Europe/Paris, but is \"" + name + "\"");
        }
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
}
