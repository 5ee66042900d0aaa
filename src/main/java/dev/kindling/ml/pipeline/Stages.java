package dev.kindling.ml.pipeline;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.internal.HasNetwork;
import dev.kindling.table.TableVectorizerModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.ImputerModel;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.MinMaxScalerModel;
import org.apache.spark.ml.feature.OneHotEncoderModel;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.feature.VectorSizeHint;
import org.apache.spark.ml.param.Param;

/** The stages of a pipeline in their order: those that make features, the network, and what gives its classes their texts. */
final class Stages {
    /** Of Spark, and ours. */
    private static final List<Class<? extends Transformer>> WRITABLE = List.of(
            StringIndexerModel.class,
            OneHotEncoderModel.class,
            VectorAssembler.class,
            VectorSizeHint.class,
            StandardScalerModel.class,
            MinMaxScalerModel.class,
            ImputerModel.class,
            PCAModel.class,
            TableVectorizerModel.class);

    private static final String UNKNOWN = "__unknown"; // StringIndexer's name of the index that invalid texts get

    private final List<Transformer> all = new ArrayList<>();
    private final int network; // its place

    /** @throws InvalidInput if a stage cannot be written, or there is not one network */
    Stages(PipelineModel pipeline) {
        flatten(pipeline);
        Set<String> networks = all.stream()
                .filter(stage -> stage instanceof HasNetwork)
                .map(stage -> stage.getClass().getName())
                .collect(Collectors.toSet());
        network = requireWritable(
                all.stream().map(stage -> stage.getClass().getName()).toList(), networks);
        for (int place = network + 1; place < all.size(); place++) {
            IndexToString texts = (IndexToString) all.get(place);
            Require.that(
                    texts.getInputCol().equals(prediction().getPredictionCol()),
                    name(place) + ", must read the predictions to be written in ONNX, but reads \""
                            + texts.getInputCol() + "\"");
        }
    }

    private void flatten(PipelineModel pipeline) {
        for (Transformer stage : pipeline.stages()) {
            if (stage instanceof PipelineModel inner) {
                flatten(inner);
            } else {
                all.add(stage);
            }
        }
    }

    /**
     * The place of the network.
     *
     * @param classes the names of the stages' classes, in their order
     * @param networks those of Kindling's models
     */
    static int requireWritable(List<String> classes, Set<String> networks) {
        List<Integer> places = IntStream.range(0, classes.size())
                .filter(place -> networks.contains(classes.get(place)))
                .boxed()
                .toList();
        Require.that(
                places.size() == 1,
                "a pipeline must have one model of Kindling's to be written in ONNX, but has " + places.size());
        int network = places.get(0);
        for (int place = 0; place < classes.size(); place++) {
            String type = classes.get(place);
            if (place < network
                    && WRITABLE.stream().noneMatch(known -> known.getName().equals(type))) {
                throw new InvalidInput(
                        name(place, type) + ", cannot be written in ONNX; before the network, these can: "
                                + WRITABLE.stream().map(Class::getSimpleName).collect(Collectors.joining(", ")));
            }
            if (place > network && !type.equals(IndexToString.class.getName())) {
                throw new InvalidInput(name(place, type) + ", cannot be written in ONNX; behind the network, only an "
                        + "IndexToString of its predictions can");
            }
        }
        return network;
    }

    private static String name(int place, String type) {
        return "stage " + (place + 1) + " of the pipeline, " + type.replaceFirst(".*\\.", "");
    }

    /** For messages. */
    String name(int place) {
        return name(place, all.get(place).getClass().getName());
    }

    Transformer stage(int place) {
        return all.get(place);
    }

    int networkPlace() {
        return network;
    }

    HasNetwork network() {
        return (HasNetwork) all.get(network);
    }

    private PredictionModel<?, ?> prediction() {
        return (PredictionModel<?, ?>) all.get(network);
    }

    /** The column of vectors that the network takes. */
    String features() {
        return prediction().getFeaturesCol();
    }

    /** The size of those vectors. */
    int featureCount() {
        return prediction().numFeatures();
    }

    /** The place of the last stage before another that makes a column; -1 if none does. */
    int maker(String column, int before) {
        for (int place = before - 1; place >= 0; place--) {
            if (outputs(place).contains(column)) {
                return place;
            }
        }
        return -1;
    }

    /** The size that a {@code VectorSizeHint} gives a column; 0 without one. */
    int hint(String column) {
        return all.stream()
                .filter(stage -> stage instanceof VectorSizeHint hint
                        && hint.getInputCol().equals(column))
                .mapToInt(stage -> ((VectorSizeHint) stage).getSize())
                .findFirst()
                .orElse(0);
    }

    List<String> inputs(int place) {
        return columns(place, "input");
    }

    List<String> outputs(int place) {
        return all.get(place) instanceof VectorSizeHint ? List.of() : columns(place, "output");
    }

    /** Stages of several columns name them in one param, and those of one in another. */
    private List<String> columns(int place, String side) {
        Transformer stage = all.get(place);
        if (stage.hasParam(side + "Cols") && stage.isSet(stage.getParam(side + "Cols"))) {
            return Arrays.asList((String[]) value(stage, side + "Cols"));
        }
        return stage.hasParam(side + "Col") ? List.of((String) value(stage, side + "Col")) : List.of();
    }

    private static Object value(Transformer stage, String name) {
        Param<Object> param = stage.getParam(name);
        return stage.getOrDefault(param);
    }

    /**
     * The texts of the network's classes: as an {@code IndexToString} behind it or the label's {@code StringIndexer} has them; else
     * their indices. Empty for a regression.
     */
    List<String> classes() {
        int count = network().trained().classes;
        if (count == 0) {
            return List.of();
        }
        for (int place = network + 1; place < all.size(); place++) {
            IndexToString texts = (IndexToString) all.get(place);
            if (texts.isDefined(texts.labels()) && texts.getLabels().length > 0) {
                List<String> labels = List.of(texts.getLabels());
                Require.that(
                        labels.size() >= count,
                        name(place) + ", must have a text for each of the " + count + " classes, but has "
                                + labels.size());
                return labels.subList(0, count);
            }
        }
        int indexer = maker(prediction().getLabelCol(), network);
        return indexer >= 0 && all.get(indexer) instanceof StringIndexerModel labels
                ? classes(
                        labels.labelsArray()[
                                outputs(indexer).indexOf(prediction().getLabelCol())],
                        count)
                : IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    private static List<String> classes(String[] labels, int count) {
        List<String> texts = new ArrayList<>(List.of(labels));
        texts.add(UNKNOWN); // with handleInvalid keep
        Require.that(
                texts.size() >= count,
                "the label's indexer must have a text for each of the " + count + " classes, but has " + labels.length);
        return texts.subList(0, count);
    }
}
