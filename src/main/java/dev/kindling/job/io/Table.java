package dev.kindling.job.io;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Data with the columns that a model needs, cast to their kinds. The columns as they were given are there too, under
 * names of their own.
 *
 * @param names of the given columns; the i-th is in column {@link #given(int)}
 */
public record Table(Dataset<Row> rows, Inputs inputs, List<String> names) {

    public static String given(int index) {
        return "kindling_given_" + index;
    }

    public static Table of(DataSource.Data data, Inputs inputs) {
        List<String> names = List.of(data.columns().fieldNames());
        List<Column> columns = new ArrayList<>();
        for (Input input : inputs.all()) {
            Inputs.requireColumn(names, "the data must have the columns that the model takes", input.name());
            columns.add(input.cast(data.isText()).as(input.column()));
        }
        for (int i = 0; i < names.size(); i++) {
            columns.add(Input.quoted(names.get(i)).as(given(i)));
        }
        if (data.rows().columns().length > names.size()) {
            columns.add(Input.quoted(DataSource.MALFORMED));
        }
        return new Table(data.rows().select(columns.toArray(new Column[0])), inputs, names);
    }

    /** The rows with the inputs alone. */
    public Dataset<Row> typed() {
        return rows.select(columns());
    }

    private Column[] columns() {
        return inputs.all().stream().map(input -> Input.quoted(input.column())).toArray(Column[]::new);
    }

    /**
     * Whether a row is among those held out: by a hash of its features and label, keyed with the seed, so that neither
     * the order of rows nor their partitions matter.
     */
    public Column isHeldOut(double fraction, long seed) {
        List<Column> hashed = new ArrayList<>(List.of(lit(seed)));
        hashed.addAll(Arrays.asList(columns()));
        Column hash = xxhash64(hashed.toArray(new Column[0]));
        return shiftrightunsigned(hash, 11).multiply(0x1p-53).lt(fraction);
    }
}
