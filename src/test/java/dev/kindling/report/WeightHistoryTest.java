package dev.kindling.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.nn.Block;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WeightHistoryTest {
    private static final List<Block> LAYOUT = List.of(
            new Block("dense1.weight", Block.Role.WEIGHT, 0, 2, 2), new Block("dense1.bias", Block.Role.BIAS, 4, 1, 2));

    private static ObjectNode described(WeightHistory history) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        history.describe(json);
        return json;
    }

    @Test
    void aBlocksMoveIsTheNormOfItsChangeOverItsNormAndParametersAreNotKept() {
        WeightHistory history = new WeightHistory(LAYOUT);
        float[] parameters = {3, 0, 4, 0, 9, 9};
        history.add(1, parameters);
        parameters[0] = 3.5f;
        parameters[5] = -100;
        history.add(2, parameters);
        JsonNode json = described(history);
        assertThat(json.at("/movedIn").toString()).isEqualTo("[2]");
        assertThat(json.at("/each")).hasSize(1);
        assertThat(json.at("/each/0/moved").toString()).isEqualTo("[0.1]");
        assertThat(json.at("/each/0/histograms/0/counts").toString()).isEqualTo("[2,0,0,0,0,0,1,1]");
    }

    @Test
    void firstAndLastEpochAreShownHoweverLongTheRun() {
        for (int epochs : new int[] {1, 2, 5, 64, 65, 66, 1000}) {
            WeightHistory history = new WeightHistory(LAYOUT);
            for (int epoch = 1; epoch <= epochs; epoch++) {
                history.add(epoch, new float[] {epoch, 1, 2, 3, 4, 5});
            }
            JsonNode shown = described(history).at("/each/0/histograms");
            assertThat(shown).hasSize(Math.min(5, epochs));
            assertThat(shown.get(0).path("epoch").asInt()).isEqualTo(1);
            assertThat(shown.get(shown.size() - 1).path("epoch").asInt()).isEqualTo(epochs);
        }
    }

    @Test
    void theFirstEpochsMoveIsFromWhatItBeganWith() {
        WeightHistory history = new WeightHistory(LAYOUT);
        float[] parameters = {3, 0, 4, 0, 9, 9};
        history.begin(parameters);
        parameters[0] = 3.5f;
        history.add(1, parameters);
        JsonNode json = described(history);
        assertThat(json.at("/movedIn").toString()).isEqualTo("[1]");
        assertThat(json.at("/each/0/moved").toString()).isEqualTo("[0.1]");
        assertThat(json.at("/each/0/histograms")).hasSize(1);
    }

    @Test
    void weightsThatAreAllTheSameHaveAHistogramToo() {
        WeightHistory history = new WeightHistory(LAYOUT);
        history.add(1, new float[6]);
        history.add(2, new float[6]);
        JsonNode block = described(history).at("/each/0");
        assertThat(block.at("/moved/0").isNull()).isTrue();
        assertThat(block.at("/histograms/0/counts").get(4).asInt()).isEqualTo(4);
    }
}
