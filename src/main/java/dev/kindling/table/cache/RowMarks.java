package dev.kindling.table.cache;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.IntFunction;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
     * @param raw of each value in the order of hashing, whether it comes from the blocks
     */
    public record OfHash(ArrayList<Boolean> raw, double fraction, long seed)
            implements FlatMapFunction2<Iterator<Row>, Iterator<BlockRows>, BitSet> {
        @Override
        public Iterator<BitSet> call(Iterator<Row> others, Iterator<BlockRows> blocks) {
            BitSet marks = new BitSet();
            int place = 0;
            while (blocks.hasNext()) {
                BlockRows block = blocks.next();
                for (long hash : hashes(others, block)) {
                    marks.set(place++, (hash >>> 11) * 0x1p-53 < fraction);
                }
            }
            return List.of(marks).iterator();
        }

        private long[] hashes(Iterator<Row> others, BlockRows block) {
            Row[] rows = new Row[block.rows()];
            for (int i = 0; i < rows.length && others.hasNext(); i++) { // Spark reads a row when it is asked for one
                rows[i] = others.next();
            }
            long[] hashes = new long[rows.length];
            Arrays.fill(hashes, RowHash.add(RowHash.SEED, seed));
            int ofBlock = 0;
            int ofOther = 0;
            for (boolean isRaw : raw) {
                if (isRaw) {
                    block.column(ofBlock++).addTo(hashes);
                    continue;
                }
                for (int i = 0; i < rows.length; i++) {
                    hashes[i] = RowHash.add(hashes[i], rows[i].get(ofOther));
                }
                ofOther++;
            }
            return hashes;
        }
    }

    /** The rows that are marked, or those that are not. */
    public record Kept(boolean marked) implements FlatMapFunction2<Iterator<BlockRows>, Iterator<BitSet>, BlockRows> {
        @Override
        public Iterator<BlockRows> call(Iterator<BlockRows> blocks, Iterator<BitSet> marks) {
            BitSet of = marks.next();
            return new Iterator<>() {
                private int first;

                @Override
                public boolean hasNext() {
                    return blocks.hasNext();
                }

                @Override
                public BlockRows next() {
                    BlockRows block = blocks.next();
                    first += block.rows();
                    return block.kept(of, first - block.rows(), marked);
                }
            };
        }
    }

    /** The rows that are marked, or those that are not. */
    public record KeptRows(boolean marked) implements FlatMapFunction2<Iterator<Row>, Iterator<BitSet>, Row> {
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

    /** Makes the vectors of a block's rows. */
    public interface Vectors extends Serializable {
        IntFunction<@Nullable Vector> of(BlockRows rows);
    }

    /** The first rows with a column that is made of the second ones. */
    public record Adding(Vectors made) implements FlatMapFunction2<Iterator<Row>, Iterator<BlockRows>, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> rows, Iterator<BlockRows> raw) {
            return new Iterator<>() {
                private IntFunction<@Nullable Vector> vectors = row -> null;
                private int count; // of the block's rows
                private int next;

                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public Row next() {
                    Row row = rows.next();
                    while (next == count && raw.hasNext()) {
                        BlockRows block = raw.next();
                        vectors = made.of(block);
                        count = block.rows();
                        next = 0;
                    }
                    Object[] values = new Object[row.size() + 1];
                    for (int i = 0; i < row.size(); i++) {
                        values[i] = row.get(i);
                    }
                    values[row.size()] = vectors.apply(next++);
                    return RowFactory.create(values);
                }
            };
        }
    }
}
