package dev.kindling.job.input;

import dev.kindling.linalg.InvalidInput;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the largest index in libsvm text, and the first line that Spark cannot read. Spark would need a pass for the
 * index as well, and would print a bad line in full in its messages and task logs.
 */
public final class LibsvmLines implements FlatMapFunction<Iterator<String>, LibsvmLines.Verdict> {
    private static final long serialVersionUID = 1L;

    /**
     * The largest index, or 0 if there is none.
     *
     * @param source the source of the lines, for messages
     * @throws InvalidInput for the first line that cannot be read
     */
    public static int largestIndex(JavaRDD<String> lines, String source) {
        return largestIndex(lines.mapPartitions(new LibsvmLines()).collect(), source);
    }

    public static int largestIndex(List<Verdict> verdicts, String source) {
        long before = 0;
        int largest = 0;
        for (Verdict verdict : verdicts) {
            if (verdict.problem != null) {
                throw new InvalidInput(source + " must be readable as libsvm, but line " + (before + verdict.lines)
                        + " has " + verdict.problem);
            }
            before += verdict.lines;
            largest = Math.max(largest, verdict.largest);
        }
        return largest;
    }

    @Override
    public Iterator<Verdict> call(Iterator<String> lines) {
        Verdict verdict = new Verdict();
        while (lines.hasNext() && verdict.problem == null) {
            verdict.lines++;
            String line = lines.next().trim();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                verdict.problem = problem(line.split(" ", -1), verdict);
            }
        }
        return List.of(verdict).iterator();
    }

    private static @Nullable String problem(String[] items, Verdict verdict) {
        if (!isNumber(items[0])) {
            return quote(items[0]) + " instead of a number as the label";
        }
        int previous = 0;
        for (int i = 1; i < items.length; i++) {
            String item = items[i];
            if (item.isEmpty()) {
                continue;
            }
            int colon = item.indexOf(':');
            int index = colon < 0 ? 0 : index(item.substring(0, colon));
            if (index < 1 || !isNumber(item.substring(colon + 1))) {
                return quote(item) + " instead of index:value, with an index of at least 1 and a number";
            }
            if (index <= previous) {
                return quote(item) + " after index " + previous + ", but indices must be ascending";
            }
            previous = index;
        }
        verdict.largest = Math.max(verdict.largest, previous);
        return null;
    }

    private static String quote(String item) {
        return "\"" + InvalidInput.value(RawLines.cut(item)) + "\"";
    }

    private static int index(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static boolean isNumber(String text) {
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The result for one partition, up to the first line that cannot be read. */
    public static final class Verdict implements Serializable {
        private static final long serialVersionUID = 1L;

        long lines;
        int largest;

        @Nullable
        String problem;
    }
}
