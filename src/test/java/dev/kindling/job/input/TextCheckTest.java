package dev.kindling.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.linalg.InvalidInput;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts of labels that are classes, and those that must not become such. */
final class TextCheckTest {
    private static final TextCheck CHECK = new TextCheck(CsvOptions.NONE, 1000);

    private static void refusesLabels(String sentence, String... texts) {
        assertThatThrownBy(() -> CHECK.requireClasses("label column \"y\"", texts))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("label column \"y\" must hold ")
                .hasMessageContaining(sentence);
    }

    private static String[] texts(int count, String prefix) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
    }

    @Test
    void ordinaryClassesPass() {
        for (List<String> texts : List.of(
                List.of("red", "blue"),
                List.of("A1", "B2", "3C"),
                List.of("01", "02", "10"),
                List.of("NA", "EU", "AS"),
                List.of("-", "+"),
                List.of("5-10", "10-20", "20+"),
                List.of("4,5 stars", "good"),
                List.of("Smith, J.", "1,a"),
                List.of("NA"))) {
            CHECK.requireClasses("column", texts.toArray(new String[0]));
        }
        CHECK.requireClasses("column", texts(500, "city "));
        new TextCheck(CsvOptions.NONE, 20).requireClasses("column", texts(20, "state "));
    }

    @Test
    void numbersWithAnotherMarkAreRefusedWithTheOptionThatReadsThem() {
        refusesLabels("holds \"4,7\"; --decimal , reads it", "4,7", "5", "6,25");
        refusesLabels("--decimal , reads it", "1.234,5", "7,0", "-0,5");
        refusesLabels("--decimal . reads it", "1,234.5", "7", "1,234,567");
        refusesLabels("--decimal . reads it", "12 345", "7");
        refusesLabels(
                "--decimal , takes the comma for a decimal mark, --decimal . for a mark between", "1,234", "5,678");
        refusesLabels("--decimal , reads it", "0,123", "5,678");
        refusesLabels("--decimal , reads it", "0,5", "1,5");
    }

    @Test
    void namesOfMissingValuesAreNoNumbersAndNoClasses() {
        for (String name : List.of("NA", "N/A", "null", "?", "-", "NaN", "none", "#N/A")) {
            refusesLabels("but holds \"" + name + "\"", "0", "1", name);
            refusesLabels("--null-value '" + name + "'", "True", "False", name);
        }
        refusesLabels("\"?\"", "pos", "neg", "?");
    }

    @Test
    void identifiersAreNoClasses() {
        String[] users = texts(60, "user");
        assertThatThrownBy(() -> new TextCheck(null, 100).requireClasses("column", users))
                .hasMessageContaining("--label names the column to predict");
    }

    @Test
    void noOptionIsNamedWhereNoneReadsTheData() {
        assertThatThrownBy(() -> new TextCheck(null, 100).requireClasses("column", new String[] {"4,7", "5,1"}))
                .hasMessageEndingWith("but holds \"4,7\"");
        assertThatThrownBy(() -> new TextCheck(null, 100).requireClasses("column", new String[] {"0", "1", "NA"}))
                .hasMessageEndingWith("leave its rows out");
    }

    @Test
    void whatJavaWritesInALocaleIsANumberWithThatLocalesMark() {
        Random random = new Random(3);
        for (Locale locale : List.of(Locale.GERMANY, Locale.FRANCE, Locale.US, Locale.ITALY, new Locale("de", "CH"))) {
            NumberFormat format = NumberFormat.getInstance(locale);
            format.setMaximumFractionDigits(6);
            char mark = ((DecimalFormat) format).getDecimalFormatSymbols().getDecimalSeparator();
            DecimalMark expected = mark == ',' ? DecimalMark.COMMA : DecimalMark.POINT;
            for (int i = 0; i < 200; i++) {
                String written = format.format(random.nextGaussian() * Math.pow(10, i % 9));
                assertThat(expected.isNumber(written))
                        .as("%s in %s", written, locale)
                        .isTrue();
            }
        }
        assertThat(DecimalFormatSymbols.getInstance(Locale.GERMANY).getDecimalSeparator())
                .isEqualTo(',');
        for (String text : List.of("", "-", "1,2,3", "1.23.456", "12.34", "0.123", "1,5 kg", "05.01.2024")) {
            assertThat(DecimalMark.COMMA.isNumber(text)).as(text).isFalse();
        }
    }

    @Test
    void aLineTellsTheOptionThatReadsItsQuotes() {
        for (String sound : List.of(
                "a,b",
                "\"a,b\",c",
                "\"say \"\"hi\"\"\",c",
                "\"\"\"x\",1",
                "5\" pipe,3",
                "\"C:\\dir\\\",5",
                "\"\",",
                "a\"b,\"c\"")) {
            assertThat(RawLines.hint(sound, CsvOptions.NONE)).as(sound).isEmpty();
        }
        for (String open : List.of("1,\"foo", "\"a,b", "x, \"y", "\"a \"\"b\"\" c")) {
            assertThat(RawLines.hint(open, CsvOptions.NONE)).as(open).contains("--multi-line");
        }
        for (String escaped : List.of("\"say \\\"hi\\\", u\",1", "\"\\\"x\\\"\",2", "1,\"tail \\\"\"")) {
            assertThat(RawLines.hint(escaped, CsvOptions.NONE)).as(escaped).contains("--escape '\\'");
            CsvOptions backslash = new CsvOptions(null, null, null, "\\", false, null, null, null);
            assertThat(RawLines.hint(escaped, backslash)).as(escaped).isEmpty();
        }
    }
}
