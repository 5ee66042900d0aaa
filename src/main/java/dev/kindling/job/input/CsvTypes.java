package dev.kindling.job.input;

import static org.apache.spark.sql.functions.bool_and;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import dev.kindling.linalg.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** The types that the texts of CSV look like. All texts count, as Spark's {@code inferSchema} reads them. */
public final class CsvTypes {
    private static final String SEPARATOR = "\u0001";
    private static final int SHORT = 9; // digits, which every type of whole numbers has

    private final Dataset<Row> texts;
    private final String source;
    private final Set<String> folders;
    private final CsvOptions options;

    /**
     * @param texts all rows, or one for each different value of the columns that are asked for
     * @param source for messages
     * @param folders the columns of folders named COLUMN=VALUE
     */
    public CsvTypes(Dataset<Row> texts, String source, Set<String> folders, CsvOptions options) {
        this.texts = texts;
        this.source = source;
        this.folders = folders;
        this.options = options;
    }

    /** The rows' columns, cast to these types where they are among these; with a decimal mark, in all columns of numbers. */
    public Column[] typed(Set<String> columns) {
        List<String> names = Arrays.stream(texts.schema().fields())
                .filter(field -> field.dataType() instanceof StringType)
                .map(StructField::name)
                .filter(name -> !name.equals(CsvFiles.MALFORMED))
                .toList();
        return options.decimal() == null
                ? cast(names.stream().filter(columns::contains).toList())
                : withMark(names, options.decimal());
    }

    private Column[] cast(List<String> names) {
        StructType types = infer(names);
        return Arrays.stream(texts.columns())
                .map(name -> names.contains(name)
                        ? quoted(name).cast(types.apply(name).dataType()).as(name)
                        : quoted(name))
                .toArray(Column[]::new);
    }

    /** Spark's types of the columns. A text with a control character is no number. */
    private StructType infer(List<String> names) {
        StructType types = new StructType();
        if (names.isEmpty()) {
            return types;
        }
        JavaRDD<String> lines = texts.select(
                        names.stream().map(CsvTypes::quoted).toArray(Column[]::new))
                .toJavaRDD()
                .mapPartitions(new Lines())
                .persist(StorageLevel.MEMORY_AND_DISK());
        StructField[] found;
        try {
            found = CsvFiles.reader(texts.sparkSession(), options)
                    .option("header", false)
                    .option("inferSchema", true)
                    .option("sep", SEPARATOR)
                    .option("quote", "")
                    .option("escape", "\u0002")
                    .csv(texts.sparkSession().createDataset(lines.rdd(), Encoders.STRING()))
                    .schema()
                    .fields();
        } finally {
            lines.unpersist(false);
        }
        for (int i = 0; i < names.size(); i++) {
            boolean isKnown = found.length > 0; // of no rows, Spark knows no columns
            types = types.add(names.get(i), isKnown ? found[i].dataType() : DataTypes.StringType);
        }
        return types;
    }

    /**
     * Writes rows as lines, one of those that are alike. Each has one more value, so that none is empty, which Spark would leave
     * out.
     */
    private static final class Lines implements FlatMapFunction<Iterator<Row>, String> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<String> call(Iterator<Row> rows) {
            Set<String> lines = new LinkedHashSet<>();
            while (rows.hasNext()) {
                Row row = rows.next();
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < row.size(); i++) {
                    line.append(row.isNullAt(i) ? "" : alike(row.getString(i))).append(SEPARATOR);
                }
                lines.add(line.append('.').toString());
            }
            return lines.iterator();
        }

        /** A text of the same type: all short whole numbers are of one, and so are all decimal fractions. */
        private static String alike(String text) {
            int point = -1;
            for (int i = 0; i < text.length(); i++) {
                char character = text.charAt(i);
                if (character < ' ') {
                    return "text";
                }
                if (character == '.' && point < 0) {
                    point = i;
                } else if (character < '0' || character > '9') {
                    return text;
                }
            }
            if (text.isEmpty() || text.length() > SHORT) {
                return text;
            }
            return point < 0 ? "1" : point == 0 || point == text.length() - 1 ? text : "1.5";
        }
    }

    private Column[] withMark(List<String> names, DecimalMark mark) {
        StructType types = infer(names);
        Set<String> numbers = numbers(names, types, mark);
        return Arrays.stream(texts.columns())
                .map(name -> {
                    if (numbers.contains(name)) {
                        return mark.plain(quoted(name)).cast("double").as(name);
                    }
                    return names.contains(name)
                            ? quoted(name).cast(types.apply(name).dataType()).as(name)
                            : quoted(name);
                })
                .toArray(Column[]::new);
    }

    /** The columns of numbers with the decimal mark: those that look like other numbers are refused. */
    private Set<String> numbers(List<String> all, StructType types, DecimalMark mark) {
        List<String> names = all.stream()
                .filter(name -> !folders.contains(name))
                .filter(name -> types.apply(name).dataType() instanceof NumericType
                        || types.apply(name).dataType() instanceof StringType)
                .toList();
        Set<String> numbers = new HashSet<>();
        if (names.isEmpty()) {
            return numbers;
        }
        List<Column> tests = new ArrayList<>();
        for (String name : names) {
            tests.add(bool_and(mark.isNumber(quoted(name)))); // null without values
            tests.add(min(when(mark.isNumber(quoted(name)).equalTo(false), quoted(name))));
        }
        Row found = texts.agg(tests.get(0), tests.subList(1, tests.size()).toArray(new Column[0]))
                .first();
        for (int i = 0; i < names.size(); i++) {
            if (found.isNullAt(2 * i)) {
                continue;
            }
            if (found.getBoolean(2 * i)) {
                numbers.add(names.get(i));
            } else if (types.apply(names.get(i)).dataType() instanceof NumericType) {
                throw new InvalidInput("column \"" + names.get(i) + "\" of " + source
                        + " must hold numbers with the mark of --decimal '" + mark + "', but holds \""
                        + InvalidInput.value(found.getString(2 * i + 1)) + "\"");
            }
        }
        return numbers;
    }

    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
