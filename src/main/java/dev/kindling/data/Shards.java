package dev.kindling.data;

import dev.kindling.data.disk.DiskFile;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Offsets;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Batch;
import dev.kindling.loss.ValueLoss;
import dev.kindling.spark.CachedBytes;
import dev.kindling.spark.JobScope;
import dev.kindling.spark.OneJvm;
import dev.kindling.spark.RowProgress;
import dev.kindling.spark.StorageMemory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A source's rows, packed, spread over shards and cached: partition i of {@link #rdd()} holds shard i and nothing else.
 * Closing removes them from the cache.
 */
public final class Shards implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");
    private static final double STORAGE = 0.6; // of a heap's growth, by Spark's default

    private final JavaRDD<Shard> rdd;
    private final Packing packing;
    private final List<ShardSummary> summaries; // (shards)
    private final ShardSummary summary; // of all
    private final Offsets offsets;
    private @Nullable Moments measured;

    private Shards(JavaRDD<Shard> rdd, Packing packing, List<ShardSummary> summaries, ShardSummary summary) {
        this.rdd = rdd;
        this.packing = packing;
        this.summaries = summaries;
        this.summary = summary;
        this.offsets = packing.offsets() == null ? needed(summary, packing.targets()) : packing.offsets();
    }

    private static Offsets needed(ShardSummary summary, int targets) {
        int[] moved = summary.targets.columns();
        double[] ofTargets = new double[moved.length == 0 ? 0 : targets];
        for (int k = 0; k < moved.length; k++) {
            ofTargets[moved[k]] = summary.targets.offsets()[k];
        }
        return new Offsets(summary.features.columns(), summary.features.offsets(), ofTargets);
    }

    /**
     * Reads the source and packs it. The same rows, in any order and any partitions, give the same shards. The source is read
     * once or, if the rows turn out to need offsets, twice.
     *
     * @throws InvalidInput for the first row that cannot be used, if there are no rows, or if all weights are 0
     */
    public static <T> Shards pack(JavaRDD<T> source, RowReader<T> reader, Packing packing) {
        return RowProgress.during(source.context(), "packing", () -> packed(source, reader, packing));
    }

    private static <T> Shards packed(JavaRDD<T> source, RowReader<T> reader, Packing packing) {
        Shards shards = packOnce(source, reader, packing);
        if (packing.offsets() != null || shards.offsets.isNone()) {
            return shards;
        }
        shards.close();
        return packOnce(source, reader, packing.with(shards.offsets));
    }

    private static <T> Shards packOnce(JavaRDD<T> source, RowReader<T> reader, Packing packing) {
        JavaPairRDD<Integer, ShardPiece> pieces =
                JavaPairRDD.fromJavaRDD(source.mapPartitionsWithIndex(new Split<>(reader, packing), false));
        JavaSparkContext context = JavaSparkContext.fromSparkContext(source.context());
        if (!context.isLocal() || !OneJvm.isOn(context)) {
            return pack(spread(pieces, packing), packing, new Merge());
        }
        pieces.setName("kindling pieces").persist(StorageLevel.MEMORY_AND_DISK());
        JavaPairRDD<Integer, ShardPiece> spread = spread(pieces, packing);
        Merge merge = new Merge();
        try {
            JobScope.run(source.context(), pieces::count);
            CachedBytes cached = CachedBytes.of(pieces.rdd());
            long left = StorageMemory.left(source.context());
            if (cached.known() && cached.disk() == 0 && cached.memory() < left) {
                return pack(share(context, pieces, packing), packing, merge);
            }
            JobScope.run(source.context(), spread::count); // writes them to disk, so that memory is free for the shards
            merge = merge.oneAtATime(folder(context, cached, left + cached.memory(), packing.shards()));
        } finally {
            JobScope.release(source.context(), () -> pieces.unpersist(true));
        }
        return pack(spread, packing, merge);
    }

    /** Where the rows must lie if memory cannot hold them beside the pieces of one shard; null if it can. */
    private static @Nullable String folder(JavaSparkContext context, CachedBytes pieces, long storage, int shards) {
        long rows = pieces.memory() + pieces.disk();
        long needed = rows + rows / shards;
        if (needed <= storage) {
            return null;
        }
        String folder = DiskFile.folder(context.getConf());
        LOG.info(String.format(
                Locale.ROOT,
                "rows to train on are packed on disk, in %s: in memory, packing takes %,d MB, but Spark can keep %,d MB;"
                        + " --driver-memory %dg (spark.driver.memory) keeps them in memory",
                folder,
                needed / 1_000_000,
                storage / 1_000_000,
                (long) Math.ceil((Runtime.getRuntime().maxMemory() + (needed - storage) / STORAGE) / (1 << 30))));
        return folder;
    }

    private static JavaPairRDD<Integer, ShardPiece> spread(JavaPairRDD<Integer, ShardPiece> pieces, Packing packing) {
        return pieces.partitionBy(new HashPartitioner(packing.shards())); // the hash of an Integer is its value
    }

    /**
     * Each shard looks through all pieces for its own. If the pieces are in one JVM's memory, this avoids shuffle
     * files.
     */
    private static JavaPairRDD<Integer, ShardPiece> share(
            JavaSparkContext context, JavaPairRDD<Integer, ShardPiece> pieces, Packing packing) {
        List<Integer> indices = IntStream.range(0, packing.shards()).boxed().toList();
        return context.parallelize(indices, packing.shards())
                .cartesian(pieces.coalesce(1))
                .filter(pair -> pair._1().equals(pair._2()._1()))
                .mapToPair(Tuple2::_2);
    }

    private static Shards pack(JavaPairRDD<Integer, ShardPiece> pieces, Packing packing, Merge merge) {
        JavaRDD<Shard> rdd = pieces.mapPartitionsWithIndex(merge, true)
                .setName("kindling shards")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            ShardSummary summary = new ShardSummary();
            List<ShardSummary> summaries = summaries(rdd);
            summaries.forEach(summary::add);
            if (!merge.trainsOnAll && summary.validationRows > 0 && summary.allRows() < packing.fewest()) {
                JobScope.release(rdd.context(), () -> rdd.unpersist(false));
                return pack(pieces, packing, merge.ofAll());
            }
            check(summary, packing);
            return new Shards(rdd, packing, summaries, summary);
        } catch (Throwable e) {
            JobScope.release(rdd.context(), () -> rdd.unpersist(false));
            throw e;
        }
    }

    private static List<ShardSummary> summaries(JavaRDD<Shard> rdd) {
        return JobScope.run(rdd.context(), () -> rdd.map(new Summarize()).collect());
    }

    private static void check(ShardSummary summary, Packing packing) {
        ShardSummary.Width width = summary.width;
        ShardSummary.Width other = summary.otherWidth;
        if (summary.problem != null) {
            throw new InvalidInput(summary.problem.sentence);
        }
        if (width != null && other != null) {
            throw new InvalidInput(RowPacker.widthsDiffer(packing.columns(), width.columns, width, other.columns)
                    + " in " + other.location);
        }
        Require.that(
                summary.rows > 0,
                summary.validationRows == 0
                        ? "the data must have at least one row, but are empty"
                        : "some rows must be left to train on, but all " + summary.validationRows
                                + " are set aside for validation");
        Require.that(
                width == null || width.columns > 0,
                "column \"" + packing.columns().features()
                        + "\" must hold at least one value, but its vectors are empty");
        Require.that(
                summary.weight > 0,
                "weight column \"" + packing.columns().weight() + "\" must have a weight above 0, but all are 0");
        long rows = summary.allRows();
        Require.that(
                packing.classes() > 0 || summary.largestClass < rows,
                "label column \"" + packing.columns().label() + "\" must hold class indices 0, 1, 2, … (StringIndexer"
                        + " makes them), but the largest is " + InvalidInput.value(summary.largestClass) + " among "
                        + rows + " rows");
        Require.that(
                !packing.loss().isClassification() || summary.distinctClasses() > 1,
                "label column \"" + packing.columns().label() + "\" must have at least two classes, but holds only "
                        + InvalidInput.value(summary.largestClass));
    }

    /** A class below the largest label that no row has, where the largest label alone says how many classes there are. */
    public OptionalInt unusedClass() {
        int first = summary.firstUnusedClass();
        return packing.loss().isClassification() && packing.classes() == 0 && first < summary.largestClass
                ? OptionalInt.of(first)
                : OptionalInt.empty();
    }

    /**
     * A view for cross-validation: the same rows in the same cache, with one fold of the training rows used for validation
     * and all others for training, those too that were set aside. Closing a view does nothing.
     */
    public Shards fold(CvFold fold) {
        JavaRDD<Shard> view = rdd.map(new View(fold));
        ShardSummary all = new ShardSummary();
        List<ShardSummary> each =
                JobScope.run(rdd.context(), () -> view.map(new SummarizeView()).collect());
        each.forEach(all::add);
        Require.that(
                all.rows > 0 && all.validationRows > 0,
                "each of " + fold.count() + " folds must have rows to validate on and to train on, but fold "
                        + (fold.index() + 1) + " has " + all.validationRows + " and " + all.rows + " of the "
                        + summary.rows + " rows in " + count() + " shards: use fewer folds or shards");
        return new Shards(view, packing, each, all);
    }

    public JavaRDD<Shard> rdd() {
        return rdd;
    }

    /** The number of shards. */
    public int count() {
        return packing.shards();
    }

    /** The seed with which the rows are spread. */
    public long seed() {
        return packing.seed();
    }

    /** A value that changes if any row changes, but not with the order of the rows. */
    public long fingerprint() {
        return summary.fingerprint;
    }

    /** What was subtracted from features and targets. */
    public Offsets offsets() {
        return offsets;
    }

    /** The number of training rows. */
    public long rows() {
        return summary.rows;
    }

    /** The number of validation rows. */
    public long validationRows() {
        return summary.validationRows;
    }

    /** The width of the feature vectors. */
    public int columns() {
        return summary.width == null ? 0 : summary.width.columns;
    }

    /** The number of classes: as known in advance, or else the largest label plus one. */
    public int classes() {
        return packing.classes() > 0 ? packing.classes() : summary.largestClass + 1;
    }

    /** Whether labels are classes; if not, they are values to predict. */
    public boolean isClassified() {
        return packing.loss().isClassification();
    }

    /** The number of labels per row; more than 1 only if they are values. */
    public int targets() {
        return packing.targets();
    }

    /** The loss of targets scaled to mean 0 and deviation 1 over the training rows. */
    public ValueLoss standardized(ValueLoss loss) {
        return moments(false).standardized(loss);
    }

    /** The moments of the training rows, measured once; those of columns only if requested. */
    public synchronized Moments moments(boolean ofColumns) {
        if (measured == null || (ofColumns && !measured.hasColumns())) {
            measured = measure(ofColumns);
        }
        return measured;
    }

    private Moments measure(boolean ofColumns) {
        int classes = isClassified() ? classes() : 0;
        int columns = ofColumns ? columns() : 0;
        int targets = packing.targets();
        Moments moments = Moments.none(classes, targets, columns);
        JobScope.run(rdd.context(), () -> rdd.map(new Measure(classes, targets, columns))
                        .collect())
                .forEach(moments::add);
        return moments;
    }

    /** Values other than 0 in a row, on average. */
    public double nonzeros() {
        return (double) summary.nonzero / summary.allRows();
    }

    /** The bytes that the cached rows take, in memory or on disk. */
    public long bytes() {
        CachedBytes cached = CachedBytes.of(rdd.rdd());
        return cached.memory() + cached.disk() + bytesOnDisk();
    }

    /** The bytes of rows that are on disk because memory was short, but are trained on as if they were in memory. */
    long bytesOnDisk() {
        return summary.onDisk;
    }

    /**
     * A sample of training rows, the same number from each shard, to look at what a network makes of them: at most
     * {@code most}, or fewer if the rows are very wide. The sample is random by the rows' hashes; the same shards give
     * the same sample.
     */
    public Batch sample(int most) {
        Require.positive(most, "the number of rows of a sample");
        int each = (most + count() - 1) / count();
        List<PackedRows> parts =
                JobScope.run(rdd.context(), () -> rdd.map(new Head(each)).collect());
        return PackedRows.joined(parts.stream().filter(part -> part.rows() > 0).toList())
                .first(most);
    }

    /** Whether some shards are on disk because memory was short. */
    public static boolean spilled(JavaRDD<Shard> rdd) {
        return CachedBytes.of(rdd.rdd()).disk() > 0;
    }

    /**
     * Rejects a source that returned different rows when a lost shard was packed again.
     *
     * @param rdd this object's RDD, or one with the same elements
     * @param fingerprint of all shards, as computed by a job over them
     */
    public void requireAsPacked(JavaRDD<Shard> rdd, long fingerprint) {
        if (fingerprint == summary.fingerprint) {
            return;
        }
        List<ShardSummary> now = summaries(rdd);
        String which = "a shard";
        String what = "other rows";
        for (int i = count() - 1; i >= 0; i--) {
            ShardSummary before = summaries.get(i);
            ShardSummary after = now.get(i);
            if (after.fingerprint != before.fingerprint) {
                which = "shard " + i;
                what = after.allRows() + " rows that differ from the " + before.allRows() + " before";
            }
        }
        throw new InvalidInput("the source must return the same rows each time it is read, but " + which
                + " was lost and read again, and now holds " + what
                + ": persist the data or write it to files before training, or give its random functions a seed");
    }

    /** Removes the shards from the cache. */
    @Override
    public void close() {
        JobScope.release(rdd.context(), () -> rdd.unpersist(false));
    }

    private static final class Split<T>
            implements Function2<Integer, Iterator<T>, Iterator<Tuple2<Integer, ShardPiece>>> {
        private static final long serialVersionUID = 1L;

        private final RowReader<T> reader;
        private final Packing packing;

        Split(RowReader<T> reader, Packing packing) {
            this.reader = reader;
            this.packing = packing;
        }

        @Override
        public Iterator<Tuple2<Integer, ShardPiece>> call(Integer partition, Iterator<T> rows) {
            return new RowPacker<>(partition, rows, reader, packing);
        }
    }

    /** Merges the pieces sent to one shard, in whatever order they arrived. */
    private static final class Merge
            implements Function2<Integer, Iterator<Tuple2<Integer, ShardPiece>>, Iterator<Shard>> {
        private static final long serialVersionUID = 1L;

        private final boolean trainsOnAll; // also on the rows that were to be set aside
        private final boolean
                alone; // one shard of this JVM at a time, because both its pieces and its rows take memory
        private final @Nullable String folder; // for pieces and rows that memory cannot hold

        Merge() {
            this(false, false, null);
        }

        private Merge(boolean trainsOnAll, boolean alone, @Nullable String folder) {
            this.trainsOnAll = trainsOnAll;
            this.alone = alone;
            this.folder = folder;
        }

        Merge ofAll() {
            return new Merge(true, alone, folder);
        }

        /** @param in the folder for the rows; null for memory */
        Merge oneAtATime(@Nullable String in) {
            return new Merge(trainsOnAll, true, in);
        }

        @Override
        public Iterator<Shard> call(Integer index, Iterator<Tuple2<Integer, ShardPiece>> pieces) {
            if (!alone) {
                return List.of(shard(index, pieces, null)).iterator();
            }
            synchronized (Merge.class) {
                if (folder == null) {
                    return List.of(shard(index, pieces, null)).iterator();
                }
                try (DiskFile file = DiskFile.in(folder)) {
                    return List.of(shard(index, pieces, file)).iterator();
                }
            }
        }

        private Shard shard(Integer index, Iterator<Tuple2<Integer, ShardPiece>> pieces, @Nullable DiskFile file) {
            ShardSummary summary = new ShardSummary();
            List<ShardPiece> training = new ArrayList<>();
            List<ShardPiece> validation = new ArrayList<>();
            while (pieces.hasNext()) {
                ShardPiece piece = pieces.next()._2();
                summary.add(piece.summary);
                if (piece.rows() > 0) {
                    (piece.validation && !trainsOnAll ? validation : training)
                            .add(file == null ? piece : piece.on(file));
                }
            }
            PackedRows train = merge(training, file);
            PackedRows validate = merge(validation, file);
            summary.count(train, validate);
            return new Shard(index, train, validate, summary);
        }

        private static PackedRows merge(List<ShardPiece> pieces, @Nullable DiskFile file) {
            long nonzero = 0;
            int columns = 0;
            int targets = 1;
            for (ShardPiece piece : pieces) {
                columns = Math.max(columns, piece.columns);
                targets = piece.targets;
                nonzero += piece.summary.nonzero;
            }
            for (ShardPiece piece : pieces) {
                if (piece.columns != columns) {
                    // Vectors of unequal size are rejected later, when all shards are known; until then they are not
                    // packed.
                    return new PackedRows.Builder(0, columns, 1, 0).build();
                }
            }
            RowOrder order = new RowOrder(pieces);
            PackedRows.Builder builder = new PackedRows.Builder(order.rows(), columns, targets, nonzero, file);
            order.read(builder);
            return builder.build();
        }
    }

    /** Maps a shard to its view for a fold. */
    private static final class View implements Function<Shard, Shard> {
        private static final long serialVersionUID = 1L;

        private final CvFold fold;

        View(CvFold fold) {
            this.fold = fold;
        }

        @Override
        public Shard call(Shard shard) {
            return shard.of(fold);
        }
    }

    /** The summary from packing, with the fold's counts and weights of training and validation rows. */
    private static final class SummarizeView implements Function<Shard, ShardSummary> {
        private static final long serialVersionUID = 1L;

        @Override
        public ShardSummary call(Shard view) {
            ShardSummary summary = new ShardSummary();
            summary.add(view.summary);
            summary.count(view.training, view.validation);
            return summary;
        }
    }

    private static final class Summarize implements Function<Shard, ShardSummary> {
        private static final long serialVersionUID = 1L;

        @Override
        public ShardSummary call(Shard shard) {
            return shard.summary;
        }
    }

    /** The first training rows of a shard. */
    private static final class Head implements Function<Shard, PackedRows> {
        private static final long serialVersionUID = 1L;

        private final int most;

        Head(int most) {
            this.most = most;
        }

        @Override
        public PackedRows call(Shard shard) {
            return shard.training.head(most);
        }
    }

    private static final class Measure implements Function<Shard, Moments> {
        private static final long serialVersionUID = 1L;

        private final int classes;
        private final int targets;
        private final int columns;

        Measure(int classes, int targets, int columns) {
            this.classes = classes;
            this.targets = targets;
            this.columns = columns;
        }

        @Override
        public Moments call(Shard shard) {
            // a shard without training rows has no columns
            return shard.training.rows() == 0
                    ? Moments.none(classes, targets, columns)
                    : Moments.of(shard.training, classes, columns);
        }
    }
}
