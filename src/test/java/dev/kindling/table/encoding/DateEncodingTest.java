package dev.kindling.table.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.table.value.DateStyle;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What GoldenTableTest, whose dates are all there, does not see. */
final class DateEncodingTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMissingDateHasTheDayThatFillsItAndItsFlagAlone(boolean timed) {
        NumberScale scale = new NumberScale(19_000, 18_000, 250, false, List.of());
        DateEncoding encoding = new DateEncoding("d", DateStyle.ISO, scale, timed, true);
        FeatureSink sink = new FeatureSink(10 + encoding.width());
        encoding.encode(null, ZoneOffset.UTC, sink, 10, false);
        List<Feature> features = encoding.features();
        int flag = features.indexOf(new Feature("d", NumberEncoding.MISSING));
        assertThat(flag).isEqualTo(encoding.width() - 1).isEqualTo(features.size() - 1);
        assertThat(sink.indices()).containsExactly(10, 10 + flag);
        assertThat(sink.values()).containsExactly(4, 1);
    }
}
