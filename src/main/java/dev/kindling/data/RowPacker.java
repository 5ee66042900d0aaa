package dev.kindling.data;

import dev.kindling.data.ShardSummary.Problem;
import dev.kindling.data.ShardSummary.RowLocation;
import dev.kindling.data.ShardSummary.Width;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.OffsetFinder;
import dev.kindling.linalg.Offsets;
import dev.kindling.linalg.RandomKey;
import dev.kindling.spark.RowProgress;
import dev.kindling.spec.Spec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The map side of packing: reads a source partition, checks each row, and emits pieces, each for one shard. A hash of a
 * row's contents decides its shard, its order there and its side of the validation split, so that they do not depend on
 * where or when the row was read.
 */
final class RowPacker<T> implements Iterator<Tuple2<Integer, ShardPiece>>, RowSink {
    private static final int PIECES = 1 << 25; // approximate bytes of all unfinished pieces of a task
    private static final int PIECE =
            (1 << 22) - (1 << 14); // approximate bytes of one piece; G1 does not move an array this large
    private static final int INFINITY = 0x7F80_0000; // the bits of infinity; the bits of NaNs are larger
    private static final int LABEL = -1; // index of the label's factor
    private static final int WEIGHT = -2; // index of the weight's factor; further labels follow below

    private final int partition;
    private final Iterator<T> source;
    private final RowReader<T> reader;
    private final Packing packing;
    private final RandomKey splitKey;
    private final RandomKey spreadKey;
    private final int flushAt; // bytes of a piece
    private final ShardPiece.@Nullable Builder[] pieces; // [2 · shard + (validation ? 1 : 0)]
    private final Queue<Tuple2<Integer, ShardPiece>> ready = new ArrayDeque<>();
    private final LongAdder progress = RowProgress.ofTask();

    private long row;
    private boolean flushed;
    private int columns = -1;
    private @Nullable Width width;
    private @Nullable Width otherWidth;
    private @Nullable Problem problem;
    private final boolean finds; // whether the offsets are yet to be found
    private final Offsets offsets;
    private final OffsetFinder featureOffsets = new OffsetFinder();
    private final OffsetFinder targetOffsets = new OffsetFinder();

    // The row being read: all values, or the non-zero values and their columns.
    private boolean dense;
    private int[] values = {}; // floats' bits
    private int[] indices = {};
    private int nonzero;
    private long sum; // of the values' bits, each times the factor of its column
    private boolean seenFeatures;
    private final double[] given; // (targets)
    private final float[] labels; // (targets): the given ones, less their offsets
    private float weight;
    private boolean validation;

    private long[] factors = {};

    RowPacker(int partition, Iterator<T> source, RowReader<T> reader, Packing packing) {
        this.partition = partition;
        this.source = source;
        this.reader = reader;
        this.packing = packing;
        RandomKey key = RandomKey.of(packing.seed());
        this.splitKey = key.fold(RandomKey.SPLIT);
        this.spreadKey = key.fold(RandomKey.SPREAD);
        this.pieces = new ShardPiece.Builder[2 * packing.shards()];
        this.given = new double[packing.targets()];
        this.labels = new float[packing.targets()];
        Offsets known = packing.offsets();
        this.finds = known == null;
        this.offsets = known == null ? Offsets.NONE : known;
        this.flushAt = Math.min(PIECE, PIECES / pieces.length);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && problem == null && source.hasNext()) {
            read(source.next());
        }
        if (ready.isEmpty() && !flushed) {
            flushed = true;
            for (int slot = 0; slot < pieces.length; slot++) {
                flush(slot);
            }
            addSummary();
        }
        return !ready.isEmpty();
    }

    @Override
    public Tuple2<Integer, ShardPiece> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    /** The summary of the partition as a whole goes to the first shard. */
    private void addSummary() {
        ShardSummary summary = new ShardSummary();
        summary.addWidth(width);
        summary.addWidth(otherWidth);
        summary.addProblem(problem);
        summary.features = featureOffsets;
        summary.targets = targetOffsets;
        ready.add(new Tuple2<>(0, ShardPiece.of(summary)));
    }

    private void read(T next) {
        seenFeatures = false;
        Arrays.fill(labels, Float.NaN);
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
        progress.increment();
    }

    private void store() {
        if (finds && packing.mayMoveTargets()) {
            targetOffsets.add(given);
        }
        long hash = hash();
        boolean held = packing.validationFraction() > 0
                && (splitKey.fold(hash).bits() >>> 11) * 0x1p-53 < packing.validationFraction();
        int shard = (int) Math.multiplyHigh(hash >>> 1, 2L * packing.shards());
        int slot = 2 * shard + (validation || held ? 1 : 0);
        ShardPiece.Builder piece = pieces[slot];
        if (piece == null) {
            piece = new ShardPiece.Builder(columns, labels.length, slot % 2 == 1, flushAt);
            pieces[slot] = piece;
        }
        if (dense) {
            piece.add(values, nonzero, labels, weight, hash);
        } else {
            piece.add(nonzero, indices, values, labels, weight, hash);
        }
        if (packing.loss().isClassification()) {
            piece.addClass((int) labels[0]);
        }
        if (piece.size() >= flushAt) {
            flush(slot);
        }
    }

    private void flush(int slot) {
        ShardPiece.Builder piece = pieces[slot];
        if (piece != null && piece.size() > 0) {
            ready.add(new Tuple2<>(slot / 2, piece.finish()));
        }
    }

    /**
     * The sum of the values' bits, each times a random odd number for its column, mixed: multilinear hashing (Lemire
     * and Kaser, <a href="https://arxiv.org/abs/1202.4961">Strongly universal string hashing is fast</a>, 2014). Zeros
     * add nothing, so the hash is the same for dense and sparse vectors, and no product waits for another.
     */
    private long hash() {
        long own = factor(LABEL) * spread(Float.floatToIntBits(labels[0]))
                + factor(WEIGHT) * spread(Float.floatToIntBits(weight));
        for (int j = 1; j < labels.length; j++) {
            own += factor(WEIGHT - j) * spread(Float.floatToIntBits(labels[j]));
        }
        return spreadKey.fold(sum + own).bits();
    }

    private long factor(int index) {
        return spreadKey.fold(index).bits() | 1;
    }

    /** The bits of a value as a float; -0 has the bits of 0. */
    private static int bits(double value) {
        return Float.floatToRawIntBits((float) value + 0f);
    }

    /**
     * Copies the upper bits, in which round numbers differ, to the lower bits too; in the product, upper bits affect
     * only upper bits.
     */
    private static int spread(int bits) {
        return bits ^ (bits >>> 16);
    }

    @Override
    public void dense(double[] features) {
        int size = features.length;
        begin(size, size);
        if (finds) {
            featureOffsets.add(features);
        }
        for (int i = factors.length; i < size; i++) {
            if (i == factors.length) {
                factors = Arrays.copyOf(factors, size);
            }
            factors[i] = factor(i);
        }
        // Separate loops: HotSpot vectorises all of them except the one with products.
        int[] to = values;
        double[] less = offsets.ofFeatures() ? offsets.subtract(features) : features;
        for (int i = 0; i < size; i++) {
            to[i] = bits(less[i]);
        }
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += (to[i] | -to[i]) >>> 31;
        }
        int largest = 0;
        for (int i = 0; i < size; i++) {
            largest = Math.max(largest, to[i] & Integer.MAX_VALUE);
        }
        long[] by = factors;
        long total = 0;
        for (int i = 0; i < size; i++) {
            total += by[i] * spread(to[i]);
        }
        nonzero = count;
        sum = total;
        if (largest >= INFINITY) {
            for (int i = 0; i < size; i++) {
                requireFinite(i, features[i]);
            }
        }
        dense = ShardPiece.isDense(nonzero, size);
        if (!dense) {
            gather(size);
        }
    }

    /** Keeps the non-zero values and their columns. */
    private void gather(int size) {
        if (indices.length < size) {
            indices = new int[size];
        }
        int next = 0;
        for (int i = 0; i < size; i++) {
            int value = values[i];
            indices[next] = i;
            values[next] = value;
            next += value != 0 ? 1 : 0;
        }
    }

    @Override
    public void sparse(int size, int[] stored, double[] features) {
        if (finds) {
            featureOffsets.add(stored, features);
        }
        if (offsets.ofFeatures()) {
            int[] all = offsets.stored(size, stored);
            storeSparse(size, all, offsets.subtract(stored, features, all));
        } else {
            storeSparse(size, stored, features);
        }
    }

    private void storeSparse(int size, int[] stored, double[] features) {
        begin(size, stored.length);
        if (indices.length < stored.length) {
            indices = new int[stored.length];
        }
        int count = 0;
        long total = 0;
        for (int i = 0; i < stored.length; i++) {
            int value = bits(features[i]);
            if ((value & Integer.MAX_VALUE) >= INFINITY) {
                requireFinite(stored[i], features[i]);
            }
            values[count] = value;
            indices[count] = stored[i];
            count += value != 0 ? 1 : 0;
            total += factor(stored[i]) * spread(value);
        }
        nonzero = count;
        sum = total;
        dense = ShardPiece.isDense(nonzero, size);
        if (dense) {
            scatter(size);
        }
    }

    /** Moves each value to its column. It starts with the last value, because no value moves to a lower index. */
    private void scatter(int size) {
        if (values.length < size) {
            values = Arrays.copyOf(values, size);
        }
        int end = size;
        for (int p = nonzero - 1; p >= 0; p--) {
            int value = values[p];
            Arrays.fill(values, indices[p] + 1, end, 0);
            end = indices[p];
            values[end] = value;
        }
        Arrays.fill(values, 0, end, 0);
    }

    private void begin(int size, int most) {
        seenFeatures = true;
        if (columns < 0) {
            columns = size;
            width = new Width(size, location());
        } else if (columns != size && otherWidth == null) {
            otherWidth = new Width(size, location());
            refuse(widthsDiffer(packing.columns(), columns, width, size) + " in");
        }
        if (values.length < most) {
            values = new int[most];
        }
    }

    static String widthsDiffer(ColumnNames columns, int expected, @Nullable Width first, int found) {
        return "all vectors in column \"" + columns.features() + "\" must be of one size, but it is " + expected
                + " in " + (first == null ? "others" : first.location) + " and " + found;
    }

    private void requireFinite(int index, double value) {
        if (!Float.isFinite((float) value)) {
            refuse(packing.columns().notFinite(index, value) + " in");
        }
    }

    @Override
    public void label(@Nullable Double given) {
        if (given == null) {
            refuse(labelColumn() + " must have a value in every row, but is null in");
        } else if (packing.loss().isClassification()) {
            requireClass(given);
            labels[0] = given.floatValue();
        } else {
            label(0, given);
        }
    }

    @Override
    public void labels(double[] given) {
        if (given.length != labels.length) {
            refuse(labelColumn() + " must hold " + labels.length + " values in every row, as in the first, but has "
                    + given.length + " in");
        } else {
            for (int j = 0; j < given.length; j++) {
                label(j, given[j]);
            }
        }
    }

    private void label(int target, double value) {
        given[target] = value;
        labels[target] = (float) (value - offsets.target(target));
        String problem = packing.loss().targetProblem((float) value);
        if (!Float.isFinite((float) value)) {
            refuse(labelColumn() + " must hold finite numbers, but is " + InvalidInput.value(value) + " in");
        } else if (problem != null) {
            refuse(labelColumn() + " must hold numbers of " + problem + " for " + Spec.name(packing.loss())
                    + ", but is " + InvalidInput.value(value) + " in");
        }
    }

    private void requireClass(double value) {
        if (!(value >= 0 && value == Math.rint(value) && value < Integer.MAX_VALUE)) {
            refuse(labelColumn() + " must hold class indices 0, 1, 2, … (StringIndexer makes them), but is "
                    + InvalidInput.value(value) + " in");
        } else if (packing.classes() > 0 && value >= packing.classes()) {
            refuse(labelColumn() + " must hold class indices below " + packing.classes()
                    + ", the number of classes given by its metadata or classCount, but is "
                    + InvalidInput.value(value) + " in");
        } else if (value > MOST_CLASSES) {
            refuse(labelColumn() + " must hold class indices 0, 1, 2, … up to " + MOST_CLASSES + ", but is "
                    + InvalidInput.value(value) + " in");
        }
    }

    private String labelColumn() {
        return "label column \"" + packing.columns().label() + "\"";
    }

    /** A guard: if a column of identifiers were taken for classes, the network would need that many outputs. */
    private static final int MOST_CLASSES = 1_000_000;

    @Override
    public void weight(@Nullable Double given) {
        String name = "weight column \"" + packing.columns().weight() + "\"";
        if (given == null) {
            refuse(name + " must have a value in every row, but is null in");
        } else if (!(given >= 0 && given <= Float.MAX_VALUE)) {
            refuse(name + " must hold finite weights that are not negative, but is " + InvalidInput.value(given)
                    + " in");
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
        refuse(packing.columns().noFeatures() + " in");
    }

    private void refuse(String sentence) {
        if (problem == null) {
            problem = new Problem(sentence + " " + location(), location());
        }
    }

    private RowLocation location() {
        return new RowLocation(partition, row);
    }
}
