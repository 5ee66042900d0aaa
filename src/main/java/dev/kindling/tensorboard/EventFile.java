package dev.kindling.tensorboard;

import dev.kindling.protobuf.ProtoMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A file of TensorBoard's events: messages {@code Event} of <a
 * href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto">event.proto</a>,
 * each framed as a <a
 * href="https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details">TFRecord</a>. It begins with
 * the format's version. TensorBoard recognises such a file by {@code tfevents} in its name and reads the files of a
 * folder in the order of their names, so names begin with the time; ours end with {@code .kindling}.
 */
final class EventFile implements AutoCloseable {
    static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.\\d+\\..*\\.kindling");
    private static final int CRC_MASK = 0xa282ead8;
    private static final int SESSION_STARTS = 1;

    private final FSDataOutputStream out;
    private final InstantSource clock;
    private boolean follows; // whether the folder has earlier events and no START was written yet

    private EventFile(FSDataOutputStream out, InstantSource clock, boolean follows) {
        this.out = out;
        this.clock = clock;
        this.follows = follows;
    }

    /** Begins a new file in the folder, and creates the folder if needed. */
    static EventFile create(FileSystem files, Path folder, InstantSource clock) throws IOException {
        files.mkdirs(folder);
        int others = 0;
        for (FileStatus file : files.listStatus(folder)) {
            others += file.getPath().getName().contains("tfevents") ? 1 : 0;
        }
        String name = String.format(
                Locale.ROOT,
                "events.out.tfevents.%010d.%s.%d.%d.kindling",
                clock.instant().getEpochSecond(),
                host(),
                ProcessHandle.current().pid(),
                others);
        EventFile file = new EventFile(files.create(new Path(folder, name), false), clock, others > 0);
        try {
            ProtoMessage source = new ProtoMessage().put(1, "dev.kindling.diagnose");
            file.write(file.event(0).put(3, "brain.Event:2").put(10, source));
            return file;
        } catch (Throwable e) {
            try (file) {
                throw e;
            }
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost"; // a container may not know its own name, and no reader needs it
        }
    }

    void write(long step, Summary summary) throws IOException {
        begin(step);
        write(event(step).put(5, summary.message()));
    }

    /** @param graph a message {@code GraphDef} */
    void writeGraph(ProtoMessage graph) throws IOException {
        write(event(0).put(4, graph));
    }

    /**
     * Marks earlier events in the folder as void from this step on, because the run was killed after its last
     * checkpoint or starts again. TensorBoard then drops them. Written before the values of the first step.
     */
    private void begin(long step) throws IOException {
        if (follows) {
            write(event(step).put(7, new ProtoMessage().put(1, SESSION_STARTS)));
            follows = false;
        }
    }

    private ProtoMessage event(long step) {
        ProtoMessage event = new ProtoMessage().put(1, clock.instant().toEpochMilli() / 1e3);
        return step == 0 ? event : event.put(2, step);
    }

    private void write(ProtoMessage event) throws IOException {
        out.write(framed(event.bytes()));
    }

    /** A TFRecord: length, checksum of the length, data, checksum of the data. */
    static byte[] framed(byte[] data) {
        ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(maskedCrc(record.array(), 0, 8));
        record.put(data);
        record.putInt(maskedCrc(record.array(), 12, data.length));
        return record.array();
    }

    /** Masked, because the checksum of data that contain their own checksum is not random. */
    private static int maskedCrc(byte[] bytes, int from, int count) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, count);
        return Integer.rotateRight((int) sum.getValue(), 15) + CRC_MASK;
    }

    /**
     * Makes written events visible to readers, if the store shows files before they are closed: object stores do not.
     */
    void flush() throws IOException {
        out.flush();
        if (out.hasCapability(StreamCapabilities.HSYNC)) {
            out.hflush();
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
