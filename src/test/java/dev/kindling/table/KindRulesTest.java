package dev.kindling.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.profile.ColumnKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What kind of column a column is found to be. */
@Tag("end-to-end")
@Tag("one-line")
final class KindRulesTest {
    /** One column "c" beside a column "x" of plain numbers. */
    private static Dataset<Row> table(DataType type, List<?> values) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            rows.add(RowFactory.create(i / 2.0, values.get(i)));
        }
        StructType schema = new StructType().add("x", DataTypes.DoubleType).add("c", type);
        return LocalSpark.session().createDataFrame(rows, schema).repartition(3);
    }

    private static ColumnDecision decide(DataType type, List<?> values, UnaryOperator<TableVectorizer> params) {
        return params.apply(new TableVectorizer())
                .fit(table(type, values))
                .decisions()
                .get(1);
    }

    private static ColumnDecision ofTexts(String... texts) {
        return decide(DataTypes.StringType, repeated(Arrays.asList(texts)), params -> params);
    }

    /** At least 60 rows, so that few texts are no identifiers. */
    private static List<String> repeated(List<String> texts) {
        List<String> many = new ArrayList<>();
        while (many.size() < 60) {
            many.addAll(texts);
        }
        return many;
    }

    private static List<Object> values(int count, IntFunction<Object> value) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value.apply(i));
        }
        return values;
    }

    @Test
    void oneTextAmongManyNumbersDecidesWhereverItStands() {
        for (int place : new int[] {0, 499, 999}) {
            ColumnDecision decision =
                    decide(DataTypes.StringType, values(1000, i -> i == place ? "high" : i + ".5"), params -> params);
            assertThat(decision.kind()).isEqualTo(ColumnKind.DROPPED);
            assertThat(decision.reason()).contains("numbers besides text such as \"high\"");
        }
        for (int place : new int[] {0, 499, 999}) {
            ColumnDecision decision = decide(
                    DataTypes.StringType,
                    values(1000, i -> i == place ? "007" : String.valueOf(i % 300)),
                    params -> params);
            assertThat(decision.kind()).isEqualTo(ColumnKind.CATEGORY);
            assertThat(decision.reason()).contains("codes such as \"007\"");
        }
        ColumnDecision numbers =
                decide(DataTypes.StringType, values(1000, i -> i % 9 == 0 ? "NaN" : i + ".5"), params -> params);
        assertThat(numbers.kind()).isEqualTo(ColumnKind.NUMBER);
        assertThat(numbers.missing()).isEqualTo(112);
        assertThat(numbers.reason()).isEqualTo("\"NaN\" is a missing value");
    }

    @Test
    void textsThatRowsShareAreCategories() {
        for (String[] texts : new String[][] {
            {"red", "blue"},
            {"A1", "B2", "3C"},
            {"NA", "EU", "AS"},
            {"-", "+"},
            {"5-10", "10-20", "20+"},
            {"4,5 stars", "good"},
            {"Smith, J.", "1,a"},
            {"12", "7", "high"},
            {"yes", "no"}
        }) {
            assertThat(ofTexts(texts).kind()).as(String.join(" ", texts)).isEqualTo(ColumnKind.CATEGORY);
            assertThat(ofTexts(texts).features()).isEqualTo(texts.length);
        }
    }

    @Test
    void zerosBeforeANumberMakeACode() {
        ColumnDecision zip = ofTexts("01220", "12345", "99999");
        assertThat(zip.kind()).isEqualTo(ColumnKind.CATEGORY);
        assertThat(zip.reason()).contains("codes such as \"01220\"", "numeric");
        assertThat(ofTexts("0", "10", "0.5").kind()).isEqualTo(ColumnKind.NUMBER);
    }

    @Test
    void textsThatWriteNumbersAreNumbers() {
        for (String[] texts : new String[][] {
            {"1", "-2.5", "+3e-2", ".5"},
            {"1", "NA", "2"},
            {"1", "?", "2"},
            {"", "4", "null"},
            {"$4.50", "12", "-$3"},
            {"5 EUR", "1,000.00 EUR"},
            {"(1,200.5)", "7"},
            {"5%", "12.5 %"},
            {"4,7", "5", "6,25"},
            {"1.234,5", "7,0", "-0,5"},
            {"1,234.5", "7", "1,234,567"},
            {"12 345", "7"},
            {"0,123", "5,678"}
        }) {
            assertThat(ofTexts(texts).kind()).as(String.join(" ", texts)).isEqualTo(ColumnKind.NUMBER);
        }
        assertThat(ofTexts("1", "NA").reason()).isEqualTo("\"NA\" is a missing value");
        assertThat(ofTexts("1", "NA").filled()).startsWith("median 1 ");
        assertThat(ofTexts("4,7", "5").reason()).contains("\"4,7\"");
    }

    @Test
    void numbersWithOneUnitOrBoundsBesideThemAreNumbers() {
        for (String[] texts : new String[][] {
            {"150cm", "60.5 cm", "NA"},
            {"12a", "13a"},
            {"12.5k", "3M", "900"},
            {"36:15", "41:02"},
            {"1", "2.5", "<0.5"}
        }) {
            assertThat(ofTexts(texts).kind()).as(String.join(" ", texts)).isEqualTo(ColumnKind.NUMBER);
        }
        assertThat(ofTexts("150cm", "60 cm").reason()).isEqualTo("numbers written like \"150cm\"");
        List<Object> doses = values(1000, i -> i % 100 == 7 ? "<0.5" : i % 100 == 8 ? ">90" : i % 100 + ".5");
        ColumnDecision bounded = decide(DataTypes.StringType, doses, params -> params);
        assertThat(bounded.reason()).isEqualTo("bounds such as \"<0.5\" in 20 rows become their numbers");
        ColumnDecision infinite =
                decide(DataTypes.StringType, values(1000, i -> i == 9 ? "-inf" : i + ".5"), params -> params);
        assertThat(infinite.kind()).isEqualTo(ColumnKind.NUMBER);
        assertThat(infinite.reason()).isEqualTo("\"-inf\" is a missing value");
        ColumnDecision unclear = ofTexts("1,234 kg", "5,678 kg");
        assertThat(unclear.reason()).contains("\"1,234 kg\"", "decimals or of thousands");
        for (String[] others : new String[][] {{"60 kg", "132 lb"}, {"12A", "13B"}, {"12", "14", "14B", "15"}}) {
            assertThat(ofTexts(others).kind()).as(String.join(" ", others)).isEqualTo(ColumnKind.CATEGORY);
        }
    }

    @Test
    void timesOfDayAreReadAsTheyAreWritten() {
        for (String[] texts :
                new String[][] {{"14:30", "08:05:10", "0:15"}, {"2:30 PM", "11:05 am", "NA"}, {"9am", "10:30pm"}}) {
            ColumnDecision decision = ofTexts(texts);
            assertThat(decision.kind()).as(String.join(" ", texts)).isEqualTo(ColumnKind.DATETIME);
            assertThat(decision.encoded()).isEqualTo("time of day, and its sines and cosines");
        }
        assertThat(ofTexts("14:30", "08:05", "NA").reason())
                .isEqualTo("times of day like H:mm[:ss]; \"NA\" is a missing value");
        assertThat(ofTexts("14:30", "14:30", "").filled()).startsWith("median 14:30 ");
        List<Object> many = values(1000, i -> i / 60 + ":" + (i % 60 < 10 ? "0" : "") + i % 60);
        assertThat(decide(DataTypes.StringType, many, params -> params).features())
                .isEqualTo(5);
        assertThat(decide(DataTypes.StringType, many, params -> params.setNumericCols("c"))
                        .features())
                .isEqualTo(1);
        assertThat(decide(DataTypes.StringType, many, params -> params.setDatetimeCols("c=H:mm"))
                        .reason())
                .isEqualTo("times of day like H:mm");
    }

    @Test
    void aMarkThatMayBeOneOfDecimalsOrThousandsIsNotGuessed() {
        ColumnDecision decision = ofTexts("1,234", "5,678");
        assertThat(decision.kind()).isEqualTo(ColumnKind.DROPPED);
        assertThat(decision.reason()).contains("\"1,234\"", "decimals or of thousands");
    }

    @Test
    void datesAreReadAsTheyAreWritten() {
        for (String[] texts : new String[][] {
            {"2024-01-05", "2023-12-31"},
            {"2024-01-05 10:15", "2024-01-05 10:15:30.5"},
            {"2024-01-05T10:15:30Z", "2024-01-05T10:15:30+02:00"},
            {"31/01/2024", "01/02/2024"},
            {"01/31/2024 1:05 PM", "02/01/2024 11:59 AM"},
            {"31.1.2024", "1.2.2024 17:00"},
            {"5 Jan 2024", "31 Dec 2023"},
            {"January 5, 2024", "May 1, 2024"},
            {"5-Jan-24", "NA"}
        }) {
            assertThat(ofTexts(texts).kind()).as(String.join(" ", texts)).isEqualTo(ColumnKind.DATETIME);
        }
        ColumnDecision unclear = ofTexts("05/01/2024", "01/02/2024");
        assertThat(unclear.kind()).isEqualTo(ColumnKind.DROPPED);
        assertThat(unclear.reason()).contains("may mean different days", "c=M/d/uuuu", "c=d/M/uuuu");
        ColumnDecision named = decide(
                DataTypes.StringType,
                repeated(List.of("05/01/2024", "01/02/2024")),
                params -> params.setDatetimeCols("c=d/M/uuuu"));
        assertThat(named.kind()).isEqualTo(ColumnKind.DATETIME);
        ColumnDecision digits = decide(
                DataTypes.IntegerType,
                values(50, i -> 20240101 + i % 28),
                params -> params.setDatetimeCols("c=uuuuMMdd"));
        assertThat(digits.kind()).isEqualTo(ColumnKind.DATETIME);
    }

    @Test
    void whatNamesRowsIsLeftOut() {
        List<Object> users = values(60, i -> "user" + i);
        assertThat(decide(DataTypes.StringType, users, params -> params).kind()).isEqualTo(ColumnKind.ID);
        assertThat(decide(DataTypes.StringType, users, params -> params.setCategoricalCols("c"))
                        .features())
                .isEqualTo(60);
        List<Object> numbers = values(60, i -> 1000L + 7 * i);
        for (String name : List.of("customer_id", "ID", "CustomerID", "row.names", "Order No")) {
            Dataset<Row> table = table(DataTypes.LongType, numbers).withColumnRenamed("c", name);
            assertThat(new TableVectorizer().fit(table).decisions().get(1).kind())
                    .as(name)
                    .isEqualTo(ColumnKind.ID);
        }
        for (List<Object> other : List.of( // what is there twice, or is missing, names no row
                values(60, i -> 1000L + 7 * (i % 30)), values(60, i -> i == 3 ? null : 1000L + 7 * i))) {
            Dataset<Row> table = table(DataTypes.LongType, other).withColumnRenamed("c", "customer_id");
            assertThat(new TableVectorizer().fit(table).decisions().get(1).kind())
                    .isEqualTo(ColumnKind.NUMBER);
        }
        for (String name :
                List.of("c", "paid", "price", "_c0")) { // a first column without a name counts rows, if it is an index
            Dataset<Row> table = table(DataTypes.LongType, numbers).withColumnRenamed("c", name);
            assertThat(new TableVectorizer().fit(table).decisions().get(1).kind())
                    .as(name)
                    .isEqualTo(ColumnKind.NUMBER);
        }
        Dataset<Row> index =
                table(DataTypes.LongType, values(60, i -> (long) i)).withColumnRenamed("c", "_c0");
        assertThat(new TableVectorizer().fit(index).decisions().get(1).kind()).isEqualTo(ColumnKind.ID);
        assertThat(new TableVectorizer()
                        .setNumericCols("_c0")
                        .fit(index)
                        .decisions()
                        .get(1)
                        .kind())
                .isEqualTo(ColumnKind.NUMBER);
    }

    @Test
    void whatHasNothingToLearnFromIsLeftOut() {
        assertThat(ofTexts("same").kind()).isEqualTo(ColumnKind.DROPPED);
        assertThat(ofTexts("", "").reason()).contains("no value in any row");
        assertThat(decide(DataTypes.DoubleType, values(30, i -> 2.5), params -> params)
                        .kind())
                .isEqualTo(ColumnKind.DROPPED);
        assertThat(decide(DataTypes.BinaryType, values(30, i -> new byte[] {1}), params -> params)
                        .reason())
                .contains("binary");
        List<Object> mixed = values(100, i -> i == 7 ? "seven" : String.valueOf(i * 3 % 50));
        assertThat(decide(DataTypes.StringType, mixed, params -> params).reason())
                .contains("text such as \"seven\"");
        assertThatThrownBy(() ->
                        new TableVectorizer().setDropCols("x").fit(table(DataTypes.StringType, values(30, i -> "a"))))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("\"x\" (left out: dropCols names it)")
                .hasMessageContaining("\"c\" (left out: has the same value in every row)");
    }

    @Test
    void aKindThatTheValuesAreNotIsRefused() {
        assertThatThrownBy(() -> decide(
                        DataTypes.StringType, repeated(List.of("1", "two")), params -> params.setNumericCols("c")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("because numeric names it, but holds \"two\"");
        assertThatThrownBy(() ->
                        decide(DataTypes.StringType, repeated(List.of("soon")), params -> params.setDatetimeCols("c")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("\"soon\"");
        assertThatThrownBy(() ->
                        decide(DataTypes.IntegerType, values(30, i -> i % 3), params -> params.setDatetimeCols("c")))
                .hasMessageContaining("c=PATTERN");
        assertThatThrownBy(() -> decide(
                        DataTypes.DateType,
                        values(30, i -> java.sql.Date.valueOf("2020-01-01")),
                        params -> params.setNumericCols("c")))
                .hasMessageContaining("cannot be read as number: it holds date");
        assertThatThrownBy(() ->
                        decide(DataTypes.StringType, repeated(List.of("a", "b")), params -> params.setDropCols("d")))
                .hasMessageContaining("dropCols must name columns of the table, but there is no \"d\"");
        assertThatThrownBy(() ->
                        decide(DataTypes.StringType, repeated(List.of("a", "b")), params -> params.setDropCols("c")
                                .setIdCols("c")))
                .hasMessageContaining("named by one param");
    }
}
