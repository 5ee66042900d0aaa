package dev.kindling.table.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.table.value.ColumnValues;
import dev.kindling.table.value.NumberStyle;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;

/** GoldenTableTest has the features. */
final class TableColumnsTest {
    @Test
    void aColumnsFeaturesFollowThoseOfTheColumnBefore() {
        CategoryEncoding one = new CategoryEncoding("one", List.of("a", "b"), List.of(), true, false);
        CategoryEncoding two = new CategoryEncoding("two", List.of("x", "y"), List.of(), false, false);
        TableColumns columns = new TableColumns(List.of(one, two, one), "UTC", false);
        List<String> row = List.of("b", "x", "");
        FeatureSink sink = new FeatureSink(columns.width());
        assertThat(columns.encode(row::get, sink)).isNull();
        assertThat(sink.indices()).containsExactly(1, 3, 7);
        assertThat(columns.width()).isEqualTo(8);
    }

    @Test
    void aRowIsRefusedForTheColumnOfAnUnseenCategoryAlone() {
        CategoryEncoding one = new CategoryEncoding("one", List.of("a", "b"), List.of(), false, false);
        TableColumns strict = new TableColumns(List.of(one, one), "UTC", true);
        FeatureSink sink = new FeatureSink(strict.width());
        assertThat(strict.encode(List.of("", "b")::get, sink)).isNull();
        TableColumns.Refusal refusal = strict.encode(List.of("a", "c")::get, sink);
        assertThat(refusal).isNotNull().extracting(TableColumns.Refusal::column).isEqualTo(1);
        assertThat(refusal.sentence()).contains("column \"one\" must hold one of the 2 categories");
    }

    @Test
    void aBlocksRowsHaveTheFeaturesOfEachByItself() {
        NumberScale scale = new NumberScale(2, 1, 3, true, List.of());
        TableColumns columns = new TableColumns(
                List.of(
                        new NumberEncoding("x", false, NumberStyle.PLAIN, scale, true, 5.0, true),
                        new CategoryEncoding("c", List.of("1.5", "b"), List.of(), false, false)),
                "UTC",
                true);
        List<Object> values = Arrays.asList("1.5", "b", "-7", "", null, "5", "1e3", "b");
        FeatureSink[] sinks = columns.encode(values.size(), place -> new Texts(values));
        for (int i = 0; i < sinks.length; i++) {
            Object value = values.get(i);
            FeatureSink alone = new FeatureSink(columns.width());
            TableColumns.Refusal refusal = columns.encode(place -> value, alone);
            assertThat(sinks[i].refusal()).isEqualTo(refusal == null ? null : refusal.sentence());
            if (refusal == null) {
                assertThat(sinks[i].indices()).isEqualTo(alone.indices());
                assertThat(sinks[i].values()).isEqualTo(alone.values());
                assertThat(sinks[i].dense())
                        .isEqualTo(Vectors.sparse(columns.width(), alone.indices(), alone.values())
                                .toArray());
            }
        }
        assertThat(sinks[0].refusal()).isNull();
        assertThat(sinks[1].refusal()).contains("column \"x\" must hold numbers");
        assertThat(sinks[2].refusal()).contains("column \"c\" must hold one of the 2 categories");
    }

    /** Texts of which some are decimals. */
    private record Texts(List<Object> values) implements ColumnValues {
        @Override
        public boolean isNumber() {
            return false;
        }

        @Override
        public double[] numbers(boolean ofTexts) {
            return values.stream()
                    .mapToDouble(value -> List.of("1.5", "-7", "5").contains(String.valueOf(value))
                            ? Double.parseDouble((String) value)
                            : Double.NaN)
                    .toArray();
        }

        @Override
        public Object plain(int row) {
            return values.get(row);
        }
    }
}
