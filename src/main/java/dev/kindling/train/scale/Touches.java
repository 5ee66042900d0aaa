package dev.kindling.train.scale;

import dev.kindling.train.TouchedSteps;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What steps touch of a network's first weights, where only that travels: a wide first layer over sparse rows. */
final class Touches {
    /** Of a network that travels whole. */
    static final Touches NONE = new Touches(0, 0, 0, 0, 0, 0, 0, Map.of());

    private final long all;
    private final int width;
    private final double nonzeros;
    private final double below;
    private final double belowLocal;
    private final double mark;
    private final double join;
    private final NavigableMap<Double, Double> found;

    /**
     * What was measured.
     *
     * @param all rows of the first weights
     * @param width floats of each
     * @param nonzeros values other than 0 in a row of data
     * @param below rows of a step below which it takes a part, and {@code belowLocal} of a round of local steps; 0: never
     * @param mark seconds of a core to find what a row of data touches
     * @param join seconds of the driver for each number of what a shard touches
     * @param found by rows of data, how many of the first weights' rows they touch
     */
    Touches(
            long all,
            int width,
            double nonzeros,
            double below,
            double belowLocal,
            double mark,
            double join,
            Map<Double, Double> found) {
        this.all = all;
        this.width = width;
        this.nonzeros = nonzeros;
        this.below = below;
        this.belowLocal = belowLocal;
        this.mark = mark;
        this.join = join;
        this.found = new TreeMap<>(found);
    }

    /** The same with the seconds of the driver for each number of what a shard touches. */
    Touches joinedIn(double seconds) {
        return new Touches(all, width, nonzeros, below, belowLocal, mark, seconds, found);
    }

    /** Whether rounds take only a part of the network. */
    boolean isPart(int batch, int localSteps) {
        return (double) batch * localSteps < (localSteps > 1 ? belowLocal : below);
    }

    /** Whether rounds of local steps do so too, if they are short. */
    boolean isPartOfRounds() {
        return belowLocal > 0;
    }

    /** The floats of the first weights that so many rows of data do not touch. */
    double untouchedFloats(double rows) {
        return (all - numbers(rows)) * width;
    }

    /**
     * How many of the first weights' rows so many rows of data touch: in logarithms, on a line between those that were
     * measured, or through 0 below them.
     */
    double numbers(double rows) {
        Map.Entry<Double, Double> fewer = found.floorEntry(rows);
        Map.Entry<Double, Double> more = found.ceilingEntry(rows);
        if (fewer == null && more == null) {
            return 0;
        }
        if (fewer == null) {
            return more.getValue() * rows / more.getKey();
        }
        if (more == null || more.getKey().equals(fewer.getKey()) || fewer.getValue() == 0) {
            return fewer.getValue();
        }
        double share = Math.log(rows / fewer.getKey()) / Math.log(more.getKey() / fewer.getKey());
        return fewer.getValue() * Math.pow(more.getValue() / fewer.getValue(), share);
    }

    /** For how many rounds of so many rows one job asks what they touch. */
    double ahead(double rows) {
        return TouchedSteps.ahead(nonzeros * rows);
    }

    /** Seconds of a core to find what so many rows of data touch. */
    double marking(double rows) {
        return mark * rows;
    }

    /** Seconds of the driver to join so many numbers. */
    double joining(double numbers) {
        return join * numbers;
    }

    /** The rows of the first weights. */
    long all() {
        return all;
    }
}
