package dev.kindling.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors in a file that another program wrote, by name: as float32, whatever the width of the numbers. Tensors of whole
 * numbers, such as counters, are left out.
 */
public final class ForeignTensors {
    private static final int PORTION = 1 << 16; // numbers that are read at once
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private ForeignTensors() {}

    /** The types of numbers that are read. */
    private enum Type {
        F64(8),
        F32(4),
        F16(2),
        BF16(2);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        private float next(ByteBuffer from) {
            return switch (this) {
                case F64 -> (float) from.getDouble();
                case F32 -> from.getFloat();
                case F16 -> half(from.getShort());
                case BF16 -> Float.intBitsToFloat(from.getShort() << 16);
            };
        }

        /** IEEE 754's binary16; Java reads it by itself from version 20 on. */
        private static float half(short bits) {
            int exponent = (bits >> 10) & 0x1f;
            int fraction = bits & 0x3ff;
            float size =
                    switch (exponent) {
                        case 0 -> fraction * 0x1p-24f;
                        case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                        default -> Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
                    };
            return bits < 0 ? -size : size;
        }
    }

    /** Numbers of a shape, row-major. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Numbers(List<Integer> shape, float[] values) {}

    /** A tensor that the header tells of. */
    private record Entry(String name, String type, List<Integer> shape, long begin, long end) {

        static Entry of(String name, JsonNode json, String file) {
            JsonNode offsets = json.path("data_offsets");
            boolean whole = json.path("dtype").isTextual()
                    && json.path("shape").isArray()
                    && offsets.path(0).isIntegralNumber()
                    && offsets.path(1).isIntegralNumber();
            List<Integer> shape = new ArrayList<>();
            for (JsonNode size : json.path("shape")) {
                whole &= size.isInt() && size.asInt() >= 0;
                shape.add(size.asInt());
            }
            Require.that(whole, file + " must have a type, a shape and offsets of each tensor, but not of " + name);
            return new Entry(
                    name,
                    json.path("dtype").asText(),
                    List.copyOf(shape),
                    offsets.path(0).asLong(),
                    offsets.path(1).asLong());
        }

        Numbers read(Type type, InputStream in, String file) throws IOException {
            long count = 1;
            for (int size : shape) {
                count = size == 0 ? 0 : Math.min(count * size, Integer.MAX_VALUE);
            }
            Require.that(
                    end - begin == count * type.bytes && count < Integer.MAX_VALUE - 8,
                    file + " must have the numbers that the shape " + shape + " of tensor " + name + " needs, but has "
                            + (end - begin) + " bytes of " + type);
            float[] values = new float[(int) count];
            for (int from = 0; from < values.length; from += PORTION) {
                int portion = Math.min(PORTION, values.length - from);
                ByteBuffer bytes =
                        ByteBuffer.wrap(bytes(in, portion * type.bytes, file)).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < portion; i++) {
                    values[from + i] = type.next(bytes);
                }
            }
            return new Numbers(shape, values);
        }
    }

    /**
     * Reads a file.
     *
     * @param size of the file in bytes, which bounds what is allocated
     * @param file its name, for messages
     * @throws InvalidInput if it is no such file, or one that ends early
     */
    public static Map<String, Numbers> read(InputStream in, long size, String file) throws IOException {
        long header = size < Long.BYTES
                ? 0
                : ByteBuffer.wrap(bytes(in, Long.BYTES, file))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong();
        Require.that(
                header > 0 && header <= Math.min(TensorFile.LONGEST_HEADER, size - Long.BYTES),
                file + " must be a safetensors file, but does not begin with the length of its header");
        List<Entry> entries = entries(bytes(in, (int) header, file), file);
        Map<String, Numbers> tensors = new LinkedHashMap<>();
        long next = 0;
        for (Entry entry : entries) {
            Require.that(
                    entry.begin == next && entry.end >= next && entry.end <= size - Long.BYTES - header,
                    file + " must have one tensor behind the other, but " + entry.name
                            + " lies elsewhere or ends early");
            next = entry.end;
            Type type = Arrays.stream(Type.values())
                    .filter(known -> known.name().equals(entry.type))
                    .findFirst()
                    .orElse(null);
            if (type == null) {
                in.skipNBytes(entry.end - entry.begin);
            } else {
                tensors.put(entry.name, entry.read(type, in, file));
            }
        }
        return tensors;
    }

    /** In the order of their bytes. */
    private static List<Entry> entries(byte[] header, String file) throws IOException {
        try {
            JsonNode root = JSON.readTree(new String(header, StandardCharsets.UTF_8));
            Require.that(root.isObject(), file + " must be a safetensors file, but its header is no JSON object");
            List<Entry> entries = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : root.properties()) {
                if (!field.getKey().equals("__metadata__")) {
                    entries.add(Entry.of(field.getKey(), field.getValue(), file));
                }
            }
            entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
            return entries;
        } catch (JsonProcessingException e) {
            throw new InvalidInput(
                    file + " must be a safetensors file, but its header is no JSON: " + e.getOriginalMessage());
        }
    }

    private static byte[] bytes(InputStream in, int count, String file) throws IOException {
        byte[] bytes = in.readNBytes(count);
        Require.that(bytes.length == count, file + " must hold all of its tensors, but ends early");
        return bytes;
    }
}
