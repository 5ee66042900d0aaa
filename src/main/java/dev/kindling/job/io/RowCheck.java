package dev.kindling.job.io;

import dev.kindling.job.input.CsvFiles;
import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.RawLines;
import dev.kindling.job.input.TextCheck;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows of a table, and refuses the first bad one. Tasks return the problem to the driver as data: a task
 * that throws would be retried, and Spark's wrapping would bury the sentence.
 */
public final class RowCheck implements FlatMapFunction<Iterator<Row>, RowCheck.Verdict> {
    private static final long serialVersionUID = 1L;

    private final ArrayList<InputColumn> inputs;
    private final boolean withText; // whether the inputs are followed by their texts
    private final int malformed; // the position of a malformed line, or -1
    private final int values; // in a well-formed line
    private final Map<String, Set<String>> categories; // known texts of text columns
    private final boolean complete; // whether numbers must be present
    private final @Nullable CsvOptions csv;

    private RowCheck(
            List<InputColumn> inputs,
            boolean withText,
            int malformed,
            int values,
            Map<String, Set<String>> categories,
            boolean complete,
            @Nullable CsvOptions csv) {
        this.inputs = new ArrayList<>(inputs);
        this.withText = withText;
        this.malformed = malformed;
        this.values = values;
        this.categories = categories;
        this.complete = complete;
        this.csv = csv;
    }

    /**
     * Counts the rows.
     *
     * @param categories the allowed texts, by the column's name in the pipeline; other columns may hold any text
     * @throws InvalidInput for the first bad row, and if there are no rows
     */
    public static long count(
            DataSource source, DataSource.Data data, TypedTable table, Map<String, Set<String>> categories)
            throws IOException {
        return count(source, data, table, categories, true);
    }

    /**
     * The same, but numbers other than weights may be missing or not finite: for a caller that reports those itself.
     */
    public static long countWithMissing(
            DataSource source, DataSource.Data data, TypedTable table, Map<String, Set<String>> categories)
            throws IOException {
        return count(source, data, table, categories, false);
    }

    private static long count(
            DataSource source,
            DataSource.Data data,
            TypedTable table,
            Map<String, Set<String>> categories,
            boolean complete)
            throws IOException {
        if (data.count() != DataSource.Data.UNKNOWN) {
            requireRows(source, data.count());
            return data.count();
        }
        List<InputColumn> inputs = table.inputs().all();
        List<Column> columns = new ArrayList<>();
        for (InputColumn input : inputs) {
            columns.add(InputColumn.quoted(input.column()));
        }
        if (data.isText()) {
            for (InputColumn input : inputs) {
                columns.add(InputColumn.quoted(TypedTable.given(table.names().indexOf(input.name()))));
            }
        }
        boolean lines = List.of(table.rows().columns()).contains(CsvFiles.MALFORMED);
        if (lines) {
            columns.add(InputColumn.quoted(CsvFiles.MALFORMED));
        }
        int malformed = lines ? columns.size() - 1 : -1;
        if (data.csv() != null) {
            columns.addAll(otherTexts(table));
        }
        RowCheck check = new RowCheck(
                inputs,
                data.isText(),
                malformed,
                table.names().size() - data.partitions(),
                categories,
                complete,
                data.csv());
        List<Verdict> verdicts = source.reading(() -> table.rows()
                .select(columns.toArray(new Column[0]))
                .toJavaRDD()
                .mapPartitions(check)
                .collect());
        if (verdicts.stream().anyMatch(verdict -> verdict.doubtful)) {
            source.requireSound();
        }
        long rows = 0;
        for (Verdict verdict : verdicts) {
            rows += verdict.rows;
            if (verdict.problem != null) {
                throw new InvalidInput(verdict.problem + " in row " + rows + " of " + source + verdict.hint);
            }
        }
        requireRows(source, rows);
        return rows;
    }

    /** The columns of text that the model does not take. */
    private static List<Column> otherTexts(TypedTable table) {
        Set<String> taken = table.inputs().all().stream().map(InputColumn::name).collect(Collectors.toSet());
        StructType schema = table.rows().schema();
        return IntStream.range(0, table.names().size())
                .filter(i -> !taken.contains(table.names().get(i)))
                .mapToObj(TypedTable::given)
                .filter(name -> schema.apply(name).dataType() instanceof StringType)
                .map(InputColumn::quoted)
                .toList();
    }

    private static void requireRows(DataSource source, long rows) {
        Require.that(rows > 0, source + " must have rows, but has none");
    }

    @Override
    public Iterator<Verdict> call(Iterator<Row> rows) {
        Verdict verdict = new Verdict();
        while (rows.hasNext() && verdict.problem == null) {
            verdict.rows++;
            Row row = rows.next();
            verdict.problem = problem(row);
            verdict.hint = verdict.problem == null ? "" : hint(row);
            verdict.doubtful |= csv != null && isDoubtful(row, csv);
        }
        return List.of(verdict).iterator();
    }

    /** Whether a text may not be what the file holds: numbers that could be read are. */
    private boolean isDoubtful(Row row, CsvOptions csv) {
        for (int i = 0; i < row.length(); i++) {
            boolean isRead =
                    withText && i >= inputs.size() && i < 2 * inputs.size() && !row.isNullAt(i - inputs.size());
            if (!isRead && row.get(i) instanceof String text && RawLines.isDoubtful(text, csv)) {
                return true;
            }
        }
        return false;
    }

    /** The option that reads the first text that is no number. */
    private String hint(Row row) {
        for (int i = 0; withText && i < inputs.size(); i++) {
            if (row.isNullAt(i) && !row.isNullAt(i + inputs.size())) {
                return TextCheck.hint(row.getString(i + inputs.size()), csv);
            }
        }
        return "";
    }

    private @Nullable String problem(Row row) {
        if (malformed >= 0 && !row.isNullAt(malformed)) {
            return "a row must have " + values + " values, but this one does not: \""
                    + InvalidInput.value(RawLines.cut(row.getString(malformed))) + "\"";
        }
        for (int i = 0; i < inputs.size(); i++) {
            String found = problem(inputs.get(i), row, i);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable String problem(InputColumn input, Row row, int place) {
        String column = (input.role() == InputColumn.Role.FEATURE ? "" : input.role() + " ") + "column \""
                + input.name() + "\"";
        if (row.isNullAt(place)) {
            int text = place + inputs.size();
            boolean empty = !withText || row.isNullAt(text);
            if (empty && mayMiss(input)) {
                return null;
            }
            return !empty
                    ? column + " must hold " + input.kind() + "s, but holds \""
                            + InvalidInput.value(RawLines.cut(row.get(text).toString())) + "\""
                    : column + " must have a value in every row, but has none";
        }
        if (mayMiss(input)) {
            return null;
        }
        return switch (input.kind()) {
            case TEXT -> textProblem(column, input, row.getString(place));
            case VECTOR -> vectorProblem(column, (Vector) row.get(place));
            case NUMBER, BOOLEAN -> numberProblem(column, input, row.getDouble(place));
        };
    }

    private boolean mayMiss(InputColumn input) {
        return !complete && input.kind() != InputColumn.Kind.TEXT && input.role() != InputColumn.Role.WEIGHT;
    }

    private @Nullable String textProblem(String column, InputColumn input, String text) {
        Set<String> known = categories.get(input.column());
        if (known == null || known.contains(text)) {
            return null;
        }
        return column + " must hold one of the " + known.size() + " values that the model was trained on, but holds \""
                + InvalidInput.value(RawLines.cut(text)) + "\"";
    }

    private static @Nullable String vectorProblem(String column, Vector vector) {
        boolean sparse = vector instanceof SparseVector; // the size may differ from row to row
        double[] stored = sparse ? ((SparseVector) vector).values() : vector.toArray();
        for (int i = 0; i < stored.length; i++) {
            if (!isFinite(stored[i])) {
                int place = sparse ? ((SparseVector) vector).indices()[i] : i;
                return "value " + place + " of " + column + " must be a finite number, but is " + describe(stored[i]);
            }
        }
        return null;
    }

    private static @Nullable String numberProblem(String column, InputColumn input, double value) {
        if (!isFinite(value)) {
            return column + " must hold finite numbers, but holds " + describe(value);
        }
        return input.role() == InputColumn.Role.WEIGHT && value < 0
                ? column + " must hold weights that are not negative, but holds " + InvalidInput.value(value)
                : null;
    }

    private static boolean isFinite(double value) {
        return Float.isFinite((float) value);
    }

    private static String describe(double value) {
        return InvalidInput.value(value) + (Double.isFinite(value) ? ", outside float32's range," : "");
    }

    /** The result for one partition, up to the first bad row. */
    static final class Verdict implements Serializable {
        private static final long serialVersionUID = 1L;

        long rows;
        boolean doubtful; // whether a text may not be what the file holds

        @Nullable
        String problem;

        String hint = "";
    }
}
