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
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The types that the texts of CSV look like. All texts count, as Spark's {@code inferSchema} reads them. */
public final class CsvTypes {
    private static final String SEPARATOR = "\u0001";

    private final Dataset<Row> texts;
    private final String source;
    private final Set<String> folders;
    private final CsvOptions options;

    /**
     * @param source for messages
     * @param folders the columns of folders named COLUMN=VALUE
     */
    public CsvTypes(Dataset<Row> texts, String source, Set<String> folders, CsvOptions options) {
        this.texts = texts;
        this.source = source;
        this.folders = folders;
        this.options = options;
    }

    /** The rows with values of these types in these columns; with a decimal mark, in all columns of numbers. */
    public Dataset<Row> typed(Set<String> columns) {
        List<String> names = Arrays.stream(texts.schema().fields())
                .filter(field -> field.dataType() instanceof StringType)
                .map(StructField::name)
                .filter(name -> !name.equals(CsvFiles.MALFORMED))
                .toList();
        return options.decimal() == null
                ? cast(names.stream().filter(columns::contains).toList())
                : withMark(names, options.decimal());
    }

    private Dataset<Row> cast(List<String> names) {
        StructType types = infer(names);
        return texts.select(Arrays.stream(texts.columns())
                .map(name -> names.contains(name)
                        ? quoted(name).cast(types.apply(name).dataType()).as(name)
                        : quoted(name))
                .toArray(Column[]::new));
    }

    /** Spark's types of the columns. A text with a control character is no number. */
    private StructType infer(List<String> names) {
        StructType types = new StructType();
        if (names.isEmpty()) {
            return types;
        }
        Dataset<String> lines = texts.select(names.stream().map(CsvTypes::quoted).toArray(Column[]::new))
                .mapPartitions(new Lines(), Encoders.STRING());
        StructField[] found = CsvFiles.reader(texts.sparkSession(), options)
                .option("header", false)
                .option("inferSchema", true)
                .option("sep", SEPARATOR)
                .option("quote", "")
                .option("escape", "\u0002")
                .csv(lines)
                .schema()
                .fields();
        for (int i = 0; i < names.size(); i++) {
            types = types.add(names.get(i), found[i].dataType());
        }
        return types;
    }

    /** Writes rows as lines. Each has one more value, so that none is empty, which Spark would leave out. */
    private static final class Lines implements MapPartitionsFunction<Row, String> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<String> call(Iterator<Row> rows) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public String next() {
                    Row row = rows.next();
                    StringBuilder line = new StringBuilder();
                    for (int i = 0; i < row.size(); i++) {
                        String text = row.isNullAt(i) ? "" : row.getString(i);
                        boolean isPlain = text.chars().allMatch(character -> character >= ' ');
                        line.append(isPlain ? text : "text").append(SEPARATOR);
                    }
                    return line.append('.').toString();
                }
            };
        }
    }

    private Dataset<Row> withMark(List<String> names, DecimalMark mark) {
        StructType types = infer(names);
        Set<String> numbers = numbers(names, types, mark);
        return texts.select(Arrays.stream(texts.columns())
                .map(name -> {
                    if (numbers.contains(name)) {
                        return mark.plain(quoted(name)).cast("double").as(name);
                    }
                    return names.contains(name)
                            ? quoted(name).cast(types.apply(name).dataType()).as(name)
                            : quoted(name);
                })
                .toArray(Column[]::new));
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
