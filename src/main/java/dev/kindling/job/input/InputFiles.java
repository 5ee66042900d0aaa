package dev.kindling.job.input;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The data files that a path means: a file, the files of a folder, or those that match a pattern. A file or folder of
 * exactly that name comes before a pattern. Folders named COLUMN=VALUE are columns, as in Spark.
 */
public final class InputFiles {
    private static final String MOST_BYTES = "spark.sql.files.maxPartitionBytes";
    private static final String LEAST_PARTS = "spark.sql.files.minPartitionNum";
    private static final long PART = 128L << 20; // bytes, Spark's default for a part of a file
    private static final Pattern WILD = Pattern.compile("[*?\\[\\]{}\\\\]"); // what Hadoop and Spark take for a pattern
    private static final List<String> LOGS = List.of("_delta_log", ".hoodie");

    private final String shown;
    private final FileSystem system;
    private final Path path;
    private final List<Path> files;
    private final String[] uris;
    private final Set<String> partitions;
    private final @Nullable Path base; // the folder of the folders named COLUMN=VALUE
    private long bytes; // of all files

    private InputFiles(String shown, FileSystem system, Path path, boolean literal, List<FileStatus> roots)
            throws IOException {
        this.shown = shown;
        this.system = system;
        this.path = path;
        this.files = new ArrayList<>();
        for (FileStatus root : roots) {
            addFiles(root);
        }
        Collections.sort(files);
        this.uris = literal
                ? new String[] {escaped(path)}
                : roots.stream().map(root -> escaped(root.getPath())).toArray(String[]::new);
        Path fixed = literal && system.getFileStatus(path).isDirectory() ? path : withoutPattern(path, literal);
        this.partitions = new LinkedHashSet<>();
        Set<Path> bases = new LinkedHashSet<>();
        for (Path file : files) {
            List<String> folders = foldersBetween(fixed, file);
            int first = 0;
            while (first < folders.size() && !isPartition(folders.get(first))) {
                first++;
            }
            bases.add(first == 0 ? fixed : new Path(fixed, String.join("/", folders.subList(0, first))));
            folders.subList(first, folders.size()).forEach(folder -> partitions.add(column(folder)));
        }
        this.base = partitions.isEmpty() || bases.size() > 1
                ? null
                : bases.iterator().next();
    }

    /**
     * The files at a path.
     *
     * @param shown the path for messages
     * @throws InvalidInput if there are none, or folders that Spark would pass over
     */
    public static InputFiles at(FileSystem system, Path path, String shown) throws IOException {
        boolean literal = system.exists(path);
        FileStatus[] found = literal ? new FileStatus[] {system.getFileStatus(path)} : system.globStatus(path);
        Require.that(found != null && found.length > 0, "there is no file or folder " + shown);
        if (literal) {
            Require.that(
                    !isHidden(path.getName()) || found[0].isDirectory(),
                    shown + " must have a name that begins with neither _ nor ., because Spark passes over such files");
        }
        List<FileStatus> roots = Arrays.stream(found)
                .filter(status -> literal || !isHidden(status.getPath().getName()))
                .toList();
        InputFiles files = new InputFiles(shown, system, path, literal, roots);
        Require.that(!files.files.isEmpty(), shown + " must hold data files, but holds none");
        return files;
    }

    private void addFiles(FileStatus root) throws IOException {
        if (root.isFile()) {
            add(root);
            return;
        }
        RemoteIterator<LocatedFileStatus> below = system.listFiles(root.getPath(), true);
        while (below.hasNext()) {
            FileStatus found = below.next();
            Path file = found.getPath();
            List<String> folders = foldersBetween(root.getPath(), file);
            for (String log : LOGS) {
                Require.that(
                        !folders.contains(log),
                        shown + " must be a folder of plain files, but is a table with a log in " + log
                                + ", whose files also hold rows that were deleted; write its rows as Parquet");
            }
            if (folders.stream().anyMatch(InputFiles::isHidden) || isHidden(file.getName())) {
                continue;
            }
            for (String folder : folders) {
                if (!isPartition(folder)) {
                    throw new InvalidInput(shown + " must hold files, or folders named COLUMN=VALUE, but holds folder "
                            + folder + "; " + shown + "/* reads the folders in it");
                }
            }
            add(found);
        }
    }

    private void add(FileStatus file) {
        files.add(file.getPath());
        bytes += file.getLen();
    }

    /** The names of the folders between a folder and a file below it. */
    private static List<String> foldersBetween(Path folder, Path file) {
        List<String> names = new ArrayList<>();
        int depth = folder.depth();
        for (Path above = file.getParent(); above != null && above.depth() > depth; above = above.getParent()) {
            names.add(0, above.getName());
        }
        return names;
    }

    /** The deepest folder that no pattern chooses. */
    private static Path withoutPattern(Path path, boolean literal) {
        Path fixed = path.getParent();
        while (!literal && isPattern(fixed)) {
            fixed = fixed.getParent();
        }
        return fixed;
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
    }

    private static boolean isPartition(String folder) {
        return folder.indexOf('=') > 0;
    }

    /** The column of a folder named COLUMN=VALUE; Hive writes some characters as %XX. */
    private static String column(String folder) {
        return Pattern.compile("%([0-9A-Fa-f]{2})")
                .matcher(folder.substring(0, folder.indexOf('=')))
                .replaceAll(hex -> {
                    String character = String.valueOf((char) Integer.parseInt(hex.group(1), 16));
                    return Matcher.quoteReplacement(character);
                });
    }

    /** Whether Spark takes the path for a pattern. */
    public static boolean isPattern(Path path) {
        return WILD.matcher(path.toUri().getPath()).find();
    }

    /** The path for Spark, which takes every path for a pattern. */
    static String escaped(Path path) {
        return WILD.matcher(path.toString()).replaceAll("\\\\$0");
    }

    /** The paths for Spark. */
    public String[] uris() {
        return uris.clone();
    }

    /** What Spark's reader must be told about where folders named COLUMN=VALUE begin, which it cannot know for a pattern. */
    public Map<String, String> options() {
        return base == null ? Map.of() : Map.of("basePath", base.toString());
    }

    /** The columns that folders named COLUMN=VALUE make. */
    public Set<String> partitions() {
        return Collections.unmodifiableSet(partitions);
    }

    /** The schema with text as the type of these columns. */
    public static StructType texts(StructType schema, Set<String> columns) {
        return new StructType(Arrays.stream(schema.fields())
                .map(field -> columns.contains(field.name())
                        ? new StructField(field.name(), DataTypes.StringType, true, field.metadata())
                        : field)
                .toArray(StructField[]::new));
    }

    /** The files in the order of their paths. */
    List<Path> files() {
        return Collections.unmodifiableList(files);
    }

    /** The bytes of all files. */
    public long bytes() {
        return bytes;
    }

    /**
     * Has Spark cut the files so that each of its slots gets as many parts: a pass over the rows takes as long as the slot that has most.
     * Leaves it to the session's properties where they say how files are cut.
     */
    public void cutEvenly(SparkSession spark) {
        SparkConf given = spark.sparkContext().getConf();
        if (!given.contains(MOST_BYTES) && !given.contains(LEAST_PARTS)) {
            long slots = spark.sparkContext().defaultParallelism();
            long parts = slots * Math.max(1, (bytes - 1) / (slots * PART) + 1);
            spark.conf().set(LEAST_PARTS, Math.min(parts, Integer.MAX_VALUE));
        }
    }

    FileSystem system() {
        return system;
    }

    /** The format: by the path's name, or else by the first file's name or first bytes. */
    public Format guess() throws IOException {
        Format byName = Format.of(path.getName());
        if (byName == Format.CSV) {
            byName = Format.of(files.get(0).getName());
        }
        if (byName == Format.CSV) {
            try (InputStream in = system.open(files.get(0))) {
                byte[] head = in.readNBytes(Signature.PARQUET.length());
                return Arrays.equals(head, Signature.PARQUET.getBytes(StandardCharsets.US_ASCII))
                        ? Format.PARQUET
                        : Format.CSV;
            }
        }
        return byName;
    }

    /** The path for messages. */
    @Override
    public String toString() {
        return shown;
    }
}
