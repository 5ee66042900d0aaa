package dev.kindling.train;

import dev.kindling.linalg.RandomKey;
import dev.kindling.nn.Spec;
import dev.kindling.train.ShardSummary.Place;
import dev.kindling.train.ShardSummary.Problem;
import dev.kindling.train.ShardSummary.Width;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The map side of packing: reads a source partition, checks each row, and hands out pieces, each for one shard. A row's
 * shard, its order there and its side of the validation split follow from a hash of its contents, so that they do not
 * depend on where or when the row was read.
 */
final class RowPacker<T> implements Iterator<Tuple2<Integer, Piece>>, RowSink {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio
    private static final int PIECES = 1 << 21; // values and rows in all unfinished pieces: at most some 60 MB a task

    private final int partition;
    private final Iterator<T> source;
    private final RowReader<T> reader;
    private final Packing packing;
    private final RandomKey splitKey;
    private final long hashSeed;
    private final int flushAt; // stored values of a piece
    private final Draft[] drafts; // [2 · shard + (validation ? 1 : 0)]
    private final Queue<Tuple2<Integer, Piece>> ready = new ArrayDeque<>();

    private long row;
    private boolean flushed;
    private int columns = -1;
    private @Nullable Width width;
    private @Nullable Width otherWidth;
    private @Nullable Problem problem;

    // The row being read.
    private int[] indices = new int[16];
    private float[] values = new float[16];
    private int count;
    private boolean seenFeatures;
    private float label;
    private float weight;
    private boolean validation;

    RowPacker(int partition, Iterator<T> source, RowReader<T> reader, Packing packing) {
        this.partition = partition;
        this.source = source;
        this.reader = reader;
        this.packing = packing;
        RandomKey key = RandomKey.of(packing.seed());
        this.splitKey = key.fold(RandomKey.SPLIT);
        this.hashSeed = key.fold(RandomKey.SPREAD).bits();
        this.drafts = new Draft[2 * packing.shards()];
        this.flushAt = Math.max(1, PIECES / drafts.length);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && problem == null && source.hasNext()) {
            read(source.next());
        }
        if (ready.isEmpty() && !flushed) {
            flushed = true;
            for (int slot = 0; slot < drafts.length; slot++) {
                flush(slot);
            }
            tell();
        }
        return !ready.isEmpty();
    }

    @Override
    public Tuple2<Integer, Piece> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    /** What concerns the partition as a whole goes to the first shard. */
    private void tell() {
        ShardSummary summary = new ShardSummary();
        summary.addWidth(width);
        summary.addWidth(otherWidth);
        summary.addProblem(problem);
        PackedRows none = new PackedRows.Builder(0, Math.max(columns, 0), 0).build();
        ready.add(new Tuple2<>(0, new Piece(none, new long[0], 0, false, summary)));
    }

    private void read(T next) {
        count = 0;
        seenFeatures = false;
        label = Float.NaN;
        weight = 1f;
        validation = false;
        reader.read(next, this);
        if (problem == null && !seenFeatures) {
            missingFeatures();
        }
        if (problem == null) {
            store();
        }
        row++;
    }

    private void store() {
        long hash = hash();
        boolean held = packing.validationFraction() > 0
                && (splitKey.fold(hash).bits() >>> 11) * 0x1p-53 < packing.validationFraction();
        int shard = (int) Math.multiplyHigh(hash >>> 1, 2L * packing.shards());
        int slot = 2 * shard + (validation || held ? 1 : 0);
        Draft draft = drafts[slot];
        if (draft == null) {
            draft = new Draft();
            drafts[slot] = draft;
        }
        draft.add(this, hash);
        if (draft.stored() >= flushAt) {
            flush(slot);
        }
    }

    private long hash() {
        long h = hashSeed;
        for (int i = 0; i < count; i++) {
            h = (Long.rotateLeft(h, 27) ^ (((long) indices[i] << 32) ^ Float.floatToIntBits(values[i]))) * MULTIPLIER;
        }
        h = (Long.rotateLeft(h, 27) ^ Float.floatToIntBits(label)) * MULTIPLIER;
        h = (Long.rotateLeft(h, 27) ^ Float.floatToIntBits(weight)) * MULTIPLIER;
        return RandomKey.of(h).bits();
    }

    private void flush(int slot) {
        Draft draft = drafts[slot];
        if (draft != null) {
            ready.add(new Tuple2<>(
                    slot / 2,
                    draft.finish(columns, slot % 2 == 1, packing.loss().isClassification())));
            drafts[slot] = null;
        }
    }

    @Override
    public void dense(double[] features) {
        begin(features.length, features.length);
        for (int i = 0; i < features.length; i++) {
            put(i, features[i]);
        }
    }

    @Override
    public void sparse(int size, int[] stored, double[] features) {
        begin(size, stored.length);
        for (int i = 0; i < stored.length; i++) {
            put(stored[i], features[i]);
        }
    }

    private void begin(int size, int most) {
        seenFeatures = true;
        if (columns < 0) {
            columns = size;
            width = new Width(size, place());
        } else if (columns != size && otherWidth == null) {
            otherWidth = new Width(size, place());
            refuse(widthsDiffer(packing.columns(), columns, width, size) + " in");
        }
        if (indices.length < most) {
            indices = Arrays.copyOf(indices, most);
            values = Arrays.copyOf(values, most);
        }
    }

    static String widthsDiffer(Columns columns, int expected, @Nullable Width first, int found) {
        return "all vectors in column \"" + columns.features() + "\" must be of one size, but it is " + expected
                + " in " + (first == null ? "others" : first.place) + " and " + found;
    }

    private void put(int index, double value) {
        if (value != 0) {
            float single = (float) value;
            if (!Float.isFinite(single)) {
                String what = Double.isFinite(value) ? value + ", beyond float32's range," : Double.toString(value);
                refuse(packing.columns().feature(index) + " must be a finite number, but is " + what + " in");
            }
            indices[count] = index;
            values[count++] = single;
        }
    }

    @Override
    public void label(@Nullable Double given) {
        String name = "label column \"" + packing.columns().label() + "\"";
        if (given == null) {
            refuse(name + " must have a value in every row, but is null in");
            return;
        }
        double value = given;
        label = (float) value;
        if (!packing.loss().isClassification()) {
            String problem = packing.loss().targetProblem(label);
            if (!Float.isFinite(label)) {
                refuse(name + " must hold finite numbers, but is " + value + " in");
            } else if (problem != null) {
                refuse(name + " must hold numbers of " + problem + " for " + Spec.name(packing.loss()) + ", but is "
                        + value + " in");
            }
            return;
        }
        if (!(value >= 0 && value == Math.rint(value) && value < Integer.MAX_VALUE)) {
            refuse(name + " must hold class indices 0, 1, 2, … (StringIndexer makes them), but is " + value + " in");
        } else if (packing.classes() > 0 && value >= packing.classes()) {
            refuse(name + " must hold class indices below " + packing.classes() + ", the number of classes its"
                    + " metadata tell, but is " + value + " in");
        } else if (value > MOST_CLASSES) {
            refuse(name + " must hold class indices 0, 1, 2, … up to " + MOST_CLASSES + ", but is " + value + " in");
        }
    }

    /** A guard: a column of identifiers taken for classes would ask for a network as wide. */
    private static final int MOST_CLASSES = 1_000_000;

    @Override
    public void weight(@Nullable Double given) {
        String name = "weight column \"" + packing.columns().weight() + "\"";
        if (given == null) {
            refuse(name + " must have a value in every row, but is null in");
        } else if (!(given >= 0 && given <= Float.MAX_VALUE)) {
            refuse(name + " must hold finite weights that are not negative, but is " + given + " in");
        } else {
            weight = given.floatValue();
        }
    }

    @Override
    public void validation(boolean given) {
        validation = given;
    }

    @Override
    public void missingFeatures() {
        seenFeatures = true;
        refuse("column \"" + packing.columns().features() + "\" must have a vector in every row, but is null in");
    }

    private void refuse(String sentence) {
        if (problem == null) {
            problem = new Problem(sentence + " " + place(), place());
        }
    }

    private Place place() {
        return new Place(partition, row);
    }

    /** The rows of a piece so far, as compressed sparse rows. */
    private static final class Draft {
        private int rows;
        private int[] starts = new int[17];
        private long[] hashes = new long[16];
        private float[] labels = new float[16];
        private float[] weights = new float[16];
        private int[] indices = new int[1024];
        private float[] values = new float[1024];

        int stored() {
            return starts[rows] + rows;
        }

        void add(RowPacker<?> from, long hash) {
            if (rows == hashes.length) {
                int room = 2 * rows;
                starts = Arrays.copyOf(starts, room + 1);
                hashes = Arrays.copyOf(hashes, room);
                labels = Arrays.copyOf(labels, room);
                weights = Arrays.copyOf(weights, room);
            }
            int stored = starts[rows];
            if (stored + from.count > values.length) {
                int room = Math.max(stored + from.count, 2 * values.length);
                indices = Arrays.copyOf(indices, room);
                values = Arrays.copyOf(values, room);
            }
            System.arraycopy(from.indices, 0, indices, stored, from.count);
            System.arraycopy(from.values, 0, values, stored, from.count);
            hashes[rows] = hash;
            labels[rows] = from.label;
            weights[rows] = from.weight;
            starts[++rows] = stored + from.count;
        }

        Piece finish(int columns, boolean validation, boolean classes) {
            ShardSummary summary = new ShardSummary();
            PackedRows.Builder builder = new PackedRows.Builder(rows, columns, starts[rows]);
            for (int row = 0; row < rows; row++) {
                builder.add(starts[row + 1] - starts[row], indices, values, starts[row], labels[row], weights[row]);
                summary.fingerprint += hashes[row];
                if (classes) {
                    summary.addClass((int) labels[row]);
                }
            }
            return new Piece(builder.build(), Arrays.copyOf(hashes, rows), starts[rows], validation, summary);
        }
    }
}
