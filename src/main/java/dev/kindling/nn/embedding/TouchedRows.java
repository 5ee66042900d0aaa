package dev.kindling.nn.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a network's first weights that some inputs touch, as a smaller matrix of their own. A run of inputs has one
 * row of weights for each input; a batch in which the input is 0 in every row neither reads that row nor gives it a
 * gradient. Inputs between the runs have no such row and are always kept.
 *
 * <p>The vectors of a part are those of the whole, parameters, gradients or an optimizer's state, with these rows in the
 * place of all, and the rest as it is. The number of rows is rounded up, so that arrays of one step fit the next; the
 * rows that nothing touches are 0.
 */
public final class TouchedRows {
    private final int width; // of a row
    private final int wholeRows;
    private final int rows; // of the part
    private final int columns; // inputs of the part
    private final Runs runs; // of the part's inputs
    private final int[] inputs; // of the whole that the part has, ascending
    private final int[] places; // of each in the part
    private final int[] from; // the whole's row for each row of the part that is touched, ascending
    private final int[] to; // that row of the part

    private TouchedRows(
            int width,
            int wholeRows,
            int rows,
            int columns,
            Runs runs,
            int[] inputs,
            int[] places,
            int[] from,
            int[] to) {
        this.width = width;
        this.wholeRows = wholeRows;
        this.rows = rows;
        this.columns = columns;
        this.runs = runs;
        this.inputs = inputs;
        this.places = places;
        this.from = from;
        this.to = to;
    }

    /**
     * The rows that some inputs touch.
     *
     * @param runs of inputs that have rows
     * @param all inputs
     * @param width of a row
     * @param touched ascending
     */
    public static TouchedRows of(Runs runs, int all, int width, int[] touched) {
        int passing = all - Runs.count(runs.widths());
        int[] inputs = new int[passing + touched.length];
        int[] places = new int[inputs.length];
        int[] from = new int[touched.length];
        List<Integer> starts = new ArrayList<>();
        List<Integer> widths = new ArrayList<>();
        int kept = 0;
        int rows = 0;
        int columns = 0;
        int wholeRows = 0;
        int next = 0; // of the touched
        int input = 0;
        int[] to = new int[touched.length];
        int found = 0;
        for (int g = 0; g < runs.starts().size(); g++) {
            int start = runs.starts().get(g);
            int end = start + runs.widths().get(g);
            for (; input < start; input++) {
                inputs[kept] = input;
                places[kept++] = columns++;
            }
            for (; next < touched.length && touched[next] < start; next++) {}
            starts.add(columns);
            for (; next < touched.length && touched[next] < end; next++) {
                inputs[kept] = touched[next];
                places[kept++] = columns++;
                from[found] = wholeRows + touched[next] - start;
                to[found++] = rows++;
            }
            wholeRows += end - start;
            int least = Math.max(rows, rows + starts.get(g) + 1 - columns); // a run has an input
            int rounded = g + 1 < runs.starts().size() ? least : Math.min(rounded(least), wholeRows);
            columns += rounded - rows;
            rows = rounded;
            widths.add(columns - starts.get(g));
            input = end;
        }
        for (; input < all; input++) {
            inputs[kept] = input;
            places[kept++] = columns++;
        }
        return new TouchedRows(
                width,
                wholeRows,
                rows,
                columns,
                new Runs(starts, widths),
                Arrays.copyOf(inputs, kept),
                Arrays.copyOf(places, kept),
                Arrays.copyOf(from, found),
                Arrays.copyOf(to, found));
    }

    /** Up to the next of eight numbers between two powers of two. */
    private static int rounded(int rows) {
        int unit = Math.max(1, Integer.highestOneBit(rows) >> 3);
        return (int) Math.min(Integer.MAX_VALUE, ((long) rows + unit - 1) / unit * unit);
    }

    /** These rows as a part of other rows of the same network, which has all of them. */
    public TouchedRows within(TouchedRows other) {
        int[] rowsThere = new int[from.length];
        int at = 0;
        for (int i = 0; i < from.length; i++) {
            while (other.from[at] < from[i]) {
                at++;
            }
            rowsThere[i] = other.to[at];
        }
        return new TouchedRows(width, other.rows, rows, columns, runs, inputs, places, rowsThere, to);
    }

    /** The part's inputs, touched or not. */
    public int columns() {
        return columns;
    }

    /** The part's runs of inputs. */
    public Runs runs() {
        return runs;
    }

    /** The rows of the whole. */
    public int wholeRows() {
        return wholeRows;
    }

    /** The floats of a row. */
    public int width() {
        return width;
    }

    /** Whether a network for one serves the other. */
    public boolean isLike(TouchedRows other) {
        return columns == other.columns && runs.equals(other.runs);
    }

    /**
     * Writes where each of the part's inputs is.
     *
     * @param map (inputs of the whole); entries of other inputs stay as they are
     */
    public void writePlaces(int[] map) {
        for (int i = 0; i < inputs.length; i++) {
            map[inputs[i]] = places[i];
        }
    }

    /** Copies what a vector of the whole has of the part. */
    public void gather(float[] whole, float[] part) {
        int next = 0;
        for (int i = 0; i < from.length; i++) {
            Arrays.fill(part, next * width, to[i] * width, 0f);
            System.arraycopy(whole, from[i] * width, part, to[i] * width, width);
            next = to[i] + 1;
        }
        Arrays.fill(part, next * width, rows * width, 0f);
        System.arraycopy(whole, wholeRows * width, part, rows * width, part.length - rows * width);
    }

    /** Copies a vector of the part to where it comes from. */
    public void scatter(float[] part, float[] whole) {
        for (int i = 0; i < from.length; i++) {
            System.arraycopy(part, to[i] * width, whole, from[i] * width, width);
        }
        System.arraycopy(part, rows * width, whole, wholeRows * width, part.length - rows * width);
    }
}
