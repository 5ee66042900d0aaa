package dev.kindling.export;

import dev.kindling.loss.ValueLoss;
import java.util.List;

/** The nodes of a loss: from the logits of one or several networks to predictions, as the loss does it. */
interface LossNodes {

    /** The logits that stand for the mean prediction of several networks. */
    String average(Graph graph, List<String> networks);

    /** Predictions (rows, outputs) of logits. */
    String link(Graph graph, String logits);

    /** The predictions of a network that may be one of several, at a temperature. */
    default String predictions(Graph graph, List<String> networks, double temperature) {
        graph.enter("mean");
        String logits = networks.size() == 1 ? networks.get(0) : average(graph, networks);
        graph.enter("link");
        return link(graph, temperature == 1 ? logits : graph.node("Div", logits, graph.constant((float) temperature)));
    }

    /** The logarithm of each class's mean probability; probabilities too small for a float32 have one too. */
    record Softmax() implements LossNodes {
        @Override
        public String average(Graph graph, List<String> networks) {
            List<Argument> ofRow = List.of(Argument.of("axis", 1));
            return logMeanExp(
                    graph,
                    networks.stream()
                            .map(logits -> graph.node("LogSoftmax", ofRow, logits))
                            .toList());
        }

        @Override
        public String link(Graph graph, String logits) {
            return graph.node("Softmax", List.of(Argument.of("axis", 1)), logits);
        }
    }

    /** The log-odds of the mean probability of class 1; both classes' probabilities. */
    record Odds() implements LossNodes {
        @Override
        public String average(Graph graph, List<String> networks) {
            List<String> one = networks.stream()
                    .map(logit -> graph.node("Neg", graph.node("Softplus", graph.node("Neg", logit))))
                    .toList();
            List<String> zero = networks.stream()
                    .map(logit -> graph.node("Neg", graph.node("Softplus", logit)))
                    .toList();
            return graph.node("Sub", logMeanExp(graph, one), logMeanExp(graph, zero));
        }

        @Override
        public String link(Graph graph, String logits) {
            String one = graph.node("Sigmoid", logits);
            return graph.concat(List.of(graph.node("Sub", graph.constant(1f), one), one));
        }
    }

    record Linear() implements LossNodes {
        @Override
        public String average(Graph graph, List<String> networks) {
            return graph.node("Mean", networks.toArray(new String[0]));
        }

        @Override
        public String link(Graph graph, String logits) {
            return logits;
        }
    }

    /** {@code exp(z) - less}. */
    record Exponential(float less) implements LossNodes {
        @Override
        public String average(Graph graph, List<String> networks) {
            return logMeanExp(graph, networks);
        }

        @Override
        public String link(Graph graph, String logits) {
            String power = graph.node("Exp", logits);
            return less == 0 ? power : graph.node("Sub", power, graph.constant(less));
        }
    }

    /** {@code mean + deviation z}, in double. */
    record Scaled(ValueLoss.Standardized loss) implements LossNodes {
        @Override
        public String average(Graph graph, List<String> networks) {
            return new Linear().average(graph, networks);
        }

        @Override
        public String link(Graph graph, String logits) {
            String deviations = graph.constant(doubles(loss.deviations()));
            String scaled = graph.node("Mul", graph.cast(logits, Element.DOUBLE), deviations);
            return graph.cast(graph.node("Add", scaled, graph.constant(doubles(loss.means()))), Element.FLOAT);
        }

        private static double[] doubles(List<Double> values) {
            return values.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    private static String logMeanExp(Graph graph, List<String> terms) {
        String max = graph.node("Max", terms.toArray(new String[0]));
        String[] powers = terms.stream()
                .map(term -> graph.node("Exp", graph.node("Sub", term, max)))
                .toArray(String[]::new);
        return graph.node("Add", graph.node("Log", graph.node("Mean", powers)), max);
    }
}
