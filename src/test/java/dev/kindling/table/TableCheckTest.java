package dev.kindling.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import dev.kindling.table.cache.BlockRows;
import dev.kindling.table.cache.CachedTable;
import dev.kindling.table.encoding.CategoryEncoding;
import dev.kindling.table.encoding.NumberEncoding;
import dev.kindling.table.encoding.NumberScale;
import dev.kindling.table.encoding.TableColumns;
import dev.kindling.table.value.NumberStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
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

    /** Row by row, each is looked at by itself. */
    @Test
    void rowsInBlocksAreRefusedAsRowsAre() {
        StructType schema = new StructType().add("kind", DataTypes.StringType).add("size", DataTypes.StringType);
        Random random = new Random(8);
        List<Row> all = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) { // four partitions of three blocks, of which the first one is taken
            boolean odd = i % 10_000 > 5000 && random.nextInt(500) == 0;
            all.add(RowFactory.create(
                    random.nextInt(50) == 0 ? "new" : "a", odd ? "none" : String.valueOf(random.nextInt(900))));
        }
        NumberEncoding size = new NumberEncoding(
                "size", false, NumberStyle.PLAIN, NumberScale.unscaled(Double.NaN), false, null, false);
        CategoryEncoding kind = new CategoryEncoding("kind", List.of("a"), List.of(), true, false);
        TableCheck check = new TableCheck(new RowEncoder(new TableColumns(List.of(kind, size), "UTC", false), false));
        Dataset<Row> rows = LocalSpark.session().createDataFrame(all, schema);
        List<String> refusals = CachedTable.blocks(rows)
                .mapPartitions(blocks -> {
                    List<BlockRows> kept = new ArrayList<>();
                    blocks.forEachRemaining(kept::add);
                    long[] counted = new long[2];
                    Supplier<Row> look = check.toCheck(kept.iterator(), counted);
                    long[] expected = new long[2];
                    List<String> lines = new ArrayList<>();
                    int asked = 0;
                    for (BlockRows block : kept) {
                        for (int i = 0; i < block.rows(); i++) {
                            Row row = look.get();
                            asked += row == null ? 0 : 1;
                            TableCheck.Problem own = check.problem(block.row(i), 0);
                            TableCheck.Problem found = row == null ? null : check.problem(row, 0);
                            assertThat(found).isEqualTo(own);
                            check.countUnseen(block.row(i), 0, expected);
                            lines.add(own == null ? "" : own.column() + own.sentence());
                        }
                    }
                    assertThat(counted).isEqualTo(expected);
                    assertThat(asked).isBetween(1, lines.size() - 4096);
                    return lines.iterator();
                })
                .collect();
        assertThat(refusals).hasSize(all.size()).anyMatch(line -> line.startsWith("1column \"size\" must"));
    }
}
