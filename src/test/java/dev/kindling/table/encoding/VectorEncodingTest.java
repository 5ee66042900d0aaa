package dev.kindling.table.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** GoldenTableTest, whose columns hold single values, does not see vectors. */
final class VectorEncodingTest {
    private static final NumberScale SCALE = new NumberScale(3, 1, 2, false, List.of());
    private static final VectorEncoding ENCODING = new VectorEncoding("v", List.of(SCALE, SCALE), true);

    private static FeatureSink encoded(double[] vector) {
        FeatureSink sink = new FeatureSink(10 + ENCODING.width());
        ENCODING.encode(vector, ZoneOffset.UTC, sink, 10, false);
        return sink;
    }

    @Test
    void onlyAWholeVectorThatIsMissingHasTheFlag() {
        assertThat(encoded(null).indices()).containsExactly(10, 11, 12);
        assertThat(encoded(null).values()).as("filled, then scaled").containsExactly(1, 1, 1);
        assertThat(encoded(new double[] {5, Double.NaN}).indices()).containsExactly(10, 11);
        assertThat(encoded(new double[] {5, Double.NaN}).values()).containsExactly(2, 1);
    }
}
