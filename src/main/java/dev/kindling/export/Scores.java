package dev.kindling.export;

import dev.kindling.nn.ensemble.Ensemble;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a trained model makes of features: a classifier's label and probabilities, or values.
 *
 * @param parameters of all members, borrowed
 * @param featureOffsets what is subtracted from each feature, in double; empty for nothing
 * @param targetOffsets what is added to each value, in double; empty for nothing
 * @param classes the names of the classes, in the order of their indices; empty where targets are values
 * @param thresholds what the probability of each class is divided by before they are compared; empty for nothing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Scores(
        Ensemble ensemble,
        float[] parameters,
        double[] featureOffsets,
        double[] targetOffsets,
        List<String> classes,
        double[] thresholds) {

    /** What the features should be given as: double where float32 would lose digits that count. */
    public Element featureElement() {
        return featureOffsets.length > 0 ? Element.DOUBLE : Element.FLOAT;
    }

    /**
     * Adds the network and its outputs.
     *
     * @param features (rows, inputs) of {@link #featureElement}
     */
    public void write(Graph graph, String features) {
        graph.enter("features");
        String in = features;
        if (featureOffsets.length > 0) {
            in = graph.cast(graph.node("Sub", features, graph.constant(featureOffsets)), Element.FLOAT);
        }
        String refused = refused(graph, in);
        List<String> logits = new ArrayList<>();
        for (int member = 0; member < ensemble.members(); member++) {
            String name = ensemble.members() == 1 ? "" : "member" + (member + 1) + ".";
            logits.add(new LayerNodes(graph, ensemble.member(parameters, member), name)
                    .write(ensemble.network().layers(), in, ensemble.network().inputs()));
        }
        String predictions = LossKinds.of(ensemble.loss()).predictions(graph, logits, ensemble.temperature());
        if (classes.isEmpty()) {
            writeValues(graph, predictions, refused);
        } else {
            writeClasses(graph, predictions, refused);
        }
    }

    /** (rows, 1): whether a feature is no finite number. The difference of such a one from itself is NaN, others' is 0. */
    private static String refused(Graph graph, String features) {
        String nothing = graph.node("Sub", features, features);
        return graph.node("IsNaN", graph.node("ReduceSum", nothing, graph.constant(1L)));
    }

    private void writeValues(Graph graph, String predictions, String refused) {
        boolean moved = targetOffsets.length > 0;
        String values = predictions;
        if (moved) {
            values = graph.node("Add", graph.cast(values, Element.DOUBLE), graph.constant(targetOffsets));
        }
        String missing = moved ? graph.constant(Double.NaN) : graph.constant(Float.NaN);
        graph.output(
                "variable",
                moved ? Element.DOUBLE : Element.FLOAT,
                ensemble.network().outputs(),
                graph.node("Where", refused, missing, values),
                "the predictions; NaN for a row that the model refuses");
    }

    private void writeClasses(Graph graph, String probabilities, String refused) {
        graph.enter("label");
        List<Argument> ofRow = List.of(Argument.of("axis", 1));
        String index =
                graph.node("ArgMax", ofRow, thresholds.length == 0 ? probabilities : scaled(graph, probabilities));
        boolean whole = classes.stream().allMatch(Scores::isWhole);
        String names = whole
                ? graph.constant(classes.stream().mapToLong(Long::parseLong).toArray())
                : graph.constant(classes);
        String none = whole ? graph.constant(Long.MIN_VALUE) : graph.constant(List.of(""));
        String label = graph.node("Where", refused, none, graph.node("Gather", names, index));
        graph.output(
                "label",
                whole ? Element.INT64 : Element.STRING,
                0,
                graph.node("Reshape", label, graph.constant(-1L)),
                "the predicted class; " + (whole ? Long.MIN_VALUE : "empty") + " for a row that the model refuses");
        graph.output(
                "probabilities",
                Element.FLOAT,
                classes.size(),
                graph.node("Where", refused, graph.constant(Float.NaN), probabilities),
                "of the classes " + String.join(", ", classes) + "; NaN for a row that the model refuses");
    }

    /** Probabilities over thresholds, in double; infinite where a threshold is 0, whatever the probability. */
    private String scaled(Graph graph, String probabilities) {
        double[] divisors = IntStream.range(0, thresholds.length)
                .mapToDouble(i -> thresholds[i] == 0 ? 1 : thresholds[i])
                .toArray();
        double[] least = IntStream.range(0, thresholds.length)
                .mapToDouble(i -> thresholds[i] == 0 ? Double.POSITIVE_INFINITY : 0)
                .toArray();
        String ratio = graph.node("Div", graph.cast(probabilities, Element.DOUBLE), graph.constant(divisors));
        return graph.node("Max", ratio, graph.constant(least));
    }

    private static boolean isWhole(String text) {
        try {
            return String.valueOf(Long.parseLong(text)).equals(text);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
