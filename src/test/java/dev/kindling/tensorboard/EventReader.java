package dev.kindling.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Reads event files back, by the formats' descriptions and not by our writer. */
final class EventReader {
    private EventReader() {}

    /** A message by its fields' numbers. */
    static final class Message {
        private record Field(int number, long bits, byte[] bytes) {}

        private final List<Field> fields = new ArrayList<>();

        private Message(byte[] encoded) {
            ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
            while (in.hasRemaining()) {
                long tag = varint(in);
                int number = (int) (tag >>> 3);
                byte[] bytes = {};
                long bits = 0;
                switch ((int) (tag & 7)) {
                    case 0 -> bits = varint(in);
                    case 1 -> bits = in.getLong();
                    case 2 -> in.get(bytes = new byte[(int) varint(in)]);
                    case 5 -> bits = in.getInt();
                    default -> throw new AssertionError("wire type of tag " + tag);
                }
                fields.add(new Field(number, bits, bytes));
            }
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = in.get();
                value |= (next & 0x7FL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        private Stream<Field> all(int number) {
            return fields.stream().filter(field -> field.number == number);
        }

        private Field only(int number) {
            List<Field> found = all(number).toList();
            assertThat(found).as("field " + number).hasSize(1);
            return found.get(0);
        }

        boolean has(int number) {
            return all(number).findAny().isPresent();
        }

        /** The integer, 0 where it is absent. */
        long integer(int number) {
            return has(number) ? only(number).bits : 0;
        }

        double real(int number) {
            return Double.longBitsToDouble(only(number).bits);
        }

        float single(int number) {
            return Float.intBitsToFloat((int) only(number).bits);
        }

        double[] reals(int number) {
            ByteBuffer packed = ByteBuffer.wrap(only(number).bytes).order(ByteOrder.LITTLE_ENDIAN);
            double[] values = new double[packed.remaining() / Double.BYTES];
            packed.asDoubleBuffer().get(values);
            return values;
        }

        String text(int number) {
            return new String(only(number).bytes, StandardCharsets.UTF_8);
        }

        List<String> texts(int number) {
            return all(number)
                    .map(field -> new String(field.bytes, StandardCharsets.UTF_8))
                    .toList();
        }

        Message message(int number) {
            return new Message(only(number).bytes);
        }

        List<Message> messages(int number) {
            return all(number).map(field -> new Message(field.bytes)).toList();
        }
    }

    static Message message(byte[] encoded) {
        return new Message(encoded);
    }

    /** The folder's event files, in the order in which TensorBoard reads them. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains("tfevents"))
                    .sorted()
                    .toList();
        }
    }

    /** The events of a file. */
    static List<Message> events(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Message> events = new ArrayList<>();
        while (in.hasRemaining()) {
            int start = in.position();
            int length = (int) in.getLong();
            assertThat(in.getInt()).as("checksum of a length").isEqualTo(masked(bytes, start, 8));
            byte[] data = new byte[length];
            in.get(data);
            assertThat(in.getInt()).as("checksum of an event").isEqualTo(masked(bytes, start + 12, length));
            events.add(new Message(data));
        }
        return events;
    }

    private static int masked(byte[] bytes, int from, int count) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, count);
        long crc = sum.getValue();
        return (int) (((crc >>> 15) | (crc << 17)) + 0xa282ead8L);
    }
}
