package dev.kindling.report;

import dev.kindling.data.Shards;
import dev.kindling.nn.Network;
import dev.kindling.train.RunConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a run's layers, as often as costs next to nothing: which epochs depends on sizes alone, never on the clock. A look
 * that fails ends the looking, never the run.
 */
public final class LayerWatch {
    /** With more, a gradient on the driver, 256 MiB, is more than a picture is worth. */
    private static final int MOST_PARAMETERS = 1 << 26;

    /** With more, so are the outputs of a look's rows, 64 MiB, and their histograms. */
    private static final int MOST_UNITS = 1 << 16;

    /** Products of a parameter and a row: a look at no more takes some milliseconds. */
    private static final long CHEAP = 1 << 24;

    /** A look at more may take this share of the rows that a shard trains on between two looks. */
    private static final double SHARE = 0.05;

    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");

    private final int every;
    private final int rows;
    private @Nullable LayerProbe probe; // null where there is nothing to look with
    private String blind = "";

    private LayerWatch(int every, int rows) {
        this.every = every;
        this.rows = rows;
    }

    /** One of the run that begins, with some of its rows, or a blind one. */
    public static LayerWatch of(RunConfig run, Shards shards) {
        Network network = run.network();
        int rows = (int) Math.min(LayerProbe.ROWS, shards.rows());
        LayerWatch watch = new LayerWatch(every(network.parameterCount(), rows, shards), rows);
        long units = 0;
        for (int i = 0; i < network.layers().size(); i++) {
            units += network.outputs(i);
        }
        if (network.parameterCount() > MOST_PARAMETERS || units > MOST_UNITS) {
            watch.blind = "the network is too large for a look at its layers on the driver: it has "
                    + network.parameterCount() + " parameters and " + units
                    + " outputs of layers, and a look is taken up to "
                    + MOST_PARAMETERS + " and " + MOST_UNITS;
            return watch;
        }
        try {
            watch.probe = LayerProbe.of(shards, network, run.loss(), run.gemm());
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            watch.fail(e);
        }
        return watch;
    }

    private static int every(int parameters, int rows, Shards shards) {
        return (long) parameters * rows <= CHEAP
                ? 1
                : (int) Math.max(1, Math.ceil(rows * (double) shards.count() / shards.rows() / SHARE));
    }

    /** How many epochs lie between two looks. */
    public int every() {
        return every;
    }

    /** How many rows it looks at. */
    int rows() {
        return rows;
    }

    /** Why it sees nothing, or empty. */
    String blind() {
        return blind;
    }

    /** The layers with these parameters; empty where it sees nothing. */
    public Optional<List<LayerState>> look(float[] parameters) {
        if (probe == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(probe.look(parameters));
        } catch (RuntimeException | OutOfMemoryError e) {
            fail(e);
            return Optional.empty();
        }
    }

    /** Lets go of what it looks with. */
    void end() {
        probe = null;
    }

    private void fail(Throwable failure) {
        probe = null;
        blind = "the look at the layers failed: " + failure.getMessage();
        LOG.warn("layers are not looked at any more, training goes on: {}", failure.toString());
    }
}
