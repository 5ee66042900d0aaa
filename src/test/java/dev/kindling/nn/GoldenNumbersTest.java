package dev.kindling.nn;

import static dev.kindling.GoldenFile.elements;
import static dev.kindling.GoldenFile.floats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Rows;
import dev.kindling.spec.Spec;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks that embed numbers against PyTorch in float64: {@code src/test/python/golden_numbers.py} wrote the file. */
@Numeric
class GoldenNumbersTest {
    private static final GoldenSteps STEPS = new GoldenSteps(1e-5); // measured: 6e-6

    @AfterAll
    static void printWorst() {
        STEPS.printWorst(GoldenNumbersTest.class);
    }

    static Stream<Arguments> cases() {
        JsonNode golden = GoldenFile.read("numbers.json");
        double rate = golden.get("learningRate").asDouble();
        return elements(golden.get("cases")).flatMap(each -> Gemm.available().stream()
                .map(gemm -> Arguments.of(gemm, each.get("layers").asText(), each, rate)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void outputsGradientsAndStepsMatchPyTorch(String gemm, String layers, JsonNode golden, double rate) {
        int inputs = golden.get("inputs").asInt();
        float[] values = floats(golden.get("rows"));
        Network network = Network.of(inputs, Spec.parseAll(Layer.class, layers));
        STEPS.compare(layers, gemm, network, Rows.dense(values.length / inputs, inputs, values, 0), golden, rate);
    }
}
