package dev.kindling.nn;

import static dev.kindling.GoldenFile.elements;
import static dev.kindling.GoldenFile.floats;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Rows;
import dev.kindling.spec.Spec;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks with embed against PyTorch's Embedding in float64: {@code src/test/python/golden_embed.py} wrote the file. */
@Numeric
class GoldenEmbedTest {
    private static final GoldenSteps STEPS = new GoldenSteps(1e-5); // measured: 2e-6

    @AfterAll
    static void printWorst() {
        STEPS.printWorst(GoldenEmbedTest.class);
    }

    static Stream<Arguments> cases() throws IOException {
        try (InputStream in = GoldenEmbedTest.class.getResourceAsStream("/golden/embed.json")) {
            JsonNode golden = new ObjectMapper().readTree(in);
            double rate = golden.get("learningRate").asDouble();
            return elements(golden.get("cases"))
                    .flatMap(each -> Gemm.available().stream().flatMap(gemm -> Stream.of(true, false)
                            .map(sparse -> Arguments.of(
                                    gemm, sparse, each.get("embedding") + " of " + each.get("columns"), each, rate))));
        }
    }

    @ParameterizedTest(name = "{0} sparse={1} {2}")
    @MethodSource("cases")
    void outputsGradientsAndStepsMatchPyTorch(String gemm, boolean sparse, String name, JsonNode golden, double rate) {
        Table table = Table.of(golden);
        Network network = table.network(golden);
        Rows rows = sparse ? table.sparse() : table.dense();
        float[] gradient = STEPS.compare(name, gemm, network, rows, golden, rate);
        assertThat(touched(table, network, gradient))
                .as("embeddings of categories that no row has")
                .isZero();
    }

    /** How many categories without a row of positive weight have a gradient. */
    private static int touched(Table table, Network network, float[] gradient) {
        int touched = 0;
        int category = 0; // of embedded columns
        Embed embed = (Embed) network.layers().get(0);
        for (int g = 0; g < embed.starts().size(); g++) {
            for (int i = 0; i < embed.widths().get(g); i++, category++) {
                boolean seen = false;
                for (int row = 0; row < table.rows; row++) {
                    seen |= table.values[row * table.inputs + embed.starts().get(g) + i] != 0;
                }
                for (int j = 0; j < embed.dim() && !seen; j++) {
                    touched += gradient[category * embed.dim() + j] == 0 ? 0 : 1;
                }
            }
        }
        return touched;
    }

    /** Rows of numbers and categories, one-hot. */
    private record Table(List<Integer> columns, int rows, int inputs, float[] values) {

        static Table of(JsonNode golden) {
            List<Integer> columns =
                    elements(golden.get("columns")).map(JsonNode::asInt).toList();
            float[] cells = floats(golden.get("rows"));
            int inputs = columns.stream().mapToInt(Integer::intValue).sum();
            int rows = cells.length / columns.size();
            float[] values = new float[rows * inputs];
            for (int row = 0; row < rows; row++) {
                int start = row * inputs;
                for (int column = 0; column < columns.size(); column++) {
                    float cell = cells[row * columns.size() + column];
                    if (columns.get(column) == 1) {
                        values[start] = cell;
                    } else if (cell >= 0) {
                        values[start + (int) cell] = 1f;
                    }
                    start += columns.get(column);
                }
            }
            return new Table(columns, rows, inputs, values);
        }

        Network network(JsonNode golden) {
            Embedding embedding =
                    Spec.parse(Embedding.class, golden.get("embedding").asText());
            List<Layer> layers = new ArrayList<>();
            layers.add(embedding.over(columns).orElseThrow());
            layers.addAll(Spec.parseAll(Layer.class, golden.get("layers").asText()));
            return Network.of(inputs, layers);
        }

        Rows dense() {
            return Rows.dense(rows, inputs, values, 0);
        }

        Rows sparse() {
            int[] starts = new int[rows + 1];
            int[] indices = new int[values.length];
            float[] stored = new float[values.length];
            int next = 0;
            for (int i = 0; i < values.length; i++) {
                if (values[i] != 0) {
                    indices[next] = i % inputs;
                    stored[next++] = values[i];
                }
                starts[i / inputs + 1] = next;
            }
            return Rows.sparse(rows, inputs, starts, 0, indices, stored);
        }
    }
}
