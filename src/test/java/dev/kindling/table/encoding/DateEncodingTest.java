package dev.kindling.table.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.table.value.DateStyle;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
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

    /** So a text and a timestamp of the same time mean the same. */
    @Test
    void aTimeOfDayHasNoDay() {
        NumberScale scale = new NumberScale(0.5, 0.5, 0.25, false, List.of());
        DateEncoding encoding = new DateEncoding("d", DateStyle.of("H:mm[:ss]"), scale, true, true);
        for (Object six : List.of("6:00", "06:00:00", LocalDateTime.of(2024, 3, 5, 6, 0))) {
            FeatureSink sink = new FeatureSink(encoding.width());
            encoding.encode(six, ZoneOffset.UTC, sink, 0, false);
            assertThat(sink.indices()).containsExactly(0, 1, 2, 3, 4);
            assertThat(sink.values()).containsExactly(new double[] {-1, 1, 0, 0, -1}, within(1e-15));
        }
        FeatureSink sink = new FeatureSink(encoding.width());
        encoding.encode(null, ZoneOffset.UTC, sink, 0, false);
        assertThat(sink.indices()).containsExactly(encoding.width() - 1);
        assertThat(encoding.features())
                .hasSize(6)
                .startsWith(Feature.number("d (time of day)"), Feature.number("d (time of day sin 1)"));
    }
}
