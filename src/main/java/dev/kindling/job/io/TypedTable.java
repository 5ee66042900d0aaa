package dev.kindling.job.io;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import dev.kindling.job.input.CsvFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Data with the columns that a model needs, cast to their kinds. The original columns are kept under other names.
 *
 * @param names the names of the original columns; the i-th is kept in column {@link #given(int)}
 */
public record TypedTable(Dataset<Row> rows, InputColumns inputs, List<String> names) {

    public static String given(int index) {
        return "kindling_given_" + index;
    }

    public static TypedTable of(DataSource.Data data, InputColumns inputs) {
        return of(data, inputs, column -> true);
    }

    /** Without the original columns, of which a wide table has many. */
    static TypedTable withoutGiven(DataSource.Data data, InputColumns inputs) {
        return of(data, inputs, column -> false);
    }

    /** Without the original columns except those of inputs. */
    static TypedTable ofInputs(DataSource.Data data, InputColumns inputs) {
        Set<String> own = inputs.all().stream().map(InputColumn::name).collect(Collectors.toSet());
        return of(data, inputs, own::contains);
    }

    private static TypedTable of(DataSource.Data data, InputColumns inputs, Predicate<String> given) {
        List<String> names = inputs.requireIn(data);
        List<Column> columns = new ArrayList<>();
        for (InputColumn input : inputs.all()) {
            columns.add(input.cast(data).as(input.column()));
        }
        for (int i = 0; i < names.size(); i++) {
            if (given.test(names.get(i))) {
                columns.add(InputColumn.quoted(names.get(i)).as(given(i)));
            }
        }
        if (data.rows().columns().length > names.size()) {
            columns.add(InputColumn.quoted(CsvFiles.MALFORMED));
        }
        return new TypedTable(data.rows().select(columns.toArray(new Column[0])), inputs, names);
    }

    /** The text of a value that could not be cast; null for a value that is missing or was cast. */
    Column uncast(InputColumn input) {
        return input.kind() == InputColumn.Kind.VECTOR || input.kind().isRaw()
                ? lit(null).cast("string")
                : when(
                        InputColumn.quoted(input.column()).isNull(),
                        col(given(names.indexOf(input.name()))).cast("string"));
    }

    /** The rows with only the model's inputs. */
    public Dataset<Row> typed() {
        return rows.select(columns());
    }

    private Column[] columns() {
        return inputs.all().stream()
                .map(input -> InputColumn.quoted(input.column()))
                .toArray(Column[]::new);
    }

    /**
     * Whether a row is held out. A hash of its features and label decides, keyed with the seed, so the order of rows
     * and their partitions do not matter.
     */
    public Column isHeldOut(double fraction, long seed) {
        List<Column> hashed = new ArrayList<>(List.of(lit(seed)));
        hashed.addAll(Arrays.asList(columns()));
        Column hash = xxhash64(hashed.toArray(new Column[0]));
        return shiftrightunsigned(hash, 11).multiply(0x1p-53).lt(fraction);
    }
}
