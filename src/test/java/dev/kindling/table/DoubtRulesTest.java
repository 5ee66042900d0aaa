package dev.kindling.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import dev.kindling.spark.ColumnDoubt;
import dev.kindling.spark.ColumnDoubt.Kind;
import dev.kindling.spark.ColumnNote;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where a doubt begins. ColumnCheckTest has what users read of it. */
@Tag("one-line")
final class DoubtRulesTest {
    /** A hundred rows, i from 0. */
    private static Map<String, Kind> doubts(TableVectorizer vectorizer, String... columns) {
        Dataset<Row> table = LocalSpark.session().range(0, 100, 1, 1).toDF("i").selectExpr(columns);
        String notes = vectorizer
                .fit(table)
                .transform(table)
                .schema()
                .apply("features")
                .metadata()
                .getString(ColumnNote.KEY);
        Map<String, Kind> doubts = new LinkedHashMap<>();
        for (ColumnNote note : ColumnNote.parse(notes)) {
            ColumnDoubt doubt = note.doubt();
            if (doubt != null) {
                doubts.put(note.column(), doubt.kind());
            }
        }
        return doubts;
    }

    @Test
    void wholeNumbersNameRowsOnlyWhereChanceWouldRepeatSome() {
        assertThat(doubts(new TableVectorizer(), "4 * i as near", "400 * i as far"))
                .as("drawn at random, 12 pairs would be equal among the near ones, and none of those far apart")
                .isEqualTo(Map.of("near", Kind.NAMES_ROWS));
    }

    @Test
    void mostRowsAreMoreThanHalf() {
        assertThat(doubts(
                        new TableVectorizer(),
                        "i / 7 as x",
                        "if(i < 50, null, i / 9) as half",
                        "if(i < 51, null, i / 9) as most"))
                .isEqualTo(Map.of("most", Kind.MOSTLY_MISSING));
    }

    @Test
    void whatTheUserNamedIsNotDoubted() {
        String[] columns = {"7 * (i % 50) as x", "i as one", "i + 5 as other"};
        assertThat(doubts(new TableVectorizer(), columns))
                .isEqualTo(Map.of("one", Kind.NAMES_ROWS, "other", Kind.NAMES_ROWS));
        assertThat(doubts(new TableVectorizer().setNumericCols("one"), columns))
                .isEqualTo(Map.of("other", Kind.NAMES_ROWS));
    }
}
