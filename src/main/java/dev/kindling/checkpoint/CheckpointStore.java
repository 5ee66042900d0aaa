package dev.kindling.checkpoint;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.safetensors.DamagedFile;
import dev.kindling.safetensors.TensorFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one run, in a folder of its own. A thread writes them, from a copy of the state, while training
 * continues. It writes to a hidden name and then renames, so that a driver that dies leaves no partial file. A {@link
 * CheckpointLock} keeps other writers away. On object stores renaming is a copy, which appears completely or not at all. In any case, the checksum tells whether a file is
 * complete.
 */
public final class CheckpointStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");
    static final Pattern NAME = Pattern.compile("epoch-(\\d{1,9})-step-(\\d{1,18})\\.safetensors");
    private static final String DRAFT = ".draft";
    private static final String NONE_ASKED_FOR = "no checkpoints are asked for";

    private final CheckpointPolicy when;
    private final RunFingerprint identity;
    private final @Nullable FileSystem files; // null if no checkpoints are asked for
    private final Path folder;
    private final @Nullable CheckpointLock lock; // as files
    private final ExecutorService writer = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "kindling-checkpoint");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Future<?> writing;
    private long lastNanos = System.nanoTime();
    private String last = "";

    private CheckpointStore(
            CheckpointPolicy when,
            RunFingerprint identity,
            @Nullable FileSystem files,
            Path folder,
            @Nullable CheckpointLock lock) {
        this.when = when;
        this.identity = identity;
        this.files = files;
        this.folder = folder;
        this.lock = lock;
    }

    /** A checkpoint file, and the point of the run at which it was written. */
    private record Point(Path path, long epoch, long step, long size) {
        static final Comparator<Point> ORDER =
                Comparator.comparingLong(Point::step).thenComparingLong(Point::epoch);
    }

    /**
     * Makes the folder and takes its lock, and deletes what drivers that died were writing.
     *
     * @param application who writes, in words
     * @throws InvalidInput if another run writes there
     */
    public static CheckpointStore open(
            CheckpointPolicy when, Configuration hadoop, RunFingerprint identity, String application) {
        if (when.folder().isEmpty()) {
            return new CheckpointStore(when, identity, null, new Path("/"), null);
        }
        Path folder = new Path(when.folder());
        try {
            FileSystem any = folder.getFileSystem(hadoop);
            // local checkpoints need no .crc files beside them
            FileSystem files = any instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : any;
            files.mkdirs(folder);
            CheckpointLock lock = CheckpointLock.take(files, files.makeQualified(folder), application);
            try {
                deleteDrafts(files, folder);
            } catch (Throwable e) {
                lock.close();
                throw e;
            }
            return new CheckpointStore(when, identity, files, files.makeQualified(folder), lock);
        } catch (IOException e) {
            throw new InvalidInput("checkpoints must go to a folder that can be written to, but " + folder + " cannot: "
                    + e.getMessage());
        }
    }

    /** Whoever holds the lock may: the others are dead. */
    private static void deleteDrafts(FileSystem files, Path folder) throws IOException {
        for (FileStatus file : files.listStatus(folder)) {
            String name = file.getPath().getName();
            if (name.startsWith(".epoch-") && name.endsWith(DRAFT)) {
                files.delete(file.getPath(), false);
            }
        }
    }

    /** The checkpoints in the folder, the newest last. */
    private List<Point> points() throws IOException {
        List<Point> points = new ArrayList<>();
        for (FileStatus file : files().listStatus(folder)) {
            Matcher name = NAME.matcher(file.getPath().getName());
            if (name.matches() && file.isFile()) {
                points.add(new Point(
                        file.getPath(), Long.parseLong(name.group(1)), Long.parseLong(name.group(2)), file.getLen()));
            }
        }
        points.sort(Point.ORDER);
        return points;
    }

    /** A state and the file that it was read from. */
    public record Restored(String file, TrainState state) {}

    /**
     * The state in the newest checkpoint that is complete; empty if there is none.
     *
     * @param blank makes states to read into
     * @param epochs that the run is to have
     * @throws InvalidInput if the checkpoint belongs to another run, or has more epochs
     */
    public Optional<Restored> restore(Supplier<TrainState> blank, int epochs) {
        if (files == null) {
            return Optional.empty();
        }
        try {
            List<Point> points = points();
            for (int i = points.size() - 1; i >= 0; i--) {
                Path path = points.get(i).path();
                TrainState state = blank.get();
                try (InputStream in = files.open(path)) {
                    TensorFile file = TensorFile.read(in, points.get(i).size());
                    CheckpointCodec.read(file, path.toString(), identity, state);
                    warnOfOtherGemm(file.strings().get("gemm"));
                } catch (DamagedFile e) {
                    LOG.warn(
                            "checkpoint {} {}: it is renamed to .damaged, and training {}",
                            path,
                            e.getMessage(),
                            i == 0 ? "starts afresh" : "tries the one before");
                    move(path, path.suffix(".damaged"));
                    continue;
                }
                if (state.epoch > epochs) {
                    throw new InvalidInput("checkpoint " + path + " must have at most the " + epochs
                            + " epochs that the run is to have, but has already " + state.epoch);
                }
                if (state.stopReason == TrainState.StopReason.EPOCHS && state.epoch < epochs) {
                    state.stopReason = null;
                }
                last = path.getName();
                return Optional.of(new Restored(path.toString(), state));
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoints in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void warnOfOtherGemm(@Nullable String gemm) {
        if (!identity.gemm.equals(gemm)) {
            LOG.warn(
                    "the checkpoint was written with the GEMM backend {}, but this run uses {}: bits may differ from those of"
                            + " a run that was never interrupted",
                    gemm,
                    identity.gemm);
        }
    }

    /** Between two steps: writes a checkpoint if one is due by time and the one before is written. */
    public void between(TrainState state) {
        boolean due = when.everyMinutes() > 0 && System.nanoTime() - lastNanos >= when.everyMinutes() * 60e9;
        if (files != null && due && (writing == null || writing.isDone())) {
            await();
            save(state);
        }
    }

    /** After an epoch: writes a checkpoint if one is due by epochs. It first waits until the one before is written. */
    public void ended(TrainState state) {
        if (files != null && when.everyEpochs() > 0 && state.epoch % when.everyEpochs() == 0) {
            await();
            save(state);
        }
    }

    /** After the last epoch: always writes the last state. */
    public void finished(TrainState state) {
        if (files != null && !last.equals(name(state))) {
            await();
            save(state);
        }
        await();
    }

    private void save(TrainState state) {
        lastNanos = System.nanoTime();
        last = name(state);
        String name = last;
        int best = state.bestEpoch;
        TensorFile copy = CheckpointCodec.of(state, identity);
        writing = writer.submit(() -> {
            write(name, copy);
            clear(best);
            return null;
        });
    }

    private static String name(TrainState state) {
        return String.format(Locale.ROOT, "epoch-%04d-step-%09d.safetensors", state.epoch, state.step);
    }

    private void write(String name, TensorFile file) throws IOException {
        FileSystem to = files();
        Path draft = new Path(folder, "." + name + "-" + UUID.randomUUID() + DRAFT);
        boolean moved = false;
        try {
            try (FSDataOutputStream raw = to.create(draft, true);
                    OutputStream out = new BufferedOutputStream(raw, 1 << 16)) {
                file.write(out);
                out.flush();
                if (raw.hasCapability(StreamCapabilities.HSYNC)) {
                    raw.hsync();
                }
            }
            lock().requireHeld();
            move(draft, new Path(folder, name));
            moved = true;
        } finally {
            if (!moved) {
                to.delete(draft, false);
            }
        }
    }

    private void move(Path from, Path to) throws IOException {
        files().delete(to, false);
        if (!files().rename(from, to)) {
            throw new IOException("cannot rename " + from + " to " + to);
        }
    }

    /** Deletes all but the newest and the one at the end of the best epoch. */
    private void clear(int bestEpoch) throws IOException {
        List<Point> points = points();
        Optional<Point> best =
                points.stream().filter(point -> point.epoch() == bestEpoch).findFirst();
        for (Point point : points.subList(0, Math.max(0, points.size() - when.keep()))) {
            if (!Optional.of(point).equals(best)) {
                files().delete(point.path(), false);
            }
        }
    }

    private FileSystem files() {
        return Objects.requireNonNull(files, NONE_ASKED_FOR);
    }

    private CheckpointLock lock() {
        return Objects.requireNonNull(lock, NONE_ASKED_FOR);
    }

    /** The newest checkpoint, from which a run that diverged can be resumed; empty if there is none. */
    public String newest() {
        try {
            await();
            List<Point> points = files == null ? List.of() : points();
            return points.isEmpty() ? "" : points.get(points.size() - 1).path().toString();
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    /** Waits for the checkpoint that is being written, even if interrupted: it is worth the wait. */
    private void await() {
        Future<?> write = writing;
        writing = null;
        boolean interrupted = false;
        try {
            while (write != null) {
                try {
                    write.get();
                    write = null;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw cannotWrite(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private UncheckedIOException cannotWrite(ExecutionException failure) {
        IOException said = new IOException(failure);
        // Hadoop's local file system wraps the disk's exception in an Error
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                said = io;
            }
        }
        return new UncheckedIOException(
                "cannot write checkpoint " + new Path(folder, last) + ": " + said.getMessage(), said);
    }

    @Override
    public void close() {
        try {
            await();
        } finally {
            writer.shutdown();
            if (lock != null) {
                lock.close();
            }
        }
    }
}
