package dev.kindling.table.profile;

import dev.kindling.linalg.InvalidInput;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** What is known of a table's columns after a pass over its rows. */
public final class TableProfile implements Serializable {
    private static final long serialVersionUID = 1L;

    public final List<ColumnProfile> columns;
    private final Map<Integer, Long> rows = new TreeMap<>(); // by partition, up to the first bad row
    private final Map<Integer, String> problems = new TreeMap<>(); // of these rows
    private @Nullable String mismatch; // between partitions

    private TableProfile(List<ColumnReading> readings, boolean textsOnly) {
        columns = new ArrayList<>();
        readings.forEach(reading -> columns.add(new ColumnProfile(reading, readings.size(), textsOnly)));
    }

    /**
     * Reads all rows.
     *
     * @param rows with the values of the readings' columns, in their order
     * @param textsOnly whether texts are counted only; otherwise they are tried as plain numbers too, and a column of many such texts
     *     is not counted
     * @throws InvalidInput for the first row with a value that is none of its column's kind
     */
    public static TableProfile of(JavaRDD<Row> rows, List<ColumnReading> readings, ZoneId zone, boolean textsOnly) {
        if (rows.getNumPartitions() == 0) {
            return new TableProfile(readings, textsOnly);
        }
        ArrayList<ColumnReading> sent = new ArrayList<>(readings);
        TableProfile all = rows.mapPartitions(new Pass(sent, zone, textsOnly)).treeReduce(TableProfile::add);
        for (Map.Entry<Integer, String> problem : all.problems.entrySet()) {
            long row = all.rows.entrySet().stream()
                    .filter(partition -> partition.getKey() <= problem.getKey())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            throw new InvalidInput(problem.getValue() + " in row " + row);
        }
        if (all.mismatch != null) {
            throw new InvalidInput(all.mismatch);
        }
        return all;
    }

    public long rows() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    private static TableProfile add(TableProfile one, TableProfile other) {
        for (int i = 0; i < one.columns.size(); i++) {
            String mismatch = one.columns.get(i).add(other.columns.get(i));
            one.mismatch = one.mismatch == null ? mismatch : one.mismatch;
        }
        one.mismatch = one.mismatch == null ? other.mismatch : one.mismatch;
        one.rows.putAll(other.rows);
        one.problems.putAll(other.problems);
        return one;
    }

    private @Nullable String problem(List<ColumnReading> readings, Row row, ZoneId zone) {
        int place = 0;
        try {
            for (; place < columns.size(); place++) {
                columns.get(place).add(readings.get(place), row, place, zone);
            }
            return null;
        } catch (RowProblem e) {
            return e.of(readings.get(place).column());
        }
    }

    private record Pass(ArrayList<ColumnReading> readings, ZoneId zone, boolean textsOnly)
            implements FlatMapFunction<Iterator<Row>, TableProfile> {
        @Override
        public Iterator<TableProfile> call(Iterator<Row> rows) {
            TableProfile profile = new TableProfile(readings, textsOnly);
            long count = 0;
            String problem = null;
            while (rows.hasNext() && problem == null) {
                problem = profile.problem(readings, rows.next(), zone);
                count++;
            }
            int partition = TaskContext.getPartitionId();
            profile.rows.put(partition, count);
            if (problem != null) {
                profile.problems.put(partition, problem);
            }
            return List.of(profile).iterator();
        }
    }
}
