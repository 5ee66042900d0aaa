package dev.kindling.job.io;

import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Images and their labels in the IDX format of MNIST (LeCun, Cortes, Burges: The MNIST database, "File formats"), plain
 * or gzipped: a magic number {@code 00 00 08 dimensions}, a big-endian int32 for each dimension, then unsigned bytes.
 * Executors read the rows; a gzipped file must be read by a single task.
 */
public final class IdxFiles {
    private static final int UNSIGNED_BYTE = 8;
    private static final int MOST_DIMENSIONS = 8;
    private static final int MOST_PIXELS = 1 << 24;
    private static final double WHITE = 255;

    private IdxFiles() {}

    /**
     * Reads rows with {@code features}, the pixels scaled to [0, 1] in the file's order, and {@code label}.
     *
     * @param labelled whether a labels file is required; if there is one, it is read in any case
     */
    public static DataSource.Data read(SparkSession spark, String path, boolean labelled) throws IOException {
        Storage storage = Storage.of(spark, path);
        Header images = Header.read(storage);
        Require.that(
                images.sizes.length >= 2,
                storage + " must hold images, but its IDX header has " + images.sizes.length + " dimension");
        Storage labelsFile = labels(storage, labelled);
        Header labels = labelsFile == null ? null : Header.read(labelsFile);
        if (labels != null) {
            Require.that(
                    labels.sizes.length == 1,
                    labelsFile + " must hold labels, but its IDX header has " + labels.sizes.length + " dimensions");
            Require.that(
                    labels.sizes[0] == images.sizes[0],
                    labelsFile + " must have as many labels as there are images, " + images.sizes[0] + ", but has "
                            + labels.sizes[0]);
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        boolean cut = !images.gzipped && (labels == null || !labels.gzipped);
        int slices = cut ? Math.max(1, Math.min(context.defaultParallelism(), images.sizes[0])) : 1;
        Slices reader = new Slices(
                new SerializableWritable<>(spark.sparkContext().hadoopConfiguration()),
                storage.uri(),
                labelsFile == null ? null : labelsFile.uri(),
                slices);
        JavaRDD<Row> rows = context.parallelize(
                        IntStream.range(0, slices).boxed().toList(), slices)
                .mapPartitions(reader);
        StructType schema = new StructType().add("features", SQLDataTypes.VectorType(), false);
        StructType columns = labels == null ? schema : schema.add("label", DataTypes.DoubleType, false);
        return new DataSource.Data(spark.createDataFrame(rows, columns), images.sizes[0]);
    }

    /** The labels file beside an images file, found by its usual name, gzipped or not. */
    private static @Nullable Storage labels(Storage images, boolean required) throws IOException {
        String plain = images.name().replaceFirst("\\.gz$", "");
        String name = plain.replace("images", "labels").replaceFirst("idx\\d", "idx1");
        Set<String> usual = new LinkedHashSet<>(
                images.name().endsWith(".gz") ? List.of(name + ".gz", name) : List.of(name, name + ".gz"));
        if (!name.equals(plain)) {
            for (String candidate : usual) {
                if (images.sibling(candidate).exists()) {
                    return images.sibling(candidate);
                }
            }
        }
        if (required) {
            throw new InvalidInput(
                    name.equals(plain)
                            ? "an IDX file of images must have \"images\" in its name, so that its labels can be found,"
                                    + " but is " + images
                            : "the labels " + name + " must be in the folder of the images " + images
                                    + ", but are not");
        }
        return null;
    }

    /** Reads the header. */
    private static final class Header {
        final int[] sizes;
        final boolean gzipped;

        private Header(int[] sizes, boolean gzipped) {
            this.sizes = sizes;
            this.gzipped = gzipped;
        }

        static Header read(Storage file) throws IOException {
            try (Opened opened = new Opened(file)) {
                Header header = new Header(opened.sizes, opened.gzipped);
                if (!opened.gzipped) {
                    long expected = 4L + 4L * opened.sizes.length + opened.pixels * opened.sizes[0];
                    Require.that(
                            file.bytes() == expected,
                            file + " must have " + expected + " bytes by its header, but has " + file.bytes());
                }
                return header;
            }
        }
    }

    /** A file whose header was read and checked. */
    private static final class Opened implements AutoCloseable {
        final Storage file;
        final boolean gzipped;
        final DataInputStream in;
        final int[] sizes;
        final long pixels; // of one row

        Opened(Storage file) throws IOException {
            this.file = file;
            BufferedInputStream raw = new BufferedInputStream(file.open(), 1 << 16);
            try {
                raw.mark(2);
                this.gzipped = raw.read() == 0x1f && raw.read() == 0x8b;
                raw.reset();
                InputStream plain = gzipped ? new GZIPInputStream(raw, 1 << 16) : raw;
                this.in = new DataInputStream(new BufferedInputStream(plain, 1 << 16));
                this.sizes = sizes();
            } catch (IOException e) {
                raw.close();
                throw problem(file, e);
            } catch (RuntimeException e) {
                raw.close();
                throw e;
            }
            long product = 1;
            for (int i = 1; i < sizes.length; i++) {
                product = Math.min(product * sizes[i], MOST_PIXELS + 1L);
            }
            Require.that(
                    product <= MOST_PIXELS,
                    file + " must have at most " + MOST_PIXELS + " values per row, but has more");
            this.pixels = product;
        }

        private int[] sizes() throws IOException {
            int magic = in.readInt();
            int dimensions = magic & 0xff;
            Require.that(
                    magic >>> 8 == UNSIGNED_BYTE && dimensions >= 1 && dimensions <= MOST_DIMENSIONS,
                    file + " must be an IDX file of unsigned bytes (magic number 000008..), but begins with "
                            + String.format("%08x", magic));
            int[] read = new int[dimensions];
            for (int i = 0; i < dimensions; i++) {
                read[i] = in.readInt();
                Require.that(
                        read[i] >= 0 && (i == 0 || read[i] > 0),
                        file + " must have positive sizes in its header, but has " + read[i]);
            }
            return read;
        }

        void skip(long bytes) throws IOException {
            try {
                in.skipNBytes(bytes);
            } catch (IOException e) {
                throw problem(file, e);
            }
        }

        void fill(byte[] row) throws IOException {
            try {
                in.readFully(row);
            } catch (IOException e) {
                throw problem(file, e);
            }
        }

        /**
         * Closes the file after the last requested row. A gzipped file must end there, with the checksum of all data.
         */
        void finish() throws IOException {
            try (in) {
                Require.that(
                        !gzipped || in.read() < 0,
                        file + " must hold no more rows than its header states, but has more data");
            } catch (IOException e) {
                throw problem(file, e);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }

        /** A damaged file is a user error; a failing disk or network is not. */
        private static IOException problem(Storage file, IOException e) {
            if (e instanceof EOFException) {
                throw new InvalidInput(file + " must hold all rows that its header states, but ends early");
            }
            if (e instanceof ZipException) {
                throw new InvalidInput(file + " must be an intact gzip file, but: " + e.getMessage());
            }
            return e;
        }
    }

    /** Reads one slice of the rows in a task. */
    public static final class Slices implements FlatMapFunction<Iterator<Integer>, Row> {
        private static final long serialVersionUID = 1L;

        private final SerializableWritable<Configuration> configuration;
        private final String images;
        private final @Nullable String labels;
        private final int count;

        public Slices(
                SerializableWritable<Configuration> configuration, String images, @Nullable String labels, int count) {
            this.configuration = configuration;
            this.images = images;
            this.labels = labels;
            this.count = count;
        }

        @Override
        public Iterator<Row> call(Iterator<Integer> slices) throws IOException {
            if (!slices.hasNext()) {
                return Collections.emptyIterator();
            }
            long slice = slices.next();
            Opened imageFile = new Opened(Storage.of(configuration.value(), images));
            List<Opened> files = new ArrayList<>(List.of(imageFile));
            if (labels != null) {
                files.add(new Opened(Storage.of(configuration.value(), labels)));
            }
            long from = imageFile.sizes[0] * slice / count;
            long to = imageFile.sizes[0] * (slice + 1) / count;
            for (Opened file : files) {
                file.skip(from * file.pixels);
            }
            return new Images(files, (int) (to - from));
        }
    }

    /** The rows from the files' current positions. */
    private static final class Images implements Iterator<Row> {
        private final List<Opened> files; // the images, and the labels if there are any
        private final byte[] pixels;
        private final byte[] label = new byte[1];
        private int left;

        Images(List<Opened> files, int count) {
            this.files = files;
            this.pixels = new byte[(int) files.get(0).pixels];
            this.left = count;
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public Row next() {
            if (left == 0) {
                throw new NoSuchElementException();
            }
            left--;
            try {
                return read();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private Row read() throws IOException {
            files.get(0).fill(pixels);
            double[] values = new double[pixels.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (pixels[i] & 0xff) / WHITE;
            }
            boolean labelled = files.size() > 1;
            if (labelled) {
                files.get(1).fill(label);
            }
            if (left == 0) {
                for (Opened file : files) {
                    file.finish();
                }
            }
            return labelled
                    ? RowFactory.create(Vectors.dense(values), (double) (label[0] & 0xff))
                    : RowFactory.create(Vectors.dense(values));
        }
    }
}
