package dev.kindling.export;

import dev.kindling.nn.Activation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes of activations, by their class. */
final class ActivationNodes {

    /** Adds an activation's nodes and returns its output. */
    interface Writer<A extends Activation> {
        String write(A activation, Graph graph, String in);
    }

    static final Map<Class<?>, Writer<Activation>> ALL = new HashMap<>();

    static {
        on(Activation.Identity.class, (activation, graph, in) -> in);
        on(Activation.Relu.class, (activation, graph, in) -> graph.node("Relu", in));
        on(Activation.Sigmoid.class, (activation, graph, in) -> graph.node("Sigmoid", in));
        on(Activation.Tanh.class, (activation, graph, in) -> graph.node("Tanh", in));
        on(Activation.Softplus.class, (activation, graph, in) -> graph.node("Softplus", in));
        on(
                Activation.LeakyRelu.class,
                (activation, graph, in) ->
                        graph.node("LeakyRelu", List.of(Argument.of("alpha", (float) activation.slope())), in));
        on(
                Activation.Elu.class,
                (activation, graph, in) ->
                        graph.node("Elu", List.of(Argument.of("alpha", (float) activation.alpha())), in));
        on(
                Activation.Selu.class,
                (activation, graph, in) -> graph.node(
                        "Selu",
                        List.of(Argument.of("alpha", (float) Activation.Selu.ALPHA), Argument.of("gamma", (float)
                                Activation.Selu.LAMBDA)),
                        in));
        on(
                Activation.HardSigmoid.class,
                (activation, graph, in) -> graph.node(
                        "HardSigmoid", List.of(Argument.of("alpha", 1f / 6), Argument.of("beta", 0.5f)), in));
        on(Activation.Silu.class, (activation, graph, in) -> graph.node("Mul", in, graph.node("Sigmoid", in)));
        on(
                Activation.Mish.class,
                (activation, graph, in) -> graph.node("Mul", in, graph.node("Tanh", graph.node("Softplus", in))));
        on(Activation.Gelu.class, (activation, graph, in) -> gelu(graph, in));
        on(Activation.GeluTanh.class, (activation, graph, in) -> geluTanh(graph, in));
    }

    private ActivationNodes() {}

    private static <A extends Activation> void on(Class<A> kind, Writer<A> writer) {
        ALL.put(kind, (activation, graph, in) -> writer.write(kind.cast(activation), graph, in));
    }

    /** {@code x/2 · (1 + erf(x/√2))}. */
    private static String gelu(Graph graph, String in) {
        String erf = graph.node("Erf", graph.node("Mul", in, graph.constant((float) Math.sqrt(0.5))));
        return half(graph, in, erf);
    }

    /** {@code x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))}. */
    private static String geluTanh(Graph graph, String in) {
        String cubed = graph.node("Mul", in, graph.node("Mul", in, in));
        String sum = graph.node("Add", in, graph.node("Mul", cubed, graph.constant(0.044715f)));
        String tanh = graph.node("Tanh", graph.node("Mul", sum, graph.constant((float) Math.sqrt(2 / Math.PI))));
        return half(graph, in, tanh);
    }

    private static String half(Graph graph, String in, String share) {
        String gate = graph.node("Add", share, graph.constant(1f));
        return graph.node("Mul", graph.node("Mul", in, graph.constant(0.5f)), gate);
    }
}
