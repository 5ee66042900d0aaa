package dev.kindling.table.cache;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;

/** Functions of rows that lie in the same partitions and order: which of them are held out, those that are kept, and a new column. */
public final class RowMarks {
    private RowMarks() {}

    /** Marks the rows whose only column is true. */
    public static final class OfColumn implements FlatMapFunction<Iterator<Row>, BitSet> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<BitSet> call(Iterator<Row> rows) {
            BitSet marks = new BitSet();
            for (int place = 0; rows.hasNext(); place++) {
                marks.set(place, rows.next().getBoolean(0));
            }
            return List.of(marks).iterator();
        }
    }

    /**
     * Marks the rows whose hash is below a fraction of all hashes.
     *
     * @param raw of each value in the order of hashing, whether it comes from the second rows
     */
    public record OfHash(ArrayList<Boolean> raw, double fraction, long seed)
            implements FlatMapFunction2<Iterator<Row>, Iterator<Row>, BitSet> {
        @Override
        public Iterator<BitSet> call(Iterator<Row> others, Iterator<Row> rows) {
            boolean[] second = new boolean[raw.size()];
            for (int i = 0; i < second.length; i++) {
                second[i] = raw.get(i);
            }
            BitSet marks = new BitSet();
            for (int place = 0; others.hasNext() && rows.hasNext(); place++) {
                long hash = hash(second, others.next(), rows.next());
                marks.set(place, (hash >>> 11) * 0x1p-53 < fraction);
            }
            return List.of(marks).iterator();
        }

        private long hash(boolean[] second, Row other, Row row) {
            long hash = RowHash.add(RowHash.SEED, seed);
            int ofOther = 0;
            int ofRow = 0;
            for (boolean isSecond : second) {
                hash = RowHash.add(hash, isSecond ? row.get(ofRow++) : other.get(ofOther++));
            }
            return hash;
        }
    }

    /** The rows that are marked, or those that are not. */
    public record Kept(boolean marked) implements FlatMapFunction2<Iterator<Row>, Iterator<BitSet>, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> rows, Iterator<BitSet> marks) {
            BitSet of = marks.next();
            Queue<Row> ready = new ArrayDeque<>(1);
            return new Iterator<>() {
                private int place;

                @Override
                public boolean hasNext() {
                    while (ready.isEmpty() && rows.hasNext()) {
                        Row row = rows.next();
                        if (of.get(place++) == marked) {
                            ready.add(row);
                        }
                    }
                    return !ready.isEmpty();
                }

                @Override
                public Row next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return ready.remove();
                }
            };
        }
    }

    /** The first rows with a column that is made of the second ones. */
    public record Adding(UDF1<Row, Vector> made) implements FlatMapFunction2<Iterator<Row>, Iterator<Row>, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> rows, Iterator<Row> raw) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext() && raw.hasNext(); // asks both: Spark reads a row when it is asked for one
                }

                @Override
                public Row next() {
                    Row row = rows.next();
                    Object[] values = new Object[row.size() + 1];
                    for (int i = 0; i < row.size(); i++) {
                        values[i] = row.get(i);
                    }
                    values[row.size()] = made(raw.next());
                    return RowFactory.create(values);
                }
            };
        }

        private @Nullable Vector made(Row raw) {
            try {
                return made.call(raw);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
