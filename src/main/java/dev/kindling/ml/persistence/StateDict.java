package dev.kindling.ml.persistence;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Offsets;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.nn.Block;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.ensemble.Ensemble;
import dev.kindling.safetensors.ForeignTensors;
import dev.kindling.safetensors.ForeignTensors.Numbers;
import dev.kindling.spec.Spec;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The parameters of a PyTorch module, as its {@code state_dict} names them, in a file of safetensors. A module has a {@code
 * weight} (outputs, inputs), which lies transposed here, and a {@code bias}; batch norm has running averages too.
 */
public final class StateDict {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final String file;
    private final Map<String, Numbers> tensors;
    private final List<String> modules; // those with parameters, in their order
    private final Set<String> used = new HashSet<>();

    private StateDict(String file, Map<String, Numbers> tensors, String... modules) {
        this.file = file;
        this.tensors = tensors;
        this.modules = modules.length > 0 ? List.of(modules) : inOrder();
    }

    /**
     * A trained network.
     *
     * @param layers all of them as a spec, such as {@code dense(16) relu dense(3)}
     * @param modules the names of those with parameters, in the order of the layers; none if numbers in the names tell it
     * @throws InvalidInput if the file's tensors are not those of the layers
     */
    public static NetworkWeights read(
            String path, String layers, boolean classifies, Configuration configuration, String... modules)
            throws IOException {
        Path file = new Path(path);
        FileSystem files = file.getFileSystem(configuration);
        Require.that(files.exists(file), "there is no file " + path);
        try (InputStream in = new BufferedInputStream(files.open(file))) {
            Map<String, Numbers> tensors =
                    ForeignTensors.read(in, files.getFileStatus(file).getLen(), path);
            return new StateDict(path, tensors, modules).weights(Spec.parseAll(Layer.class, layers), classifies);
        }
    }

    private NetworkWeights weights(List<Layer> layers, boolean classifies) {
        Require.that(!modules.isEmpty(), file + " must have the tensors of a network, but has none of numbers");
        Network network = Network.of(inputs(), layers);
        float[] parameters = new float[network.parameterCount()];
        List<String> owners = network.layout().stream()
                .map(block -> block.name().substring(0, block.name().lastIndexOf('.')))
                .distinct()
                .toList();
        Require.that(
                owners.size() == modules.size(),
                file + " must have a module for each layer with parameters, which are " + owners
                        + ", but has the modules " + modules);
        for (Block block : network.layout()) {
            int end = block.name().lastIndexOf('.');
            String module = modules.get(owners.indexOf(block.name().substring(0, end)));
            fill(block, block.name().substring(end + 1), module, parameters);
        }
        Require.that(
                used.containsAll(tensors.keySet()),
                file + " must have no other tensors than those of the layers, but has "
                        + tensors.keySet().stream()
                                .filter(name -> !used.contains(name))
                                .toList());
        int outputs = network.outputs();
        Loss loss = !classifies
                ? new ValueLoss.SquaredError()
                : outputs == 1 ? new Loss.SigmoidCrossEntropy() : new Loss.SoftmaxCrossEntropy();
        return new NetworkWeights(
                Ensemble.of(network, loss),
                parameters,
                classifies ? Math.max(2, outputs) : 0,
                Gemm.best().name(),
                1,
                Offsets.NONE);
    }

    private int inputs() {
        List<Integer> shape = tensor(modules.get(0), "weight").shape();
        Require.that(
                !shape.isEmpty() && shape.get(shape.size() - 1) > 0,
                file + " must have weights in its module \"" + modules.get(0) + "\", but their shape is " + shape);
        return shape.get(shape.size() - 1);
    }

    private void fill(Block block, String part, String module, float[] parameters) {
        int from = block.offset();
        switch (part) {
            case "weight" -> {
                List<Integer> shape = List.of(block.columns(), block.rows());
                float[] values = values(block, module, part, shape);
                for (int i = 0; i < block.rows(); i++) {
                    for (int j = 0; j < block.columns(); j++) {
                        parameters[from + i * block.columns() + j] = values[j * block.rows() + i];
                    }
                }
            }
            case "bias" -> {
                if (tensors.containsKey(name(module, part))) { // else it is 0
                    copy(block, module, part, parameters);
                }
            }
            case "gain" -> {
                Arrays.fill(parameters, from, from + block.size(), 1);
                if (tensors.containsKey(name(module, "weight"))) {
                    copy(block, module, "weight", parameters);
                }
            }
            case "slope" -> copy(block, module, "weight", parameters);
            case "mean" -> copy(block, module, "running_mean", parameters);
            case "variance" -> copy(block, module, "running_var", parameters);
            default ->
                throw new InvalidInput(
                        "the layers of a PyTorch module must be dense, batchNorm, layerNorm, prelu and those"
                                + " without parameters, but " + block.name() + " is a part of another kind");
        }
    }

    private void copy(Block block, String module, String part, float[] parameters) {
        float[] values = values(block, module, part, List.of(block.size()));
        System.arraycopy(values, 0, parameters, block.offset(), values.length);
    }

    private float[] values(Block block, String module, String part, List<Integer> shape) {
        Numbers tensor = tensor(module, part);
        Require.that(
                tensor.shape().equals(shape),
                file + " must have the shape " + shape + " in tensor " + name(module, part) + " for " + block.name()
                        + ", but has " + tensor.shape());
        return tensor.values();
    }

    private Numbers tensor(String module, String part) {
        String name = name(module, part);
        Numbers tensor = tensors.get(name);
        if (tensor == null) {
            throw new InvalidInput(file + " must have a tensor " + name + ", but has " + tensors.keySet());
        }
        used.add(name);
        return tensor;
    }

    private static String name(String module, String part) {
        return module.isEmpty() ? part : module + "." + part;
    }

    /** By the numbers in their names, which must differ in nothing else. */
    private List<String> inOrder() {
        Set<String> names = new LinkedHashSet<>();
        tensors.keySet().forEach(name -> names.add(name.substring(0, Math.max(0, name.lastIndexOf('.')))));
        Set<String> stems =
                names.stream().map(name -> NUMBER.matcher(name).replaceAll("#")).collect(Collectors.toSet());
        Require.that(
                stems.size() <= 1,
                "the order of the modules " + names + " of " + file
                        + " must be told by numbers in their names alone, or be given behind the layers");
        List<String> ordered = new ArrayList<>(names);
        ordered.sort(Comparator.comparing(StateDict::numbers, Arrays::compare));
        return ordered;
    }

    private static int[] numbers(String name) {
        return NUMBER.matcher(name)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group()))
                .toArray();
    }
}
