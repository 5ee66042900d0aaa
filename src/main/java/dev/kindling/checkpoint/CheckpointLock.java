package dev.kindling.checkpoint;

import dev.kindling.linalg.InvalidInput;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write into a checkpoint folder: a file {@value #NAME} that names its {@link LockOwner}. A thread renews it,
 * and the run's end deletes it, also where the JVM is told to end. The lock of a killed process is taken over: at once if the
 * process ran on this machine, else once the file has not been renewed for two minutes.
 *
 * <p>On local disks and HDFS, one of two processes that start together gets the lock, because the file is created in one step.
 * S3A has no such step, and two processes may also take over one dead owner's lock together. So the lock is looked at again
 * before a checkpoint gets its name: the process that lost it ends, and has damaged nothing.
 */
final class CheckpointLock implements AutoCloseable {
    static final String NAME = ".lock";

    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");
    private static final Duration RENEWAL = Duration.ofSeconds(20);
    private static final Duration SILENCE = Duration.ofMinutes(2); // of a dead owner on another machine
    private static final int ATTEMPTS = 5; // while others end or start
    private static final int HOOK_PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 1; // just before file systems close

    private final FileSystem files;
    private final Path file;
    private final LockOwner owner;
    private final ScheduledExecutorService renewer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "kindling-checkpoint-lock");
        thread.setDaemon(true);
        return thread;
    });
    private final Runnable hook = this::release;
    private boolean held;

    private CheckpointLock(FileSystem files, Path folder, LockOwner owner) {
        this.files = files;
        this.file = new Path(folder, NAME);
        this.owner = owner;
    }

    /**
     * Takes the lock of an existing folder.
     *
     * @param application who asks, in words
     * @throws InvalidInput if another run holds it
     */
    static CheckpointLock take(FileSystem files, Path folder, String application) throws IOException {
        CheckpointLock lock = new CheckpointLock(files, folder, LockOwner.here(application));
        ShutdownHookManager.get().addShutdownHook(lock.hook, HOOK_PRIORITY);
        try {
            lock.take();
        } catch (Throwable e) {
            lock.close();
            throw e;
        }
        return lock;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // renew() throws nothing
    private synchronized void take() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS && !held; attempt++) {
            held = create() && isMine();
            if (!held) {
                removeIfDead();
            }
        }
        if (!held) {
            throw new IOException("others take and leave " + file + " all the time");
        }
        long every = RENEWAL.toSeconds();
        renewer.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.SECONDS);
    }

    /** Whether the file is new, and this run's. */
    private boolean create() throws IOException {
        // Hadoop's local file system looks first and creates then
        try (OutputStream out = files instanceof RawLocalFileSystem local
                ? Files.newOutputStream(
                        local.pathToFile(file).toPath(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                : files.create(file, false)) {
            write(out);
            return true;
        } catch (java.nio.file.FileAlreadyExistsException | FileAlreadyExistsException e) {
            return false;
        } catch (AccessDeniedException e) {
            throw new IOException("no permission to create " + file, e);
        }
    }

    private void write(OutputStream out) throws IOException {
        Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        owner.write(text);
        text.flush();
    }

    /** The owner that the file names; empty if it is being written. */
    private Optional<LockOwner> read() throws IOException {
        try (Reader text = new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
            return LockOwner.read(text);
        }
    }

    private void removeIfDead() throws IOException {
        try {
            Optional<LockOwner> other = read();
            boolean isHere = other.isPresent() && other.get().isOnThisMachine();
            if (isHere ? other.get().isAlive() : age().compareTo(SILENCE) < 0) {
                throw new InvalidInput(refusal(other));
            }
            LOG.info("{} no longer runs: this run takes over {}", describe(other), file);
            files.delete(file, false);
        } catch (FileNotFoundException e) {
            // its owner has just ended
        }
    }

    private String refusal(Optional<LockOwner> other) {
        return "a checkpoint folder must have one writer, but " + describe(other) + " writes to " + file.getParent()
                + other.map(known -> " since " + known.since()).orElse("")
                + "; wait for its end, name another folder by --checkpoint (checkpointDir), or delete " + file
                + " if that process is dead";
    }

    private static String describe(Optional<LockOwner> other) {
        return other.map(LockOwner::toString).orElse("a process that does not give its name");
    }

    /** The time since the file was written, by the clock of the file system alone. */
    private Duration age() throws IOException {
        Path now = file.suffix("-" + owner.run());
        try {
            files.create(now, true).close();
            return Duration.ofMillis(files.getFileStatus(now).getModificationTime()
                    - files.getFileStatus(file).getModificationTime());
        } finally {
            files.delete(now, false);
        }
    }

    /** Whether the file names this run. If someone deleted it, it is made again. */
    private boolean isMine() throws IOException {
        try {
            return read().map(LockOwner::run).filter(owner.run()::equals).isPresent();
        } catch (FileNotFoundException e) {
            return create();
        }
    }

    private synchronized void renew() {
        try {
            if (held && isMine()) {
                try (OutputStream out = files.create(file, true)) {
                    write(out);
                }
            }
        } catch (IOException | RuntimeException | FSError e) {
            LOG.debug("{} was not renewed; the next attempt is soon", file, e);
        }
    }

    /** @throws IOException if another run has taken the lock over, because this one seemed dead */
    synchronized void requireHeld() throws IOException {
        if (!held || !isMine()) {
            throw new IOException(describe(read()) + " has taken over the folder, because this run gave no sign for "
                    + SILENCE.toMinutes() + " minutes");
        }
    }

    /** Deletes the file, even if the thread is interrupted. */
    private synchronized void release() {
        if (!held) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (isMine()) {
                files.delete(file, false);
            }
        } catch (IOException | FSError e) {
            LOG.warn("{} cannot be deleted, and can be once this process has ended: {}", file, e.getMessage());
        } finally {
            held = false;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        renewer.shutdown();
        release();
        if (!ShutdownHookManager.get().isShutdownInProgress()) {
            ShutdownHookManager.get().removeShutdownHook(hook);
        }
    }
}
