package dev.kindling.table.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
}
