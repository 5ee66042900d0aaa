package dev.kindling.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named tensors and named strings in one file, in the <a href="https://github.com/huggingface/safetensors">safetensors</a>
 * format, which Python reads too, with a checksum among the strings. Eight bytes hold the length of a JSON header, which
 * says where each tensor lies in the bytes behind it.
 *
 * <p>A reader trusts nothing: the file's own length bounds what it allocates.
 */
public final class TensorFile {
    private static final String METADATA = "__metadata__";
    private static final String CHECKSUM = "sha256";

    /** Stands in the header in place of the checksum while the checksum is computed. */
    private static final String NO_CHECKSUM = "0".repeat(64);

    static final int LONGEST_HEADER = 100_000_000; // bytes, as in the format's own reader
    private static final int PORTION = 1 << 16;

    /** Strict: a name that occurred twice would have two values. */
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Map<String, String> strings;
    private final Map<String, Tensor> tensors;

    public TensorFile(Map<String, String> strings, Map<String, Tensor> tensors) {
        this.strings = strings;
        this.tensors = tensors;
    }

    public Map<String, String> strings() {
        return strings;
    }

    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /** A range of an array, and its shape. The array is borrowed. */
    public static final class Tensor {
        public final Object values; // float[] or double[]
        public final int offset;
        public final int length;
        public final long[] shape;

        public Tensor(Object values, int offset, int length, long... shape) {
            this.values = values;
            this.offset = offset;
            this.length = length;
            this.shape = shape;
        }

        public static Tensor of(double[] values) {
            return new Tensor(values, 0, values.length, values.length);
        }

        private boolean isDouble() {
            return values instanceof double[];
        }

        private String type() {
            return isDouble() ? "F64" : "F32";
        }

        private int width() {
            return isDouble() ? Double.BYTES : Float.BYTES;
        }

        private long bytes() {
            return (long) length * width();
        }

        private void write(Bytes out) throws IOException {
            ByteBuffer portion = ByteBuffer.allocate(PORTION).order(ByteOrder.LITTLE_ENDIAN);
            int most = PORTION / width();
            for (int from = 0; from < length; from += most) {
                int count = Math.min(most, length - from);
                if (values instanceof double[] doubles) {
                    portion.asDoubleBuffer().put(doubles, offset + from, count);
                } else {
                    portion.asFloatBuffer().put((float[]) values, offset + from, count);
                }
                out.pass(portion.array(), count * width());
            }
        }

        private void read(Bytes in) throws IOException {
            ByteBuffer portion = ByteBuffer.allocate(PORTION).order(ByteOrder.LITTLE_ENDIAN);
            int most = PORTION / width();
            for (int from = 0; from < length; from += most) {
                int count = Math.min(most, length - from);
                in.pass(portion.array(), count * width());
                if (values instanceof double[] doubles) {
                    portion.asDoubleBuffer().get(doubles, offset + from, count);
                } else {
                    portion.asFloatBuffer().get((float[]) values, offset + from, count);
                }
            }
        }
    }

    /** Writes or fills the first bytes of an array. */
    private interface Bytes {
        void pass(byte[] bytes, int count) throws IOException;
    }

    public void write(OutputStream out) throws IOException {
        MessageDigest digest = digest();
        byte[] header = header(NO_CHECKSUM);
        digest.update(length(header));
        digest.update(header);
        for (Tensor tensor : tensors.values()) {
            tensor.write((bytes, count) -> digest.update(bytes, 0, count));
        }
        header = header(HexFormat.of().formatHex(digest.digest()));
        out.write(length(header));
        out.write(header);
        for (Tensor tensor : tensors.values()) {
            tensor.write((bytes, count) -> out.write(bytes, 0, count));
        }
    }

    private static byte[] length(byte[] header) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array();
    }

    private byte[] header(String checksum) throws JsonProcessingException {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode metadata = root.putObject(METADATA);
        strings.forEach(metadata::put);
        metadata.put(CHECKSUM, checksum);
        long at = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            ObjectNode node = root.putObject(entry.getKey()).put("dtype", tensor.type());
            var shape = node.putArray("shape");
            Arrays.stream(tensor.shape).forEach(shape::add);
            node.putArray("data_offsets").add(at).add(at + tensor.bytes());
            at += tensor.bytes();
        }
        byte[] bytes = JSON.writeValueAsBytes(root);
        // tensors begin at a multiple of eight bytes
        byte[] padded = Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
        Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
        return padded;
    }

    /**
     * Reads a file.
     *
     * @param size of the file in bytes
     * @throws DamagedFile if it is not, byte by byte, what {@link #write} wrote
     */
    public static TensorFile read(InputStream in, long size) throws IOException, DamagedFile {
        try {
            MessageDigest digest = digest();
            byte[] length = new byte[Long.BYTES];
            read(in, length, length.length);
            digest.update(length);
            long headerLength =
                    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (headerLength < 2 || headerLength > Math.min(LONGEST_HEADER, size - Long.BYTES)) {
                throw new DamagedFile("says that its header has " + headerLength + " bytes of its " + size);
            }
            byte[] header = new byte[(int) headerLength];
            read(in, header, header.length);
            JsonNode root = json(header);
            Map<String, String> strings = strings(root.path(METADATA));
            String checksum = strings.remove(CHECKSUM);
            if (checksum == null || checksum.length() != NO_CHECKSUM.length()) {
                throw new DamagedFile("has no checksum");
            }
            Map<String, Tensor> tensors = tensors(root, size - Long.BYTES - headerLength);
            TensorFile file = new TensorFile(strings, tensors);
            // written again and not cut out of the text, so that only one spelling of a file is accepted
            digest.update(file.header(NO_CHECKSUM));
            if (!Arrays.equals(header, file.header(checksum))) {
                throw new DamagedFile("has a header that was not written by Kindling");
            }
            for (Tensor tensor : tensors.values()) {
                tensor.read((bytes, count) -> {
                    read(in, bytes, count);
                    digest.update(bytes, 0, count);
                });
            }
            if (!HexFormat.of().formatHex(digest.digest()).equals(checksum)) {
                throw new DamagedFile("does not have the checksum that it was written with");
            }
            return file;
        } catch (EOFException e) {
            throw new DamagedFile("ends early");
        }
    }

    private static void read(InputStream in, byte[] bytes, int count) throws IOException {
        if (in.readNBytes(bytes, 0, count) < count) {
            throw new EOFException();
        }
    }

    private static JsonNode json(byte[] header) throws IOException, DamagedFile {
        try {
            JsonNode root = JSON.readTree(new String(header, StandardCharsets.UTF_8));
            if (root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            // refused below, without quoting the bytes
        }
        throw new DamagedFile("does not begin with a header in JSON");
    }

    private static Map<String, String> strings(JsonNode metadata) throws DamagedFile {
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : metadata.properties()) {
            if (!field.getValue().isTextual()) {
                throw new DamagedFile("has metadata that are not text");
            }
            strings.put(field.getKey(), field.getValue().textValue());
        }
        return strings;
    }

    /** Allocates the tensors, after checking that together they are as long as the rest of the file. */
    private static Map<String, Tensor> tensors(JsonNode root, long left) throws DamagedFile {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        long at = 0;
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                continue;
            }
            JsonNode node = field.getValue();
            boolean isDouble = node.path("dtype").asText().equals("F64");
            long[] shape = new long[node.path("shape").size()];
            long length = 1;
            for (int i = 0; i < shape.length; i++) {
                shape[i] = node.path("shape").path(i).asLong(-1);
                if (shape[i] < 0 || length > left || shape[i] > left) { // so that the product fits a long
                    throw new DamagedFile("has a tensor larger than itself: " + field.getKey());
                }
                length *= shape[i];
            }
            long bytes = length * (isDouble ? Double.BYTES : Float.BYTES);
            if (length > left || bytes > left - at || length > Integer.MAX_VALUE - 8) {
                throw new DamagedFile("has a tensor larger than itself: " + field.getKey());
            }
            Object values = isDouble ? new double[(int) length] : new float[(int) length];
            tensors.put(field.getKey(), new Tensor(values, 0, (int) length, shape));
            at += bytes;
        }
        if (at != left) {
            throw new DamagedFile((at < left ? "is longer" : "ends earlier") + " than its header says");
        }
        return tensors;
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
