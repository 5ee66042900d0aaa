package dev.kindling.ml.pipeline;

import dev.kindling.export.Argument;
import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.table.TableVectorizerModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.feature.ImputerModel;
import org.apache.spark.ml.feature.MinMaxScalerModel;
import org.apache.spark.ml.feature.OneHotEncoderModel;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** What each of a pipeline's stages becomes in a graph. Formulas are those of Spark's {@code transform}, in double. */
final class StageNodes {
    private static final String KEEP = "keep";

    private final Graph graph;
    private final Stages stages;
    private final RawColumns raw;
    private final Map<String, GraphColumn> made = new HashMap<>(); // by stage and column

    StageNodes(Graph graph, Stages stages, RawColumns raw) {
        this.graph = graph;
        this.stages = stages;
        this.raw = raw;
    }

    /**
     * A column of numbers or vectors, as a stage reads it.
     *
     * @param before the place of that stage
     * @param size the vector size that it takes; 0 if it takes any
     */
    GraphColumn column(String name, int before, int size) {
        int maker = stages.maker(name, before);
        GraphColumn column = maker < 0 ? raw.numbers(name, size > 0 ? size : stages.hint(name)) : made(maker, name);
        Require.that(
                size == 0 || column.width() == size,
                stages.name(before) + ", must get " + size + " numbers in \"" + name + "\", but gets "
                        + column.width());
        return column;
    }

    /** A column of single numbers. */
    private GraphColumn single(String name, int before) {
        GraphColumn column = column(name, before, 0);
        Require.that(
                column.width() == 1,
                stages.name(before) + ", must get a number in \"" + name + "\", but gets " + column.width());
        return column;
    }

    private GraphColumn made(int place, String name) {
        String key = place + " " + name;
        GraphColumn known = made.get(key);
        if (known == null) {
            known = write(place, name);
            made.put(key, known);
        }
        return known;
    }

    private GraphColumn write(int place, String name) {
        Transformer stage = stages.stage(place);
        int which = stages.outputs(place).indexOf(name);
        if (stage instanceof StringIndexerModel indexer) {
            return index(place, indexer, which, name);
        }
        if (stage instanceof OneHotEncoderModel encoder) {
            return oneHot(place, encoder, which, name);
        }
        if (stage instanceof ImputerModel imputer) {
            return imputed(place, imputer, which, name);
        }
        if (stage instanceof VectorAssembler) {
            return assembled(place, name);
        }
        if (stage instanceof StandardScalerModel scaler) {
            return standardized(place, scaler, name);
        }
        if (stage instanceof MinMaxScalerModel scaler) {
            return ranged(place, scaler, name);
        }
        if (stage instanceof PCAModel pca) {
            return projected(place, pca, name);
        }
        return vectorized((TableVectorizerModel) stage, place);
    }

    private static GraphColumn number(String value) {
        return new GraphColumn(value, 1, DataTypes.DoubleType);
    }

    private static GraphColumn vector(String value, int width) {
        return new GraphColumn(value, width, SQLDataTypes.VectorType());
    }

    /** The text's place among the labels; of one that is missing or unknown, the place behind them, or none. */
    private GraphColumn index(int place, StringIndexerModel indexer, int which, String name) {
        String input = stages.inputs(place).get(which);
        int maker = stages.maker(input, place);
        if (maker >= 0) {
            throw new InvalidInput(stages.name(place) + ", must index a raw column to be written in ONNX, but \""
                    + input + "\" is made by " + stages.name(maker));
        }
        List<String> labels = List.of(indexer.labelsArray()[which]);
        Require.that(!labels.isEmpty(), stages.name(place) + ", must know a text of \"" + input + "\", but knows none");
        boolean keeps = indexer.getHandleInvalid().equals(KEEP);
        GraphColumn texts = raw.text(input, labels);
        graph.enter(name);
        String found = graph.tableNode(
                "LabelEncoder",
                List.of(
                        Argument.of("keys_strings", labels),
                        Argument.of(
                                "values_int64s",
                                LongStream.range(0, labels.size()).toArray()),
                        Argument.of("default_int64", keeps ? labels.size() : -1)),
                texts.value());
        String index = graph.cast(found, Element.DOUBLE);
        String unknown = graph.node("Less", index, graph.constant(0.0));
        return number(keeps ? index : graph.node("Where", unknown, graph.constant(Double.NaN), index));
    }

    /** 1 at the index's place; an index beyond the categories has a place of its own, or none. */
    private GraphColumn oneHot(int place, OneHotEncoderModel encoder, int which, String name) {
        GraphColumn indices = single(stages.inputs(place).get(which), place);
        int categories = encoder.categorySizes()[which];
        boolean keeps = encoder.getHandleInvalid().equals(KEEP);
        int width = categories + (keeps ? 1 : 0) - (encoder.getDropLast() ? 1 : 0);
        graph.enter(name);
        String given = indices.value();
        String missing = graph.isNaN(given);
        String below = graph.node("Less", given, graph.constant(0.0));
        String known = graph.node(
                "And", graph.node("Not", below), graph.node("Less", given, graph.constant((double) categories)));
        String other = graph.constant(keeps ? categories : Double.NaN);
        String index = graph.node("Where", known, graph.floor(given), other);
        String refused = keeps ? missing : graph.node("Or", missing, graph.node("Not", known));
        double[] places = IntStream.range(0, width).asDoubleStream().toArray();
        String ones = width == 0
                ? graph.node("Mul", graph.cast(missing, Element.DOUBLE), graph.constant(0.0))
                : graph.cast(graph.node("Equal", index, graph.constant(places)), Element.DOUBLE);
        return vector(graph.node("Where", refused, graph.constant(Double.NaN), ones), width);
    }

    /** The number or, where it is null or the missing value, the surrogate, as the column's type holds it. */
    private GraphColumn imputed(int place, ImputerModel imputer, int which, String name) {
        String input = stages.inputs(place).get(which);
        GraphColumn numbers = single(input, place);
        String surrogate = graph.constant(surrogate(imputer, input, numbers.type()));
        graph.enter(name);
        String given = numbers.value();
        String filled = graph.node("Where", graph.isNaN(given), surrogate, given);
        if (!Double.isNaN(imputer.getMissingValue())) {
            String missing = graph.node("Equal", given, graph.constant(imputer.getMissingValue()));
            filled = graph.node("Where", missing, surrogate, filled);
        }
        return new GraphColumn(filled, 1, numbers.type());
    }

    private static double surrogate(ImputerModel imputer, String column, DataType type) {
        return imputer.surrogateDF()
                .select(functions.col("`" + column + "`").cast(type).cast(DataTypes.DoubleType))
                .first()
                .getDouble(0);
    }

    /** All numbers beside each other. */
    private GraphColumn assembled(int place, String name) {
        List<String> values = new ArrayList<>();
        List<String> refusals = new ArrayList<>(); // of vectors without numbers
        int width = 0;
        for (String input : stages.inputs(place)) {
            GraphColumn column = column(input, place, 0);
            (column.width() == 0 ? refusals : values).add(column.value());
            width += column.width();
        }
        Require.that(width > 0, stages.name(place) + ", must assemble a number at least, but assembles none");
        graph.enter(name);
        String all = graph.concat(values);
        for (String refusal : refusals) {
            all = graph.node("Add", all, refusal);
        }
        return vector(all, width);
    }

    /** (x − mean) / deviation; 0 where the deviation is 0. */
    private GraphColumn standardized(int place, StandardScalerModel scaler, String name) {
        GraphColumn column =
                column(stages.inputs(place).get(0), place, scaler.mean().size());
        graph.enter(name);
        String value = column.value();
        if (scaler.getWithMean()) {
            value = graph.node("Sub", value, graph.constant(scaler.mean().toArray()));
        }
        if (scaler.getWithStd()) {
            double[] scale = DoubleStream.of(scaler.std().toArray())
                    .map(deviation -> deviation == 0 ? 0 : 1 / deviation)
                    .toArray();
            value = graph.node("Mul", value, graph.constant(scale));
        }
        return vector(value, column.width());
    }

    /** From the range seen to the range asked for; its middle, where only one number was seen. */
    private GraphColumn ranged(int place, MinMaxScalerModel scaler, String name) {
        double[] least = scaler.originalMin().toArray();
        double[] most = scaler.originalMax().toArray();
        GraphColumn column = column(stages.inputs(place).get(0), place, least.length);
        double[] scale = new double[least.length];
        double[] constant = new double[least.length];
        for (int i = 0; i < least.length; i++) {
            boolean varies = most[i] != least[i];
            scale[i] = varies ? (scaler.getMax() - scaler.getMin()) / (most[i] - least[i]) : 0;
            constant[i] = varies ? 0 : 1;
        }
        graph.enter(name);
        String value = column.value();
        String moved = graph.node("Mul", graph.node("Sub", value, graph.constant(least)), graph.constant(scale));
        String ranged = graph.node("Add", moved, graph.constant(scaler.getMin()));
        if (DoubleStream.of(constant).anyMatch(one -> one == 1)) {
            String middle = graph.constant((scaler.getMin() + scaler.getMax()) / 2);
            String known = graph.node("Where", graph.isNaN(value), graph.constant(Double.NaN), middle);
            String isConstant = graph.node("Equal", graph.constant(constant), graph.constant(1.0));
            ranged = graph.node("Where", isConstant, known, ranged);
        }
        return vector(ranged, column.width());
    }

    /** x · components, not centred. */
    private GraphColumn projected(int place, PCAModel pca, String name) {
        int from = pca.pc().numRows();
        int to = pca.pc().numCols();
        GraphColumn column = column(stages.inputs(place).get(0), place, from);
        graph.enter(name);
        double[] byRows = pca.pc().transpose().toArray(); // toArray is by columns
        String components = graph.node("Reshape", graph.constant(byRows), graph.constant((long) from, (long) to));
        return vector(graph.node("MatMul", column.value(), components), to);
    }

    /** @param place of the stage that reads the columns */
    GraphColumn vectorized(TableVectorizerModel table, int place) {
        for (String input : table.inputCols()) {
            int maker = stages.maker(input, place);
            if (maker >= 0) {
                throw new InvalidInput(stages.name(place) + ", must read raw columns to be written in ONNX, but \""
                        + input + "\" is made by " + stages.name(maker));
            }
        }
        int width = AttributeGroup.fromStructField(table.vectorField()).size();
        return vector(table.write(graph), width);
    }
}
