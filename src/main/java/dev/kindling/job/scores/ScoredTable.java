package dev.kindling.job.scores;

import static org.apache.spark.sql.functions.col;

import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.InputColumn;
import dev.kindling.job.io.InputColumns;
import dev.kindling.job.io.TypedTable;
import dev.kindling.table.cache.CachedTable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.TableScan;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns of the data beside those that scoring adds. The data's rows do not go through the plan that scores them: each of its steps
 * would copy and compile every column of a wide table.
 */
public final class ScoredTable extends BaseRelation implements TableScan {
    private final SQLContext context;
    private final StructType schema;
    private final JavaRDD<Row> rows;

    private ScoredTable(SQLContext context, StructType schema, JavaRDD<Row> rows) {
        this.context = context;
        this.schema = schema;
        this.rows = rows;
    }

    /**
     * The rows as they are written.
     *
     * @param given the data's columns that are kept
     * @param added the other columns, of all of the data's rows in their partitions and order
     */
    public static Dataset<Row> of(DataSource.Data data, List<String> given, Dataset<Row> added) {
        StructType schema = new StructType();
        for (String name : given) {
            schema = schema.add(data.rows().schema().apply(name));
        }
        for (StructField field : added.schema().fields()) {
            schema = schema.add(field);
        }
        CachedTable cached = data.cached();
        JavaRDD<Row> values = cached == null
                ? data.rows()
                        .select(given.stream().map(InputColumn::quoted).toArray(Column[]::new))
                        .toJavaRDD()
                : cached.rows(given);
        JavaRDD<Row> rows = values.zipPartitions(added.toJavaRDD(), new Joining());
        SparkSession session = added.sparkSession();
        return session.baseRelationToDataFrame(new ScoredTable(session.sqlContext(), schema, rows));
    }

    /**
     * Texts of CSV as the model reads them: numbers where it takes numbers.
     *
     * @param rows with all columns of the data, and others
     */
    public static Dataset<Row> typed(DataSource.Data data, InputColumns inputs, Dataset<Row> rows) {
        DataSource.Data read =
                new DataSource.Data(rows, data.csv(), data.isText(), data.partitions(), data.count(), null, null);
        TypedTable table = TypedTable.of(read, inputs);
        Map<String, InputColumn> taken = new HashMap<>();
        inputs.all().forEach(input -> taken.put(input.name(), input));
        Column[] columns = new Column[table.names().size()];
        for (int i = 0; i < columns.length; i++) {
            String name = table.names().get(i);
            InputColumn input = taken.get(name);
            columns[i] = (input == null ? col(TypedTable.given(i)) : input.typed()).as(name);
        }
        return table.rows().select(columns);
    }

    @Override
    public SQLContext sqlContext() {
        return context;
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public RDD<Row> buildScan() {
        return rows.rdd();
    }

    /** The values of either row, one after the other. */
    private static final class Joining implements FlatMapFunction2<Iterator<Row>, Iterator<Row>, Row> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Row> call(Iterator<Row> given, Iterator<Row> added) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    if (given.hasNext() != added.hasNext()) {
                        throw new IllegalStateException("each of the data's rows must be scored, but there are more of "
                                + (given.hasNext() ? "the data" : "the scores"));
                    }
                    return given.hasNext();
                }

                @Override
                public Row next() {
                    Row first = given.next();
                    Row second = added.next();
                    Object[] values = new Object[first.size() + second.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = i < first.size() ? first.get(i) : second.get(i - first.size());
                    }
                    return RowFactory.create(values);
                }
            };
        }
    }
}
