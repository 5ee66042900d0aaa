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

/** Texts that are categories, and those that must not become inputs or classes. */
final class TextCheckTest {
    private static final TextCheck CHECK = new TextCheck(CsvOptions.NONE, 1000);

    private static void refuses(String sentence, String... texts) {
        assertThatThrownBy(() -> CHECK.requireCategories("column \"a\"", texts))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("column \"a\" must hold ")
                .hasMessageContaining(sentence);
    }

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
    void ordinaryCategoriesPass() {
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
            CHECK.requireCategories("column", texts.toArray(new String[0]));
            CHECK.requireClasses("column", texts.toArray(new String[0]));
        }
        CHECK.requireCategories("column", texts(500, "city "));
        new TextCheck(CsvOptions.NONE, 20).requireCategories("column", texts(20, "state "));
    }

    @Test
    void numbersWithAnotherMarkAreRefusedWithTheOptionThatReadsThem() {
        refuses("holds \"4,7\"; --decimal , reads it", "4,7", "5", "6,25");
        refuses("--decimal , reads it", "1.234,5", "7,0", "-0,5");
        refuses("--decimal . reads it", "1,234.5", "7", "1,234,567");
        refuses("--decimal . reads it", "12 345", "7");
        refuses("--decimal , takes the comma for a decimal mark, --decimal . for a mark between", "1,234", "5,678");
        refuses("--decimal , reads it", "0,123", "5,678");
        refusesLabels("--decimal , reads it", "0,5", "1,5");
    }

    @Test
    void amountsPercentagesAndDatesAreLeftOut() {
        for (String amount : List.of("$4.50", "€ 7", "-$3", "5 EUR", "USD 1,000.00", "(1,200)", "¥300")) {
            refuses("amounts of money such as \"" + amount + "\"; use --exclude to leave it out", amount, "12");
        }
        refuses("percentages", "5%", "12.5 %", "0,3%");
        for (String date : List.of(
                "05/01/2024", "5.1.24", "2024/01/05", "1-2-2024 10:15", "5 Jan 2024", "January 5, 2024", "5-Jan-24")) {
            refuses("dates such as \"" + date + "\"", date);
        }
    }

    @Test
    void namesOfMissingValuesAreNoNumbersAndNoClasses() {
        for (String name : List.of("NA", "N/A", "null", "?", "-", "NaN", "none", "#N/A")) {
            refuses("also holds \"" + name + "\"; use --exclude to leave it out, or --null-value '" + name, "1", name);
            refusesLabels("but holds \"" + name + "\"", "0", "1", name);
            refusesLabels("--null-value '" + name + "'", "True", "False", name);
        }
        refusesLabels("\"?\"", "pos", "neg", "?");
        CsvOptions named = new CsvOptions(null, null, null, null, false, "NA", null, null);
        assertThatThrownBy(() -> new TextCheck(named, 9).requireCategories("column", new String[] {"1", "?"}))
                .hasMessageEndingWith("use --exclude to leave it out");
    }

    @Test
    void identifiersAreNoCategories() {
        String[] users = texts(60, "user");
        assertThatThrownBy(() -> new TextCheck(null, 100).requireCategories("column", users))
                .hasMessage("column must hold categories that rows share, but holds 60 different texts in 100 rows, as"
                        + " identifiers do; use --exclude to leave it out");
        new TextCheck(null, 200).requireCategories("column", users);
        assertThatThrownBy(() -> new TextCheck(null, 100).requireClasses("column", users))
                .hasMessageContaining("--label names the column to predict");
    }

    @Test
    void noOptionIsNamedWhereNoneReadsTheData() {
        assertThatThrownBy(() -> new TextCheck(null, 100).requireCategories("column", new String[] {"4,7", "5,1"}))
                .hasMessageEndingWith("; use --exclude to leave the column out");
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
