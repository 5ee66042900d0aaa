package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.Hostile;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.safetensors.ForeignTensors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules of PyTorch whose parameters are read compute PyTorch's outputs. */
@Tag("one-line")
final class FromPyTorchTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void session() {
        LocalSpark.session();
    }

    static Stream<JsonNode> cases() {
        return GoldenFile.elements(GoldenFile.read("pytorch/outputs.json").get("cases"));
    }

    private static String file(String name) {
        try {
            return Path.of(Objects.requireNonNull(
                                    FromPyTorchTest.class.getResource("/golden/pytorch/" + name + ".safetensors"))
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void outputsArePyTorchs(JsonNode golden) throws IOException {
        String[] modules =
                GoldenFile.elements(golden.get("modules")).map(JsonNode::asText).toArray(String[]::new);
        String file = file(golden.get("name").asText());
        String layers = golden.get("layers").asText();
        MlpClassificationModel classifier = MlpClassificationModel.fromPyTorch(file, layers, modules);
        MlpRegressionModel regression = MlpRegressionModel.fromPyTorch(file, layers, modules);
        for (int i = 0; i < golden.get("rows").size(); i++) {
            Vector row = Vectors.dense(GoldenFile.doubles(golden.get("rows").get(i)));
            double[] expected = GoldenFile.doubles(golden.get("outputs").get(i));
            double[] raw = classifier.predictRaw(row).toArray();
            assertThat(raw[raw.length - 1]).isEqualTo(expected[expected.length - 1], within(2e-6));
            assertThat(raw[0]).isEqualTo(expected.length == 1 ? -expected[0] : expected[0], within(2e-6));
            assertThat(regression.predict(row)).isEqualTo(expected[0], within(2e-6));
        }
        assertThat(classifier.numClasses())
                .isEqualTo(Math.max(2, classifier.trained().network.outputs()));
    }

    @Test
    void anotherNetworkIsRefused() {
        refused("plain", "dense(8) relu dense(4)", "must have the shape [4, 8] in tensor 2.weight for dense2.weight");
        refused("plain", "dense(8) relu dense(8) relu dense(3)", "must have a module for each layer with parameters");
        refused("plain", "dense(8) relu dense(3) scale", "must have a module for each layer with parameters");
        refused("plain", "dense(8) scale", "but scale1.factor is a part of another kind");
        refused("named", "dense(7) layerNorm tanh dense(2)", "must be told by numbers in their names alone");
        refused("named", "dense(7) tanh dense(2)", "has [norm.bias, norm.weight]", "trunk", "head");
        refused("plain", "dense(8) relu dense(3)", "must have a tensor 1.weight", "0", "1");
        assertThatThrownBy(() -> MlpClassificationModel.fromPyTorch(folder + "/none", "dense(2)"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("there is no file");
    }

    private static void refused(String name, String layers, String sentence, String... modules) {
        assertThatThrownBy(() -> MlpClassificationModel.fromPyTorch(file(name), layers, modules))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aDamagedFileIsReadOrRefused() throws IOException {
        byte[] intact = Files.readAllBytes(Path.of(file("normalized")));
        Hostile.damage(
                List.of(intact),
                7,
                Hostile.share(100, 1),
                64,
                input -> ForeignTensors.read(new ByteArrayInputStream(input), input.length, "m"));
    }
}
