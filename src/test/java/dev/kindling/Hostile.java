package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.management.ThreadMXBean;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.SplitMix64;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Damages valid inputs and gives them to a reader, which may refuse them with an {@link InvalidInput} and nothing else,
 * without much time or memory. {@code -Dkindling.fuzz=100000} sets how many inputs all the tests try together.
 */
public final class Hostile {
    /** Inputs for the tests all together. */
    private static final int INPUTS = Integer.getInteger("kindling.fuzz", 6000);

    private static final double LONGEST_SECONDS = 20; // a slow, busy machine's pauses included
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final String[] EXTREMES = {
        "-1",
        "0",
        "99999999",
        "2147483647",
        "2147483648",
        "-2147483648",
        "9223372036854775807",
        "18446744073709551616",
        "1e308",
        "1e-400",
        "1e999999999",
        "NaN",
        "-Infinity",
        "null",
        "true",
        "\"",
        "\\",
        "../../etc/passwd",
        "file:///etc/passwd",
        "\u0000",
        "\u00e9\u4e2d\ud83d\ude00",
        "{}",
        "[]",
        "[[[[[[[[[[[[[[[[[[[[",
        "((((((((((((((((((((",
        "residual([residual([",
        "dense(99999999) dense(99999999) ",
        ",",
        ":",
        "\n",
        "java.lang.Runtime"
    };

    /** Something that reads. */
    public interface Reader {
        void read(byte[] input) throws Exception;
    }

    private Hostile() {}

    /** The inputs to try with a seed, where a test has so many of a thousand of them and tries so many seeds. */
    public static int share(int perThousand, int seeds) {
        return Math.max(1, (int) ((long) INPUTS * perThousand / 1000 / seeds));
    }

    /**
     * Reads damaged inputs.
     *
     * @param valid what damage starts from; must be read without complaint
     * @param mostMegabytes that reading one may allocate in this thread
     */
    public static void damage(List<byte[]> valid, long seed, int inputs, int mostMegabytes, Reader reader) {
        for (byte[] input : valid) {
            assertThatCode(() -> reader.read(input)).doesNotThrowAnyException();
        }
        SplitMix64 random = new SplitMix64(seed);
        int refused = 0;
        long start = System.nanoTime();
        double slowest = 0;
        long largest = 0;
        for (int i = 0; i < inputs; i++) {
            byte[] input = damaged(valid, random);
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long before = System.nanoTime();
            try {
                reader.read(input);
            } catch (InvalidInput e) {
                refused++;
                assertThat(e.getMessage()).as(() -> show(seed, input)).isNotBlank();
            } catch (Throwable e) {
                throw new AssertionError(show(seed, input) + " made " + e, e);
            }
            slowest = Math.max(slowest, (System.nanoTime() - before) / 1e9);
            largest = Math.max(largest, THREADS.getCurrentThreadAllocatedBytes() - allocated);
            assertThat(slowest).as(() -> show(seed, input)).isLessThan(LONGEST_SECONDS);
            assertThat(largest >> 20).as(() -> show(seed, input)).isLessThan(mostMegabytes);
        }
        if (System.getProperty("kindling.fuzz") != null) {
            System.out.printf(
                    "%s: %d inputs, %d refused, %.1f s, slowest %.3f s, most %d KB%n",
                    StackWalker.getInstance().walk(frames -> frames.skip(1)
                            .findFirst()
                            .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                            .orElseThrow()),
                    inputs,
                    refused,
                    (System.nanoTime() - start) / 1e9,
                    slowest,
                    largest >> 10);
        }
    }

    private static String show(long seed, byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1).replaceAll("[^ -~\n]", "?");
        return "seed " + seed + ", input of " + input.length + " bytes "
                + HexFormat.of().formatHex(input, 0, Math.min(input.length, 200)) + " (\""
                + text.substring(0, Math.min(text.length(), 500)) + "\")";
    }

    private static byte[] damaged(List<byte[]> valid, SplitMix64 random) {
        byte[] input = one(valid, random).clone();
        for (int times = 1 + random.nextInt(2) * random.nextInt(4); times > 0; times--) {
            input = damaged(input, one(valid, random), random);
        }
        return input;
    }

    private static byte[] one(List<byte[]> inputs, SplitMix64 random) {
        return inputs.get(random.nextInt(inputs.size()));
    }

    private static byte[] damaged(byte[] input, byte[] other, SplitMix64 random) {
        int at = random.nextInt(input.length + 1);
        int to = at + random.nextInt(input.length - at + 1);
        switch (random.nextInt(9)) {
            case 0: // a flipped bit
                byte[] flipped = input.clone();
                if (at < input.length) {
                    flipped[at] ^= (byte) (1 << random.nextInt(8));
                }
                return flipped;
            case 1: // cut off
                return Arrays.copyOf(input, at);
            case 2: // the end of another
                return join(input, at, other, random.nextInt(other.length + 1), other.length, input, input.length);
            case 3: // a piece twice
                return join(input, to, input, at, to, input, to);
            case 4: // a piece missing
                return join(input, at, input, 0, 0, input, to);
            case 5: // another's piece instead of a piece
                int from = random.nextInt(other.length + 1);
                return join(input, at, other, from, from + random.nextInt(other.length - from + 1), input, to);
            case 6: // something extreme between
                byte[] extreme = EXTREMES[random.nextInt(EXTREMES.length)].getBytes(StandardCharsets.UTF_8);
                return join(input, at, extreme, 0, extreme.length, input, at);
            case 7: // something extreme instead of a number or word
                byte[] put = EXTREMES[random.nextInt(EXTREMES.length)].getBytes(StandardCharsets.UTF_8);
                int begin = at;
                while (begin > 0 && Character.isLetterOrDigit(input[begin - 1])) {
                    begin--;
                }
                int end = at;
                while (end < input.length && Character.isLetterOrDigit(input[end])) {
                    end++;
                }
                return join(input, begin, put, 0, put.length, input, end);
            default: // an extreme number in binary
                if (input.length < Long.BYTES) {
                    return input;
                }
                byte[] numbered = input.clone();
                ByteOrder order = random.nextInt(2) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
                ByteBuffer bytes = ByteBuffer.wrap(numbered).order(order);
                int place = random.nextInt(2) == 0
                        ? random.nextInt(Math.min(4, input.length / Integer.BYTES)) * Integer.BYTES
                        : random.nextInt(input.length - Long.BYTES + 1);
                if (random.nextInt(2) == 0) {
                    bytes.putInt(
                            place, new int[] {-1, 0, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 24}[random.nextInt(5)]);
                } else {
                    bytes.putLong(
                            Math.min(place, input.length - Long.BYTES),
                            new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 33}[random.nextInt(4)]);
                }
                return numbered;
        }
    }

    /** The first {@code upTo} bytes of a, a piece of b, and a third from some place on. */
    private static byte[] join(byte[] a, int upTo, byte[] b, int from, int to, byte[] c, int on) {
        byte[] joined = Arrays.copyOf(a, upTo + (to - from) + (c.length - on));
        System.arraycopy(b, from, joined, upTo, to - from);
        System.arraycopy(c, on, joined, upTo + (to - from), c.length - on);
        return joined;
    }

    /** Texts as bytes. */
    public static List<byte[]> bytes(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Bytes as a text, whatever they are. */
    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
