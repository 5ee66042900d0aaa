package dev.kindling.loss;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several tallies of the same rows, with all their sums in one array. Equal tallies are kept once. */
public final class Tallies implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<Tally, Integer> places = new LinkedHashMap<>(); // of their first sums
    private final int length;

    public Tallies(Collection<? extends Tally> tallies) {
        int next = 0;
        for (Tally tally : tallies) {
            if (places.putIfAbsent(tally, next) == null) {
                next = Math.addExact(next, tally.sums());
            }
        }
        this.length = next;
    }

    /** Those that some metrics need. */
    public static Tallies of(List<Metric> metrics) {
        return new Tallies(metrics.stream().map(Metric::tally).toList());
    }

    /** The number of sums. */
    public int sums() {
        return length;
    }

    /** Counts rows. */
    public void add(Scored rows, double[] sums) {
        places.forEach((tally, from) -> tally.add(rows, sums, from));
    }

    /** Joins the sums of other rows to these. */
    public void join(double[] sums, double[] others) {
        for (Map.Entry<Tally, Integer> place : places.entrySet()) {
            Tally tally = place.getKey();
            Tally.join(sums, others, place.getValue(), tally.sums(), tally.moments());
        }
    }

    /** Where one tally's sums begin. */
    public int from(Tally tally) {
        Integer from = places.get(tally);
        if (from == null) {
            throw new IllegalArgumentException("there is no " + tally + " in " + places.keySet());
        }
        return from;
    }

    /** A metric of the rows that were counted. */
    public double of(Metric metric, double[] sums, double weight) {
        return metric.of(sumsOf(metric.tally(), sums), weight);
    }

    /** A copy of one tally's sums. */
    public double[] sumsOf(Tally tally, double[] sums) {
        int from = from(tally);
        return Arrays.copyOfRange(sums, from, from + tally.sums());
    }
}
