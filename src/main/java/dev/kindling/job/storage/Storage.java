package dev.kindling.job.storage;

import dev.kindling.job.input.InputFiles;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** A path in one of Hadoop's file systems. A written file or folder appears under its name only once it is complete. */
public final class Storage {
    /** The file that makes a folder a model of {@code train}. */
    public static final String MODEL_FILE = "kindling.json";

    private static final int LONGEST_TEXT = 1 << 24;

    private final Path path;
    private final FileSystem files;
    private @Nullable Guard guard; // of what may be replaced here

    private Storage(Path path, FileSystem files) {
        this.path = path;
        this.files = files;
    }

    public static Storage of(SparkSession spark, String path) throws IOException {
        return of(spark.sparkContext().hadoopConfiguration(), path);
    }

    public static Storage of(Configuration configuration, String path) throws IOException {
        Path parsed = parse(path);
        try {
            FileSystem files = parsed.getFileSystem(configuration);
            return new Storage(files.makeQualified(parsed), files);
        } catch (IllegalArgumentException e) { // thrown by Hadoop for a host that does not exist
            throw new InvalidInput(path + " must be in a file system that can be reached, but: " + e.getMessage());
        } catch (UnsupportedFileSystemException e) { // of no known scheme
            throw missing(path, e);
        } catch (RuntimeException e) { // of a scheme that Hadoop knows, but whose classes are in a jar of their own
            throw e.getCause() instanceof ClassNotFoundException absent ? missing(path, absent) : e;
        }
    }

    private static InvalidInput missing(String path, Exception cause) {
        return new InvalidInput(path + " must be in a file system whose classes Spark has, but: " + cause.getMessage()
                + "; spark-submit's --packages adds one: org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion()
                + " that of s3a:, hadoop-azure that of abfss:");
    }

    private static Path parse(String path) {
        try {
            return new Path(path);
        } catch (IllegalArgumentException e) {
            throw new InvalidInput("\"" + path + "\" must be a path, but: " + e.getMessage());
        }
    }

    public String name() {
        return path.getName();
    }

    public Storage child(String name) {
        return new Storage(new Path(path, name), files);
    }

    public Storage sibling(String name) {
        return parent().child(name);
    }

    /** The parent folder; the root's parent is the root. */
    private Storage parent() {
        Path parent = path.getParent();
        return parent == null ? this : new Storage(parent, files);
    }

    public boolean exists() throws IOException {
        return files.exists(path);
    }

    public boolean isFolder() throws IOException {
        return exists() && files.getFileStatus(path).isDirectory();
    }

    public long bytes() throws IOException {
        return files.getFileStatus(path).getLen();
    }

    /** Where this really is: local paths may go through symbolic links. */
    private String real() throws IOException {
        Path existing = path;
        while (!files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        String rest =
                path.toUri().getPath().substring(existing.toUri().getPath().length());
        String scheme = path.toUri().getScheme();
        if (scheme == null || scheme.equals("file")) {
            return "file:" + java.nio.file.Path.of(existing.toUri().getPath()).toRealPath() + rest;
        }
        return existing + rest;
    }

    /** Whether both are one place. */
    boolean isSame(Storage other) throws IOException {
        return real().equals(other.real());
    }

    /** Whether this lies in the other, at whatever depth. */
    boolean isIn(Storage other) throws IOException {
        return real().startsWith(other.real().replaceFirst("/*$", "/")) && !isSame(other);
    }

    /** What the path means as input: itself, or the files and folders that match it as a pattern. */
    List<Storage> matching() throws IOException {
        FileStatus[] found = exists() || !isPattern() ? null : files.globStatus(path);
        return found == null
                ? List.of(this)
                : Arrays.stream(found)
                        .map(file -> new Storage(file.getPath(), files))
                        .toList();
    }

    private boolean isPattern() {
        return InputFiles.isPattern(path);
    }

    /** The saved model that this lies in; null if it lies in none, or in folders that must not be read. */
    @Nullable
    Storage modelAround() {
        for (Storage above = parent(); above.path.getParent() != null; above = above.parent()) {
            try {
                if (above.child(MODEL_FILE).exists()) {
                    return above;
                }
            } catch (IOException e) {
                return null; // writing, where that is allowed, needs no reading of what lies above
            }
        }
        return null;
    }

    /** The paths of all files below the folder, relative to it and in their order. */
    private List<String> filesBelow() throws IOException {
        List<String> found = new ArrayList<>();
        String top = path.toUri().getPath().replaceFirst("/*$", "/");
        RemoteIterator<LocatedFileStatus> all = files.listFiles(path, true);
        while (all.hasNext()) {
            found.add(all.next().getPath().toUri().getPath().substring(top.length()));
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    /** The sorted names in the folder; empty if there is no folder. */
    public List<String> names() throws IOException {
        if (!exists()) {
            return List.of();
        }
        return Arrays.stream(files.listStatus(path))
                .map(FileStatus::getPath)
                .map(Path::getName)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** The data files that the path means. */
    public InputFiles inputFiles() throws IOException {
        return InputFiles.at(files, path, toString());
    }

    public InputStream open() throws IOException {
        return files.open(path);
    }

    /**
     * The file as text, decompressed if its name says so, as in Spark.
     *
     * @throws InvalidInput if the file is too long for a description
     */
    public String text() throws IOException {
        CompressionCodec codec = new CompressionCodecFactory(files.getConf()).getCodec(path);
        try (InputStream plain = open();
                InputStream in = codec == null ? plain : codec.createInputStream(plain)) {
            byte[] bytes = in.readNBytes(LONGEST_TEXT + 1);
            Require.that(
                    bytes.length <= LONGEST_TEXT, this + " must have at most " + LONGEST_TEXT + " bytes, but has more");
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /**
     * Refuses, before any work, a folder that a result cannot go to. {@link #replace} looks again.
     *
     * @param ours tells by the relative paths of all files below a folder whether it may be overwritten: it holds nothing else
     * @param what such a folder holds, with its article
     * @throws InvalidInput if the folder exists and may not be replaced
     */
    public void requireFree(String option, boolean overwrite, Predicate<List<String>> ours, String what)
            throws IOException {
        requireUsable(option);
        guard = () -> requireReplaceable(option, overwrite, ours, what);
        guard.check();
    }

    /** Where an option's folder would go, if it is given; refuses before any work what {@link #requireFree} refuses. */
    public static @Nullable Storage folder(
            SparkSession spark,
            String option,
            @Nullable String path,
            boolean overwrite,
            Predicate<List<String>> ours,
            String what)
            throws IOException {
        if (path == null) {
            return null;
        }
        Storage target = of(spark, path);
        target.requireFree(option, overwrite, ours, what);
        return target;
    }

    private void requireReplaceable(String option, boolean overwrite, Predicate<List<String>> ours, String what)
            throws IOException {
        if (!exists()) {
            return;
        }
        if (!isFolder()) {
            throw new InvalidInput(option + " must name a folder, but " + this + " is a file");
        }
        if (names().isEmpty()) {
            return;
        }
        if (!ours.test(filesBelow())) {
            throw new InvalidInput(option + " must name a new folder, but " + this + " exists and holds something other"
                    + " than " + what + ", so it is never overwritten");
        }
        if (!overwrite) {
            throw new InvalidInput(
                    option + " must name a new folder, but " + this + " exists; --overwrite replaces it");
        }
    }

    /** The names in a folder that relative paths begin with. */
    public static List<String> topLevel(List<String> paths) {
        return paths.stream()
                .map(path -> path.replaceFirst("/.*", ""))
                .distinct()
                .toList();
    }

    /** Refuses, before any work, a path that files cannot be written into. */
    public void requireFolder(String option) throws IOException {
        requireUsable(option);
        if (exists() && !isFolder()) {
            throw new InvalidInput(option + " must name a folder, but " + this + " is a file");
        }
    }

    /** Where an option's file would go, if it is given; refuses before any work what {@link #requireFile} refuses. */
    public static @Nullable Storage file(
            SparkSession spark, String option, @Nullable String path, boolean overwrite, OwnFile kind)
            throws IOException {
        if (path == null) {
            return null;
        }
        Storage target = of(spark, path);
        target.requireFile(option, overwrite, kind);
        return target;
    }

    /**
     * Refuses, before any work, a path that a single file cannot be written to. {@link #replace} looks again.
     *
     * @param overwrite whether a file of that kind may be replaced; nothing else ever is
     */
    public void requireFile(String option, boolean overwrite, OwnFile kind) throws IOException {
        requireUsable(option);
        guard = () -> {
            if (isFolder()) {
                throw new InvalidInput(option + " must name a file, but " + this + " is a folder");
            }
            if (!exists()) {
                return;
            }
            if (!kind.isWritten(this)) {
                throw new InvalidInput(option + " must name a new file, but " + this + " exists and is something other"
                        + " than " + kind.article() + ", so it is never overwritten");
            }
            if (!overwrite) {
                throw new InvalidInput(
                        option + " must name a new file, but " + this + " exists; --overwrite replaces it");
            }
        };
        guard.check();
    }

    /** Checks what is in the place of an output. */
    private interface Guard {
        void check() throws IOException;
    }

    private void requireUsable(String option) {
        Require.that(
                !isPattern(),
                option
                        + " must name a place without the characters * ? [ ] { } and \\, which Spark reads as a pattern, but"
                        + " names " + this);
        try {
            requireWritable(option);
        } catch (IOException e) {
            throw new InvalidInput(
                    option + " must name a writable place, but " + this + " is not: " + Failure.oneLine(e));
        }
    }

    /** Tries to write in the nearest existing parent folder. */
    private void requireWritable(String option) throws IOException {
        Storage above = this;
        do {
            above = above.parent();
        } while (!above.exists());
        Storage trial = above.child("x").beside("draft");
        String problem = "";
        try {
            if (files.mkdirs(trial.path)) {
                files.delete(trial.path, true);
                return;
            }
        } catch (IOException e) {
            problem = ": " + Failure.oneLine(e);
        }
        throw new InvalidInput(option + " must name a writable place, but " + above + " is not" + problem);
    }

    /** Replaces this file's text. */
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces this file's bytes. */
    public void write(byte[] bytes) throws IOException {
        write(out -> out.write(bytes));
    }

    /** The same of bytes that are not in memory. */
    public void write(Content content) throws IOException {
        replace(draft -> {
            try (OutputStream out = draft.create()) {
                content.write(out);
            }
        });
    }

    /** Writes a file's bytes. */
    public interface Content {
        void write(OutputStream out) throws IOException;
    }

    /** A local file needs no checksum file. */
    private OutputStream create() throws IOException {
        FileSystem plain = files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
        return plain.create(path);
    }

    /**
     * Replaces this file by the part files of the folders that are written, one after another. The folders lie beside this file
     * until then: no row goes through the driver's memory.
     */
    public void replaceByParts(Writer... folders) throws IOException {
        replace(draft -> {
            Storage parts = beside("parts");
            try {
                for (int i = 0; i < folders.length; i++) {
                    folders[i].write(parts.child(String.valueOf(i)));
                }
                try (OutputStream out = draft.create()) {
                    for (int i = 0; i < folders.length; i++) {
                        parts.child(String.valueOf(i)).copyPartsTo(out);
                    }
                }
                files.delete(parts.path, true);
            } catch (Throwable e) {
                parts.discard(e);
                throw e;
            }
        });
    }

    private void copyPartsTo(OutputStream out) throws IOException {
        for (String name : names()) {
            if (name.startsWith("part-")) {
                try (InputStream in = child(name).open()) {
                    in.transferTo(out);
                }
            }
        }
    }

    /**
     * Writes a file or folder under a temporary name, then replaces this one with it.
     *
     * @throws WriteException if the file system fails; then this file or folder is unchanged
     */
    public void replace(Writer writer) throws IOException {
        Storage draft = beside("draft");
        try {
            writer.write(draft);
            requireStillReplaceable(draft);
            draft.moveTo(this);
        } catch (Throwable e) {
            draft.discard(e);
            Optional<Throwable> fault = Failure.storageFault(e);
            if (fault.isPresent()) {
                throw new WriteException("cannot write " + this + ": " + Failure.oneLine(fault.get()), e);
            }
            throw e;
        }
    }

    /** What came into the place meanwhile stays, and so does what was written. */
    private void requireStillReplaceable(Storage draft) throws IOException {
        try {
            if (guard != null) {
                guard.check();
            }
        } catch (InvalidInput e) {
            Storage other = sibling(name() + "-" + UUID.randomUUID());
            draft.rename(other);
            throw new WriteException(
                    "something else came to " + this + " while the command ran, so the result is in " + other, e);
        }
    }

    /** Deletes what a failure left. */
    private void discard(Throwable failure) {
        try {
            files.delete(path, true);
        } catch (IOException | FSError e) {
            failure.addSuppressed(e);
        }
    }

    private Storage beside(String purpose) {
        return sibling(".kindling-" + UUID.randomUUID() + "." + purpose);
    }

    /** Replaces the target with this. The target is set aside until the rename has succeeded. */
    private void moveTo(Storage target) throws IOException {
        files.mkdirs(target.parent().path);
        if (!target.exists()) {
            rename(target);
            return;
        }
        Storage aside = target.beside("old");
        target.rename(aside);
        try {
            rename(target);
        } catch (Throwable e) {
            target.discard(e); // object stores copy, and may have copied a part
            aside.rename(target);
            throw e;
        }
        files.delete(aside.path, true);
    }

    private void rename(Storage target) throws IOException {
        if (!files.rename(path, target.path)) {
            throw new IOException("cannot rename " + path + " to " + target.path);
        }
    }

    /** The path for Spark. */
    public String uri() {
        return path.toString();
    }

    /** The path for messages: without {@code file:}. */
    @Override
    public String toString() {
        return path.toUri().getScheme() == null || path.toUri().getScheme().equals("file")
                ? path.toUri().getPath()
                : path.toString();
    }

    /** Writes a file or folder that does not exist yet. */
    public interface Writer {
        public void write(Storage draft) throws IOException;
    }
}
