package dev.kindling.job.io;

import dev.kindling.linalg.InvalidInput;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the largest index in libsvm text, for which Spark would go over it too, and the first line that Spark would fail
 * at: it would tell of the whole line, in the logs of its tasks as well.
 */
public final class LibsvmLines implements FlatMapFunction<Iterator<String>, LibsvmLines.Verdict> {
    private static final long serialVersionUID = 1L;

    /**
     * The largest index, or 0 if there is none.
     *
     * @param source that the lines are from, for messages
     * @throws InvalidInput for the first line that cannot be read
     */
    public static int largestIndex(JavaRDD<String> lines, DataSource source) {
        return largestIndex(lines.mapPartitions(new LibsvmLines()).collect(), source.toString());
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
            return told(items[0]) + " where a number must be, the label";
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
                return told(item) + " where index:value must be, with an index from 1 and a number";
            }
            if (index <= previous) {
                return told(item) + " after index " + previous + ", but indices must ascend";
            }
            previous = index;
        }
        verdict.largest = Math.max(verdict.largest, previous);
        return null;
    }

    private static String told(String item) {
        return "\"" + InvalidInput.value(RowCheck.cut(item)) + "\"";
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

    /** On the lines of one partition, up to the first that cannot be read. */
    public static final class Verdict implements Serializable {
        private static final long serialVersionUID = 1L;

        long lines;
        int largest;

        @Nullable
        String problem;
    }
}
