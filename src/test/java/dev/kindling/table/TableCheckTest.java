package dev.kindling.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.table.encoding.CategoryEncoding;
import dev.kindling.table.encoding.TableColumns;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** ModelFolderTest has what predict says of it. */
final class TableCheckTest {
    @Test
    void aColumnsRowsOfUnseenCategoriesAreCounted() {
        CategoryEncoding one = new CategoryEncoding("one", List.of("a", "b"), List.of(), true, false);
        CategoryEncoding two = new CategoryEncoding("two", List.of("x"), List.of("rare"), true, false);
        TableCheck check = new TableCheck(new RowEncoder(new TableColumns(List.of(one, two), "UTC", false), false));
        long[] counts = new long[2];
        check.countUnseen(RowFactory.create(9, "a", "y"), 1, counts);
        check.countUnseen(RowFactory.create(9, "c", "rare"), 1, counts);
        check.countUnseen(RowFactory.create(9, null, "z"), 1, counts);
        assertThat(counts).containsExactly(1, 2);
    }
}
