package dev.kindling.job.io;

import dev.kindling.job.input.CsvFiles;
import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.RawLines;
import dev.kindling.job.input.TextCheck;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.table.TableCheck;
import dev.kindling.table.cache.BlockRows;
import dev.kindling.table.cache.CachedTable;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows of a table, and refuses the first bad one. Tasks return the problem to the driver as data: a task
 * that throws would be retried, and Spark's wrapping would bury the sentence.
 */
public final class RowCheck
        implements FlatMapFunction<Iterator<Row>, RowCheck.Verdict>,
                FlatMapFunction2<Iterator<Row>, Iterator<BlockRows>, RowCheck.Verdict> {
    private static final long serialVersionUID = 1L;

    /** Of as many rows, one may have a class that training did not know; where more have, it is a mistake. */
    private static final int ROWS_PER_UNKNOWN = 10;

    /** With more classes than this, a label surely holds numbers to predict. Each class is an output of the network. */
    private static final int MOST_CLASSES = 100_000;

    // first the values of all, then, for each, the text that could not be cast
    private final ArrayList<InputColumn> inputs;
    private final int malformed; // the position of a malformed line, or -1
    private final int values; // in a well-formed line
    private final Map<String, Set<String>> categories; // known texts of text columns
    private final boolean complete; // whether numbers must be present
    private final @Nullable TableCheck table;
    private final int first; // the place of the table's first column
    private final @Nullable CsvOptions csv;

    private RowCheck(
            List<InputColumn> inputs,
            int malformed,
            int values,
            Map<String, Set<String>> categories,
            boolean complete,
            @Nullable TableCheck table,
            int first,
            @Nullable CsvOptions csv) {
        this.inputs = new ArrayList<>(inputs);
        this.malformed = malformed;
        this.values = values;
        this.categories = categories;
        this.complete = complete;
        this.table = table;
        this.first = first;
        this.csv = csv;
    }

    /**
     * What a pass over all rows found.
     *
     * @param integers the different values of a label of whole numbers, in their order; empty for another label, and
     *     where the classes are known
     * @param missing the number of rows without a text, by the column's name in the data, if that is allowed
     * @param unseen the number of rows with a category that training did not know, by the column's name
     * @param unknown the number of rows with a class that training did not know: not many
     * @param firstUnknown the first of them, from 1; 0 without any
     */
    public record Found(
            long rows,
            List<String> integers,
            Map<String, Long> missing,
            Map<String, Long> unseen,
            long unknown,
            long firstUnknown) {}

    /**
     * Counts the rows.
     *
     * @param categories the allowed texts, by the column's name in the pipeline; other columns may hold any text. Those
     *     of a numeric label are its class indices
     * @param vectorizer what the table vectorizer says of the raw columns; null if there is none yet
     * @param complete whether all values must be there and finite; otherwise only weights, for a caller that reports the others itself
     * @throws InvalidInput for the first bad row, and if there are no rows
     */
    public static Found count(
            DataSource source,
            DataSource.Data data,
            InputColumns columns,
            Map<String, Set<String>> categories,
            @Nullable TableCheck vectorizer,
            boolean complete)
            throws IOException {
        List<InputColumn> inputs = columns.with(input -> !input.kind().isRaw());
        if (data.count() != DataSource.Data.UNKNOWN) {
            requireRows(source, data.count());
            inputs = columns.with(input -> isClass(input, categories));
            if (inputs.isEmpty()) {
                return new Found(data.count(), List.of(), Map.of(), Map.of(), 0, 0);
            }
        }
        boolean isLabel = inputs.stream().allMatch(input -> input.role() == InputColumn.Role.LABEL);
        Found few = isLabel && vectorizer == null ? byLabels(source, data, columns, categories, complete) : null;
        if (few != null) {
            return few;
        }
        List<String> raw = vectorizer == null ? List.of() : vectorizer.columns();
        CachedTable cached = data.cached();
        // a plan of each column costs more than the rows of a wide table
        boolean apart =
                cached != null && !raw.isEmpty() && RowSet.of(data, columns).isCached(raw);
        Set<String> taken = new HashSet<>(apart ? List.of() : raw); // by the plan
        inputs.forEach(input -> taken.add(input.name()));
        TypedTable table =
                TypedTable.ofInputs(data, new InputColumns(columns.with(input -> taken.contains(input.name()))));
        List<Column> looked = new ArrayList<>();
        for (InputColumn input : inputs) {
            looked.add(InputColumn.quoted(input.column()));
        }
        for (InputColumn input : inputs) {
            looked.add(table.uncast(input));
        }
        boolean lines = List.of(data.rows().columns()).contains(CsvFiles.MALFORMED);
        if (lines) {
            looked.add(InputColumn.quoted(CsvFiles.MALFORMED));
        }
        int malformed = lines ? looked.size() - 1 : -1;
        int first = apart ? 0 : looked.size();
        if (!apart) {
            raw.forEach(name -> looked.add(InputColumn.quoted(name)));
        }
        RowCheck check = new RowCheck(
                inputs,
                malformed,
                table.names().size() - data.partitions(),
                categories,
                complete,
                vectorizer,
                first,
                data.csv());
        CsvOptions csv = data.csv();
        boolean doubtful = csv != null && cached != null && cached.contains(others(table, taken));
        JavaRDD<Row> selected =
                table.rows().select(looked.toArray(new Column[0])).toJavaRDD();
        List<Verdict> verdicts = source.reading(() -> (cached != null && apart
                        ? selected.zipPartitions(cached.blocks(raw), check)
                        : selected.mapPartitions(check))
                .collect());
        if (doubtful || verdicts.stream().anyMatch(verdict -> verdict.doubtful)) {
            source.requireSound();
        }
        long rows = 0;
        long unknown = 0;
        String example = "";
        long firstUnknown = 0;
        Map<String, Long> missing = new LinkedHashMap<>();
        Map<String, Long> unseen = new LinkedHashMap<>();
        Set<Long> integers = new TreeSet<>();
        for (Verdict verdict : verdicts) {
            if (unknown == 0 && verdict.unknown > 0) {
                example = verdict.example;
                firstUnknown = rows + verdict.firstUnknown;
            }
            unknown += verdict.unknown;
            rows += verdict.rows;
            if (verdict.problem != null) {
                throw new InvalidInput(verdict.problem + " in row " + rows + " of " + source + verdict.hint);
            }
            for (int i = 0; i < inputs.size(); i++) {
                if (verdict.missing[i] > 0) {
                    missing.merge(inputs.get(i).name(), verdict.missing[i], Long::sum);
                }
            }
            for (int i = 0; i < verdict.unseen.length; i++) {
                if (verdict.unseen[i] > 0) {
                    unseen.merge(raw.get(i), verdict.unseen[i], Long::sum);
                }
            }
            for (long integer : verdict.integers) {
                integers.add(integer);
            }
        }
        requireRows(source, rows);
        if (unknown * ROWS_PER_UNKNOWN > rows) {
            throw new InvalidInput(unknownProblem(inputs.get(check.label()), categories, example) + " in row "
                    + firstUnknown + " of " + source);
        }
        List<String> found = integers.stream().map(String::valueOf).toList();
        return new Found(rows, found, missing, unseen, unknown, firstUnknown);
    }

    /** From the label's different values; null without them, or if the rows must tell which one is bad. */
    private static @Nullable Found byLabels(
            DataSource source,
            DataSource.Data data,
            InputColumns columns,
            Map<String, Set<String>> categories,
            boolean complete)
            throws IOException {
        CachedTable cached = data.cached();
        DataSource.Data labels = data.labels();
        if (labels == null
                || cached == null
                || cached.contains(List.of(cached.schema().fieldNames()))) {
            return null;
        }
        try {
            Found found = count(source, labels, columns, categories, null, complete);
            boolean isSound = found.missing().isEmpty() && found.unknown() == 0;
            return isSound ? new Found(cached.rows(), found.integers(), Map.of(), Map.of(), 0, 0) : null;
        } catch (InvalidInput e) {
            return null;
        }
    }

    private static boolean isClass(InputColumn input, Map<String, Set<String>> categories) {
        return input.kind() == InputColumn.Kind.INTEGER || categories.containsKey(input.column());
    }

    private static List<String> others(TypedTable table, Set<String> taken) {
        return table.names().stream().filter(name -> !taken.contains(name)).toList();
    }

    private static void requireRows(DataSource source, long rows) {
        Require.that(rows > 0, source + " must have rows, but has none");
    }

    @Override
    public Iterator<Verdict> call(Iterator<Row> rows) {
        return verdict(rows, null);
    }

    @Override
    public Iterator<Verdict> call(Iterator<Row> rows, Iterator<BlockRows> raw) {
        return verdict(rows, raw);
    }

    /** @param blocks of the vectorizer's columns; null if the rows have them too */
    private Iterator<Verdict> verdict(Iterator<Row> rows, @Nullable Iterator<BlockRows> blocks) {
        Verdict verdict = new Verdict();
        verdict.missing = new long[inputs.size()];
        verdict.unseen = new long[table == null ? 0 : table.columns().size()];
        Supplier<@Nullable Row> others = table == null || blocks == null ? null : table.toCheck(blocks, verdict.unseen);
        Set<Long> integers = new HashSet<>();
        int label = label();
        boolean known = label >= 0 && categories.containsKey(inputs.get(label).column());
        boolean counted = label >= 0 && !known && inputs.get(label).kind() == InputColumn.Kind.INTEGER;
        while (rows.hasNext() && verdict.problem == null) {
            Row row = rows.next();
            Row raw = others == null ? row : others.get();
            verdict.rows++;
            verdict.problem = problem(row);
            verdict.hint = verdict.problem == null ? "" : hint(row);
            if (table != null && raw != null && verdict.problem == null) {
                TableCheck.Problem refused = table.problem(raw, first);
                if (refused != null) {
                    verdict.problem = refused.sentence();
                    verdict.hint =
                            raw.get(first + refused.column()) instanceof String text ? TextCheck.hint(text, csv) : "";
                }
                if (others == null) {
                    table.countUnseen(raw, first, verdict.unseen);
                }
            }
            verdict.doubtful |= csv != null && isDoubtful(row, csv);
            if (!complete) {
                countMissing(row, verdict.missing);
            }
            if (known && verdict.problem == null) {
                verdict.countUnknown(unknownClass(row, label));
            }
            if (counted && verdict.problem == null && !row.isNullAt(label)) {
                verdict.problem = addTo(integers, row.getString(label), inputs.get(label));
            }
        }
        verdict.integers = integers.stream().mapToLong(Long::longValue).toArray();
        return List.of(verdict).iterator();
    }

    /** Whether a text may not be what the file holds. */
    private static boolean isDoubtful(Row row, CsvOptions csv) {
        for (int i = 0; i < row.length(); i++) {
            if (row.get(i) instanceof String text && RawLines.isDoubtful(text, csv)) {
                return true;
            }
        }
        return false;
    }

    /** The option that reads the first text that is no number. */
    private String hint(Row row) {
        for (int i = 0; i < inputs.size(); i++) {
            if (row.isNullAt(i) && !row.isNullAt(i + inputs.size())) {
                boolean isClass = inputs.get(i).kind() == InputColumn.Kind.INTEGER; // no number is read otherwise
                return isClass ? "" : TextCheck.hint(row.getString(i + inputs.size()), csv);
            }
        }
        return "";
    }

    private void countMissing(Row row, long[] missing) {
        for (int i = 0; i < missing.length; i++) {
            boolean isEmpty = row.isNullAt(i) || (row.get(i) instanceof String text && text.isEmpty());
            missing[i] += isEmpty && inputs.get(i).isIndexed() ? 1 : 0;
        }
    }

    /** The place of the label, or -1. */
    private int label() {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).role() == InputColumn.Role.LABEL) {
                return i;
            }
        }
        return -1;
    }

    /** The row's class, if it has one that training did not know. */
    private @Nullable String unknownClass(Row row, int label) {
        if (row.isNullAt(label)) {
            return null;
        }
        String text = row.get(label) instanceof Double index ? index(index) : row.getString(label);
        Set<String> known =
                Objects.requireNonNull(categories.get(inputs.get(label).column()));
        return text.isEmpty() || known.contains(text) ? null : text;
    }

    private static String index(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static @Nullable String addTo(Set<Long> integers, String integer, InputColumn label) {
        integers.add(Long.valueOf(integer));
        return integers.size() <= MOST_CLASSES
                ? null
                : label.title() + " must hold at most " + MOST_CLASSES
                        + " different classes (--task regression predicts numbers), but holds more, such as "
                        + InvalidInput.value(integer);
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
        if (row.isNullAt(place)) {
            int text = place + inputs.size();
            boolean empty = row.isNullAt(text)
                    || (input.kind() == InputColumn.Kind.INTEGER
                            && row.getString(text).equals("NaN"));
            if (empty && mayMiss(input)) {
                return null;
            }
            return !empty ? uncastProblem(input, row.getString(text)) : missing(input);
        }
        return switch (input.kind()) {
            case TEXT, INTEGER -> textProblem(input, row.getString(place));
            case VECTOR -> mayMiss(input) ? null : vectorProblem(input, (Vector) row.get(place));
            case NUMBER -> numberProblem(input, row.getDouble(place));
            case BOOLEAN -> input.isIndexed() ? textProblem(input, row.getString(place)) : null;
            case RAW, RAW_NUMBER -> null;
        };
    }

    private static String missing(InputColumn input) {
        return input.title() + " must have a value in every row, but has none";
    }

    private static String uncastProblem(InputColumn input, String text) {
        String rule = input.kind() == InputColumn.Kind.INTEGER
                ? " must hold whole numbers or text for a classification (--task regression predicts numbers), but holds \""
                : " must hold " + input.kind().plural() + ", but holds \"";
        return input.title() + rule + InvalidInput.value(RawLines.cut(text)) + "\"";
    }

    private boolean mayMiss(InputColumn input) {
        return !complete && input.role() != InputColumn.Role.WEIGHT;
    }

    private @Nullable String textProblem(InputColumn input, String text) {
        Set<String> known = categories.get(input.column());
        if (text.isEmpty()) {
            return mayMiss(input) ? null : missing(input);
        }
        boolean isCounted = known == null || known.contains(text) || input.role() == InputColumn.Role.LABEL;
        return isCounted ? null : unknownProblem(input, categories, text);
    }

    private static String unknownProblem(InputColumn input, Map<String, Set<String>> categories, String text) {
        int known = Objects.requireNonNull(categories.get(input.column())).size();
        return input.title() + " must hold one of the " + known + " values of the training data, but holds \""
                + InvalidInput.value(RawLines.cut(text)) + "\"";
    }

    private static @Nullable String vectorProblem(InputColumn input, Vector vector) {
        boolean sparse = vector instanceof SparseVector; // the size may differ from row to row
        double[] stored = sparse ? ((SparseVector) vector).values() : vector.toArray();
        for (int i = 0; i < stored.length; i++) {
            if (!isFinite(stored[i])) {
                int place = sparse ? ((SparseVector) vector).indices()[i] : i;
                return "value " + place + " of " + input.title() + " must be a finite number, but is "
                        + describe(stored[i]);
            }
        }
        return null;
    }

    private @Nullable String numberProblem(InputColumn input, double value) {
        if (!isFinite(value)) {
            return mayMiss(input) ? null : input.title() + " must hold finite numbers, but holds " + describe(value);
        }
        if (categories.containsKey(input.column())) { // a label whose classes are 0, 1, 2, …
            return value == Math.rint(value) ? null : unknownProblem(input, categories, index(value));
        }
        return input.role() == InputColumn.Role.WEIGHT && value < 0
                ? input.title() + " must hold weights that are not negative, but holds " + InvalidInput.value(value)
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
        long[] integers = {}; // the different values of a label whose classes are not known
        long[] missing = {}; // rows without a text, by input
        long[] unseen = {}; // rows with an unknown category, by raw column
        long unknown; // rows with an unknown class
        long firstUnknown; // the first of these rows, from 1
        String example = ""; // its class

        @Nullable
        String problem;

        String hint = "";

        /** @param text the class of the row that was counted last; null if it is known */
        void countUnknown(@Nullable String text) {
            if (text != null && unknown++ == 0) {
                example = text;
                firstUnknown = rows;
            }
        }
    }
}
