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
 * Probes a run's layers as often as it costs almost nothing. The epochs depend on sizes alone, never on the clock. A
 * probe that fails ends probing, never the run.
 */
public final class LayerWatch {
    /** Larger networks are not probed: a gradient on the driver, 256 MiB, is too much for a chart. */
    private static final int MOST_PARAMETERS = 1 << 26;

    /** Wider networks are not probed: the outputs of the probed rows, 64 MiB, and their histograms are too much. */
    private static final int MOST_UNITS = 1 << 16;

    /** Products of a parameter and a row: a probe with no more takes a few milliseconds. */
    private static final long CHEAP = 1 << 24;

    /** A larger probe may use this share of the rows that a shard trains on between two probes. */
    private static final double SHARE = 0.05;

    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");

    private final int every;
    private final int rows;
    private @Nullable LayerProbe probe; // null if layers are not probed
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
            watch.blind = "the network is too large to probe its layers on the driver: it has "
                    + network.parameterCount() + " parameters and " + units
                    + " layer outputs, but the limits are "
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

    /** The number of epochs between two probes. */
    public int every() {
        return every;
    }

    /** The number of probed rows. */
    int rows() {
        return rows;
    }

    /** Why layers are not probed; empty if they are. */
    String blind() {
        return blind;
    }

    /** The states of the layers with these parameters; empty if layers are not probed. */
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

    /** Releases the probe's memory. */
    void end() {
        probe = null;
    }

    private void fail(Throwable failure) {
        probe = null;
        blind = "probing the layers failed: " + failure.getMessage();
        LOG.warn("layers are no longer probed, training continues: {}", failure.toString());
    }
}
