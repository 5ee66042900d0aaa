package dev.kindling.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.spark.ColumnNote;
import dev.kindling.table.TableVectorizer;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decisions about columns that are worth a second look: each is found, with the option and the setter that overrule it. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class ColumnCheckTest {
    private static final int ROWS = 400;

    /** A column beside one of plain numbers. */
    private static Dataset<Row> table(String name, String expression) {
        return LocalSpark.session()
                .range(0, ROWS, 1, 2)
                .selectExpr("id", "randn(1) as x", expression + " as `" + name + "`")
                .drop("id");
    }

    private static List<Finding> findings(TableVectorizer vectorizer, Dataset<Row> table, Set<String> excluded) {
        Dataset<Row> made = vectorizer.fit(table).transform(table);
        String notes = made.schema().apply("features").metadata().getString(ColumnNote.KEY);
        return new ColumnCheck(ColumnNote.parse(notes), excluded).findings();
    }

    private static Arguments fault(
            String fault,
            String column,
            String expression,
            String option,
            String code,
            UnaryOperator<TableVectorizer> cure) {
        return Arguments.of(fault, column, expression, option, code, cure);
    }

    private static UnaryOperator<TableVectorizer> with(UnaryOperator<TableVectorizer> cure) {
        return cure;
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault(
                        "numbersThatNameRows",
                        "order",
                        "7000 + id",
                        "--id order",
                        "TableVectorizer.setIdCols(\"order\")",
                        with(v -> v.setIdCols("order"))),
                fault(
                        "numbersThatNameRows", // with gaps
                        "it's",
                        "100000 + 9 * id",
                        "--id 'it'\\''s'",
                        "TableVectorizer.setIdCols(\"it's\")",
                        with(v -> v.setNumericCols("it's"))),
                fault(
                        "codesAsNumbers",
                        "storeType",
                        "array(10, 20, 35, 99)[id % 4]",
                        "--categorical storeType",
                        "TableVectorizer.setCategoricalCols(\"storeType\")",
                        with(v -> v.setCategoricalCols("storeType"))),
                fault(
                        "codesAsNumbers", // of texts
                        "region, old",
                        "string(id % 5)",
                        "--categorical '\"region, old\"'",
                        "TableVectorizer.setCategoricalCols(\"region, old\")",
                        with(v -> v.setCategoricalCols("region, old"))),
                fault(
                        "datesAsNumbers",
                        "day",
                        "20200000 + 100 * (1 + id % 12) + (1 + id % 28)",
                        "--datetime day=yyyyMMdd",
                        "TableVectorizer.setDatetimeCols(\"day=yyyyMMdd\")",
                        with(v -> v.setDatetimeCols("day=yyyyMMdd"))),
                fault(
                        "yearsOfTwoDigits",
                        "born",
                        "concat('28/', 1 + id % 12, '/', 40 + id % 60)",
                        "write the years of \"born\" with four digits before",
                        "write the years of \"born\" with four digits before",
                        with(v -> v.setDropCols("born"))),
                fault(
                        "rareCategories",
                        "city",
                        "concat('town ', id % 100)",
                        "--min-category-rows 5",
                        "TableVectorizer.setMinCategoryRows(5)",
                        with(v -> v.setMinCategoryRows(5))),
                fault(
                        "mostlyMissing",
                        "pool",
                        "if(id % 2 = 0 or id = 1, null, randn(3))",
                        "--exclude pool",
                        "TableVectorizer.setDropCols(\"pool\")",
                        with(v -> v.setDropCols("pool"))),
                fault(
                        "leftOutColumns",
                        "note",
                        "concat('remark ', id)",
                        "--exclude note",
                        "TableVectorizer.setDropCols(\"note\")",
                        with(v -> v.setDropCols("note"))),
                fault(
                        "leftOutColumns",
                        "inner",
                        "struct(id)",
                        "--exclude inner",
                        "TableVectorizer.setDropCols(\"inner\")",
                        with(v -> v.setDropCols("inner"))),
                fault(
                        "leftOutColumns",
                        "when",
                        "concat(lpad(1 + id % 12, 2, '0'), '/', lpad(1 + id % 11, 2, '0'), '/2020')",
                        "--datetime 'when=M/d/uuuu[ H:mm[:ss]]' (or --datetime 'when=d/M/uuuu[ H:mm[:ss]]')",
                        "TableVectorizer.setDatetimeCols(\"when=M/d/uuuu[ H:mm[:ss]]\")"
                                + " (or TableVectorizer.setDatetimeCols(\"when=d/M/uuuu[ H:mm[:ss]]\"))",
                        with(v -> v.setDatetimeCols("when=d/M/uuuu[ H:mm[:ss]]"))),
                fault(
                        "leftOutColumns",
                        "marks",
                        "concat(1 + id % 9, ',', 100 + id % 7)",
                        "write the numbers of \"marks\" without marks between thousands before",
                        "write the numbers of \"marks\" without marks between thousands before",
                        with(v -> v.setDropCols("marks"))),
                fault(
                        "leftOutColumns",
                        "mixed",
                        "if(id % 9 = 0, 'not asked', string(id % 40))",
                        "--null-value TEXT",
                        "spark.read().option(\"nullValue\", \"TEXT\")",
                        with(v -> v.setCategoricalCols("mixed"))),
                fault(
                        "leftOutColumns", // no text that stands for a missing value
                        "mixed",
                        "if(id % 9 = 0, '40-50', string(id % 40))",
                        "--categorical mixed",
                        "TableVectorizer.setCategoricalCols(\"mixed\")",
                        with(v -> v.setCategoricalCols("mixed"))),
                fault(
                        "textInNumbers",
                        "children",
                        "if(id % 9 = 0, 'unknown', string(id % 5))",
                        "--null-value TEXT",
                        "spark.read().option(\"nullValue\", \"TEXT\")",
                        with(v -> v.setCategoricalCols("children"))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faults")
    void aDoubtfulDecisionIsFoundAndGoneOnceItIsOverruled(
            String fault,
            String column,
            String expression,
            String option,
            String code,
            UnaryOperator<TableVectorizer> cure) {
        Dataset<Row> table = table(column, expression);
        List<Finding> found = findings(new TableVectorizer(), table, Set.of());
        assertThat(found).extracting(Finding::name).containsExactly(fault);
        assertThat(found.get(0).subject()).isEqualTo("\"" + column + "\"");
        assertThat(found.get(0).option()).isEqualTo(option);
        assertThat(found.get(0).code()).isEqualTo(code);
        assertThat(findings(cure.apply(new TableVectorizer()), table, Set.of()))
                .extracting(Finding::name)
                .containsExactly("columns");
        assertThat(findings(new TableVectorizer(), table, Set.of(column)))
                .as("where another finding advises to leave the column out")
                .extracting(Finding::severity)
                .containsExactly(Finding.Severity.OK);
    }

    @Test
    void columnsAsTablesHaveThemRaiseNoDoubt() {
        for (String expression : List.of(
                "20000 + pmod(hash(id), 70000)", // amounts, hardly one twice
                "pmod(hash(id), 400)", // amounts, some twice
                "id div 7", // years, levels
                "1990 + id % 30",
                "id % 17", // grey values
                "id % 2",
                "19000101 + id % 3 * 50", // no dates
                "array('3', '4', '5+')[id % 3]",
                "concat('town ', id % 20)",
                "if(id % 2 = 0, null, randn(3))",
                "concat('28/', 1 + id % 12, '/', 10 + id % 15)",
                "1.5 * id",
                "'same'")) {
            assertThat(findings(new TableVectorizer(), table("amount", expression), Set.of()))
                    .as(expression)
                    .extracting(Finding::name)
                    .containsExactly("columns");
        }
        Dataset<Row> single = table("step", "id").drop("x");
        assertThat(findings(new TableVectorizer(), single, Set.of()))
                .as("the only column")
                .extracting(Finding::message)
                .containsExactly("1 column is read: 1 as number");
    }

    @Test
    void severalColumnsShareAFinding() {
        Dataset<Row> table = LocalSpark.session()
                .range(0, ROWS)
                .selectExpr(
                        "id + 5 as a",
                        "id + 9 as b",
                        "'same' as c",
                        "rand() as d",
                        "id % 7 as zip",
                        "concat('text ', id) as e");
        List<Finding> found = findings(new TableVectorizer(), table, Set.of());
        assertThat(found).extracting(Finding::option).containsExactly("--exclude e", "--id a,b", "--categorical zip");
        assertThat(found.get(1).message()).endsWith("\"a\" (from 5 to 404), \"b\" (from 9 to 408)");
    }

    /** Flags that agree are no reason to leave out the numbers beside them. */
    @Test
    void theCheckOfAVectorizedTableHasNoAdviceAgainstColumnsOfWhichAPartIsACopy() {
        Dataset<Row> table = LocalSpark.session()
                .range(0, ROWS, 1, 2)
                .selectExpr(
                        "if(id % 20 = 0, null, randn(1)) as a",
                        "if(id % 20 = 0, null, randn(2)) as b",
                        "if(id % 40 = 0, null, if(id % 3 = 0, 'red', 'blue')) as colour",
                        "if(id % 40 = 0, null, if(id % 3 = 0, 'red', 'blue')) as color",
                        "concat('remark ', id) as note",
                        "double(id % 2) as label");
        Dataset<Row> made = new TableVectorizer().fit(table).transform(table);
        Checkup checkup = new MlpClassifier().setHiddenLayers(8).setNumShards(2).check(made);
        assertThat(checkup.findings())
                .filteredOn(finding -> finding.severity() != Finding.Severity.OK)
                .extracting(Finding::code)
                .contains(
                        "leave \"color\" out with TableVectorizer.setDropCols", "TableVectorizer.setDropCols(\"note\")")
                .noneMatch(code -> code.contains("\"b\""));
    }
}
