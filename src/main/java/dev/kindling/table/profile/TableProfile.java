package dev.kindling.table.profile;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.spark.RowProgress;
import dev.kindling.table.cache.BlockRows;
import dev.kindling.table.value.RowProblem;
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
    public static TableProfile of(
            JavaRDD<BlockRows> rows, List<ColumnReading> readings, ZoneId zone, boolean textsOnly) {
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

    private record Pass(ArrayList<ColumnReading> readings, ZoneId zone, boolean textsOnly)
            implements FlatMapFunction<Iterator<BlockRows>, TableProfile> {
        @Override
        public Iterator<TableProfile> call(Iterator<BlockRows> blocks) {
            TableProfile profile = new TableProfile(readings, textsOnly);
            int partition = TaskContext.getPartitionId();
            profile.rows.put(partition, 0L);
            while (blocks.hasNext() && profile.problems.isEmpty()) {
                add(blocks.next(), profile, partition);
            }
            profile.columns.forEach(ColumnProfile::pack);
            return List.of(profile).iterator();
        }

        /** Column by column, up to the first row with a problem. */
        private void add(BlockRows block, TableProfile profile, int partition) {
            RowProgress.ofTask().add(block.rows());
            int end = block.rows();
            for (int j = 0; j < readings.size(); j++) {
                int row = profile.columns.get(j).addAll(readings.get(j), block.column(j)) ? end : 0;
                try {
                    for (; row < end; row++) {
                        profile.columns.get(j).add(readings.get(j), block.column(j), row, zone);
                    }
                } catch (RowProblem e) {
                    profile.problems.put(partition, e.of(readings.get(j).column()));
                    end = row;
                }
            }
            profile.rows.merge(partition, end + (profile.problems.isEmpty() ? 0L : 1L), Long::sum);
        }
    }
}
