package dev.kindling.nn.embedding;

import dev.kindling.linalg.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs of neighbouring inputs that a layer replaces. Inputs between them pass unchanged, and the order stays.
 *
 * @param starts the first input of each run, ascending
 * @param widths the number of inputs of each
 */
public record Runs(List<Integer> starts, List<Integer> widths) {

    /** The runs of inputs that are true. */
    public static Runs of(boolean[] inputs) {
        List<Integer> starts = new ArrayList<>();
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            int last = widths.size() - 1;
            if (inputs[i] && i > 0 && inputs[i - 1]) {
                widths.set(last, widths.get(last) + 1);
            } else if (inputs[i]) {
                starts.add(i);
                widths.add(1);
            }
        }
        return new Runs(starts, widths);
    }

    /** Refuses runs that overlap or are out of order. */
    public void check(String layer) {
        Require.that(
                starts.size() == widths.size(),
                layer + " needs as many starts as widths, but has " + starts.size() + " and " + widths.size());
        long next = 0;
        for (int g = 0; g < starts.size(); g++) {
            Require.positive(widths.get(g), "each width of " + layer);
            Require.that(
                    starts.get(g) >= next,
                    "the inputs of " + layer + " must not overlap and be in order, but input " + starts.get(g)
                            + " comes after " + (next - 1));
            next = (long) starts.get(g) + widths.get(g);
        }
    }

    /** How many inputs are replaced. */
    private long count() {
        long count = 0;
        for (int g = 0; g < widths.size(); g++) { // without an iterator, as passes ask
            count += widths.get(g);
        }
        return count;
    }

    /** How many inputs runs of these widths replace, where that is known to fit. */
    public static int count(List<Integer> widths) {
        return (int) new Runs(List.of(), widths).count();
    }

    /**
     * The width of the output if each run becomes {@code perRun} outputs and each of its inputs {@code perInput}.
     *
     * @param what the layer replaces, such as "for a column"
     */
    public int outputs(String layer, String what, int inputs, int perRun, int perInput) {
        int last = starts.size() - 1;
        long end = (long) starts.get(last) + widths.get(last);
        Require.that(
                end <= inputs,
                layer + " takes inputs " + starts.get(last) + " to " + (end - 1) + " " + what + ", but there are "
                        + inputs + " inputs");
        long outputs = inputs - count() + count() * perInput + (long) starts.size() * perRun;
        Require.that(outputs <= Integer.MAX_VALUE, layer + " must have fewer outputs than " + outputs);
        return (int) outputs;
    }

    /** (inputs, 2): where an input's output or first output is, and its number among those replaced, or -1 if it passes. */
    public int[] places(int inputs, int perRun, int perInput) {
        int[] places = new int[Math.multiplyExact(2, inputs)];
        Arrays.fill(places, -1);
        int replaced = 0;
        int to = 0;
        int next = 0;
        for (int g = 0; g < starts.size(); g++) {
            for (; next < starts.get(g); next++) {
                places[2 * next] = to++;
            }
            for (; next < starts.get(g) + widths.get(g); next++) {
                places[2 * next] = to;
                places[2 * next + 1] = replaced++;
                to += perInput;
            }
            to += perRun;
        }
        for (; next < inputs; next++) {
            places[2 * next] = to++;
        }
        return places;
    }
}
