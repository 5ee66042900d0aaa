package dev.kindling.checkpoint;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * Who holds a {@link CheckpointLock}.
 *
 * @param run one fit: a process may hold locks of several folders
 * @param process its id and host, as {@code 1234@host}
 * @param pidNamespace in which that id counts: containers may share a host's name; empty if unknown
 * @param processStart tells the process from a later one of the same id
 * @param application Spark's, and its user, in words
 * @param since the lock was taken
 */
record LockOwner(
        String run, String process, String pidNamespace, Instant processStart, String application, Instant since) {
    /** Systems count a process's start from their own, which clocks that are set move. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(10);

    /** A new run in this process. */
    static LockOwner here(String application) {
        return new LockOwner(
                UUID.randomUUID().toString(),
                ManagementFactory.getRuntimeMXBean().getName(),
                pidNamespaceHere(),
                startOf(ProcessHandle.current()).orElse(Instant.EPOCH),
                application,
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private static String pidNamespaceHere() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return ""; // not Linux
        }
    }

    private static Optional<Instant> startOf(ProcessHandle process) {
        return process.info().startInstant();
    }

    /** Whether this process can see that one. */
    boolean isOnThisMachine() {
        String host = ManagementFactory.getRuntimeMXBean().getName().replaceFirst(".*@", "");
        return process.replaceFirst(".*@", "").equals(host) && pidNamespace.equals(pidNamespaceHere());
    }

    /** Whether the process of this machine still runs. */
    boolean isAlive() {
        return ProcessHandle.of(Long.parseLong(process.replaceFirst("@.*", "")))
                .filter(ProcessHandle::isAlive)
                .map(running -> startOf(running).orElse(processStart))
                .filter(start -> Duration.between(start, processStart).abs().compareTo(CLOCK_STEP) < 0)
                .isPresent();
    }

    void write(Writer to) throws IOException {
        Properties lines = new Properties();
        lines.setProperty("run", run);
        lines.setProperty("process", process);
        lines.setProperty("pidNamespace", pidNamespace);
        lines.setProperty("processStart", processStart.toString());
        lines.setProperty("application", application);
        lines.setProperty("since", since.toString());
        lines.store(to, "One Kindling process writes checkpoints here, and renews this file until it ends");
    }

    /** Empty if the file is not complete: its owner may be writing it. */
    static Optional<LockOwner> read(Reader from) throws IOException {
        try {
            Properties lines = new Properties();
            lines.load(from);
            LockOwner owner = new LockOwner(
                    lines.getProperty("run", ""),
                    lines.getProperty("process", ""),
                    lines.getProperty("pidNamespace", ""),
                    Instant.parse(lines.getProperty("processStart", "")),
                    lines.getProperty("application", ""),
                    Instant.parse(lines.getProperty("since", "")));
            return owner.process.matches("\\d{1,18}@.+") ? Optional.of(owner) : Optional.empty();
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "process " + process + " (" + application + ")";
    }
}
