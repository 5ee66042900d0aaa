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
 * What the layers made of the same few rows, epoch by epoch: of activations the outputs, of dense layers the gradient that
 * comes back to them, of residual ones both.
 */
public final class LayerHistory {
    /** Of more layers, as many are shown, from the first to the last. */
    static final int MOST_LAYERS = 12;

    private final List<String> names;
    private final List<Integer> forward;
    private final List<Integer> back;
    private final LayerWatch watch;
    private final Thinned<List<LayerState>> looks = new Thinned<>();
    private int first = -1; // the epoch of the first look
    private int last; // the epoch that ended last
    private boolean seen = true; // whether the last look was after it

    LayerHistory(RunConfig run, Shards shards) {
        Network network = run.network();
        names = network.layerNames();
        forward = places(network, LayerHistory::showsOutputs);
        back = places(network, LayerHistory::showsGradient);
        watch = LayerWatch.of(run, shards);
    }

    /** Whether what the layer puts out is worth a look: of a dense layer, it is seen through the activation that follows. */
    public static boolean showsOutputs(Layer layer) {
        return layer instanceof Nonlinearity || layer instanceof Residual;
    }

    /** Whether the gradient at its output is: that of an activation is the one below it but for the slope. */
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
     * Looks now if it is time, else perhaps at the end.
     *
     * @param epoch that ended; 0 before the first
     * @param parameters at its end, not kept
     */
    void add(int epoch, float[] parameters) {
        first = first < 0 ? epoch : first;
        last = epoch;
        seen = (epoch - first) % watch.every() == 0 && looks.stays(epoch);
        if (seen) {
            look(parameters);
        }
    }

    /**
     * No epoch follows: looks at the last one, and is done with looking.
     *
     * @param parameters at its end
     */
    void end(float[] parameters) {
        if (!seen) {
            look(parameters);
            seen = true;
        }
        watch.end();
    }

    private void look(float[] parameters) {
        watch.look(parameters).ifPresent(states -> looks.add(last, states));
    }

    void describe(ObjectNode json) {
        json.put("blind", watch.blind());
        json.put("rows", watch.rows());
        ArrayNode epochs = json.putArray("epochs");
        looks.all().forEach(look -> epochs.add(look.epoch()));
        json.put("activations", forward.size());
        ArrayNode outputs = json.putArray("outputs");
        for (int layer : Thinned.spread(forward, MOST_LAYERS)) {
            ObjectNode node = outputs.addObject().put("name", names.get(layer));
            column(node, "saturated", layer, LayerState::saturated);
            column(node, "dead", layer, LayerState::dead);
            histograms(node, layer, LayerState::outputs);
        }
        json.put("trained", back.size());
        ArrayNode gradients = json.putArray("gradients");
        for (int layer : Thinned.spread(back, MOST_LAYERS)) {
            ObjectNode node = gradients.addObject().put("name", names.get(layer));
            column(node, "size", layer, LayerState::gradientSize);
            histograms(node, layer, LayerState::gradients);
        }
    }

    private void column(ObjectNode node, String name, int layer, ToDoubleFunction<LayerState> value) {
        ReportJson.putAll(
                node,
                name,
                looks.all().stream()
                        .mapToDouble(look -> value.applyAsDouble(look.value().get(layer)))
                        .toArray());
    }

    private void histograms(ObjectNode node, int layer, Function<LayerState, @Nullable Histogram> value) {
        ArrayNode histograms = node.putArray("histograms");
        for (Thinned.Seen<List<LayerState>> look : looks.shown()) {
            Histogram histogram = value.apply(look.value().get(layer));
            if (histogram != null) {
                histogram.describe(histograms.addObject().put("epoch", look.epoch()));
            }
        }
    }
}
