package dev.kindling.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.data.Shards;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.nn.Residual;
import dev.kindling.train.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Layer states for the same few rows, epoch by epoch: outputs of activations, gradients of dense layers, and both for
 * residual layers.
 */
public final class LayerHistory {
    /** How many layers are shown at most, evenly spaced from the first to the last. */
    static final int MOST_LAYERS = 12;

    private final List<String> names;
    private final List<Integer> forward;
    private final List<Integer> back;
    private final LayerWatch watch;
    private final EpochSamples<List<LayerState>> samples = new EpochSamples<>();
    private int first = -1; // the epoch of the first probe
    private int last; // the epoch that ended last
    private boolean probed = true; // whether the layers were probed after it

    LayerHistory(RunConfig run, Shards shards) {
        Network network = run.network();
        names = network.layerNames();
        forward = places(network, LayerHistory::showsOutputs);
        back = places(network, LayerHistory::showsGradient);
        watch = LayerWatch.of(run, shards);
    }

    /** Whether to show the layer's outputs. Those of a dense layer show in the activation that follows. */
    public static boolean showsOutputs(Layer layer) {
        return layer instanceof Nonlinearity || layer instanceof Residual;
    }

    /** Whether to show the gradient at its output. That of an activation equals the one below, except for the slope. */
    public static boolean showsGradient(Layer layer) {
        return layer instanceof Dense || layer instanceof Residual;
    }

    private static List<Integer> places(Network network, Predicate<Layer> kind) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < network.layers().size(); i++) {
            if (kind.test(network.layers().get(i))) {
                places.add(i);
            }
        }
        return places;
    }

    /**
     * Probes the layers if it is time to; otherwise perhaps at the end of the run.
     *
     * @param epoch the epoch that ended; 0 before the first
     * @param parameters at its end; not kept
     */
    void add(int epoch, float[] parameters) {
        first = first < 0 ? epoch : first;
        last = epoch;
        probed = (epoch - first) % watch.every() == 0 && samples.keeps(epoch);
        if (probed) {
            probe(parameters);
        }
    }

    /**
     * Ends the history: probes the layers after the last epoch, if not done yet.
     *
     * @param parameters at the end of the last epoch
     */
    void end(float[] parameters) {
        if (!probed) {
            probe(parameters);
            probed = true;
        }
        watch.end();
    }

    private void probe(float[] parameters) {
        watch.look(parameters).ifPresent(states -> samples.add(last, states));
    }

    void describe(ObjectNode json) {
        json.put("blind", watch.blind());
        json.put("rows", watch.rows());
        ArrayNode epochs = json.putArray("epochs");
        samples.all().forEach(sample -> epochs.add(sample.epoch()));
        json.put("activations", forward.size());
        ArrayNode outputs = json.putArray("outputs");
        for (int layer : EpochSamples.spread(forward, MOST_LAYERS)) {
            ObjectNode node = outputs.addObject().put("name", names.get(layer));
            column(node, "saturated", layer, LayerState::saturated);
            column(node, "dead", layer, LayerState::dead);
            histograms(node, layer, LayerState::outputs);
        }
        json.put("trained", back.size());
        ArrayNode gradients = json.putArray("gradients");
        for (int layer : EpochSamples.spread(back, MOST_LAYERS)) {
            ObjectNode node = gradients.addObject().put("name", names.get(layer));
            column(node, "size", layer, LayerState::gradientSize);
            histograms(node, layer, LayerState::gradients);
        }
    }

    private void column(ObjectNode node, String name, int layer, ToDoubleFunction<LayerState> value) {
        ReportJson.putAll(
                node,
                name,
                samples.all().stream()
                        .mapToDouble(
                                sample -> value.applyAsDouble(sample.value().get(layer)))
                        .toArray());
    }

    private void histograms(ObjectNode node, int layer, Function<LayerState, @Nullable Histogram> value) {
        ArrayNode histograms = node.putArray("histograms");
        for (EpochSamples.Sample<List<LayerState>> sample : samples.shown()) {
            Histogram histogram = value.apply(sample.value().get(layer));
            if (histogram != null) {
                histogram.describe(histograms.addObject().put("epoch", sample.epoch()));
            }
        }
    }
}
