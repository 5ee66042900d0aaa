package dev.kindling.table.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Amounts as the JDK's formats write them. KindRulesTest has the style that a column's texts decide on. */
final class NumberStyleTest {
    @ParameterizedTest
    @CsvSource({"POINT, en-US", "POINT, de-CH", "COMMA, de-DE", "COMMA, fr-FR", "COMMA, es-ES"})
    void anAmountIsTheNumberThatWasWritten(String form, String language) {
        NumberStyle style = NumberStyle.of(form);
        Locale locale = Locale.forLanguageTag(language);
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(locale);
        NumberFormat[] formats = {
            NumberFormat.getNumberInstance(locale),
            NumberFormat.getCurrencyInstance(locale),
            new DecimalFormat("0.00", symbols),
            new DecimalFormat("#,##0.00;(#,##0.00)", symbols), // as accountants write it
            new DecimalFormat("¤ #,##0.00;(¤ #,##0.00)", symbols)
        };
        SplitMix64 random = RandomKey.of(7).generator();
        for (int i = 0; i < 500; i++) {
            long cents = (long) (random.nextGaussian() * Math.pow(10, random.nextInt(12)));
            BigDecimal amount = BigDecimal.valueOf(cents, 2);
            for (NumberFormat format : formats) {
                String text = format.format(amount);
                assertThat(style.parse(text) + 0.0).as(text).isEqualTo(amount.doubleValue());
            }
        }
    }

    /** In the order of the texts, separated by bars; no style where they are not numbers for certain. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "150cm | 60.5 cm | 7; POINT cm; 150 | 60.5 | 7",
                "5.4 L/100km | 12 L/100km; POINT L/100km; 5.4 | 12",
                "5,5 kg | 12 kg; COMMA kg; 5.5 | 12",
                "1,200 rpm | 900.5rpm; POINT rpm; 1200 | 900.5",
                "-3 °C | 21.5°C; POINT °C; -3 | 21.5",
                "$5.50/kg | $12/kg; POINT($) /kg; 5.5 | 12",
                "1 year | 2 years | 10 years; POINT year; 1 | 2 | 10",
                "1e3 kg | 2.5 kg; POINT kg; 1000 | 2.5",
                "4/5 | 3/5; POINT /5; 4 | 3",
                "10+ | 1,000+ | 50+; POINT +; 10 | 1000 | 50",
                "12.5k | 3M | 900 | 1.1bn; POINT k|M|B; 12500 | 3e6 | 900 | 1.1e9",
                "0.3M | 1.2M; POINT k|M|B; 3e5 | 1.2e6",
                "€110.5M | €565K | €0; POINT(€) k|M|B; 110.5e6 | 565e3 | 0",
                "273K | 300.5K; POINT K; 273 | 300.5",
                "12,5k | 3k | 900; COMMA k|M|B; 12500 | 3000 | 900",
                "1 | 2.5 | 7 | <0.5 | >100; PLAIN+BOUNDS; 1 | 2.5 | 7 | 0.5 | 100",
                "18 | 19 | ≥ 65 | <=5 | 30; PLAIN+BOUNDS; 18 | 19 | 65 | 5 | 30",
                "0 | 1 | 2 | 3+; PLAIN+BOUNDS; 0 | 1 | 2 | 3",
                "5 mg/l | 6 mg/l | <2 mg/l; POINT+BOUNDS mg/l; 5 | 6 | 2",
                "36:15 | -1:05; DURATION; 2175 | -65",
                "59:12 | 1:02:33.5; DURATION; 3552 | 3753.5",
                "30:00:00 | 2 days 01:00:00; DURATION; 108000 | 176400",
                "-1 day, 23:00:00 | 1 day, 0:00:05; DURATION; -3600 | 86405", // as Python writes them
                "-1 days +23:00:00 | 0 days 01:00:00 | -2 days -00:00:05; DURATION; -3600 | 3600 | -172805", // pandas,
                // PostgreSQL
                "-2 days 01:00:00; DURATION; -176400",
                "60 kg | 132 lb; ;",
                "60 EUR | 132 kg; ;",
                "$60 | €55; ;",
                "60 | 55 EUR | 70 USD; ;",
                "5 % | 50 ‰; ;",
                "$60 | 55; POINT($); 60 | 55",
                "5 % | 7,5 %; COMMA(%); 5 | 7.5",
                "<5 % | 7.5 % | 9; POINT(%)+BOUNDS; 5 | 7.5 | 9",
                "USD 1,200.50 | 7; POINT(USD); 1200.5 | 7",
                "12A | 13B; ;",
                "12 | 14 | 14B | 15; ;", // houses
                "12B | 14K | 15; ;",
                "007A | 012A; ;",
                "10-20 cm | 20-30 cm; ;",
                "1st | 2nd | 3rd; ;",
                "<5 | >10; ;",
                "<5 | 5-10 | 10 | 12; ;",
                "36:15 | 36:15:30; ;", // hours or minutes
                "75:30 | 1:02:33; ;",
                "2:1 | 3:0; ;"
            })
    void textsAreNumbersInOneStyleOrInNone(String texts, String style, String numbers) {
        List<String> given = List.of(texts.split(" \\| "));
        List<NumberStyle> found = NumberStyle.reading(given);
        if (style == null) {
            assertThat(found).isEmpty();
            return;
        }
        assertThat(found.get(0)).hasToString(style).isEqualTo(NumberStyle.of(style));
        assertThat(given.stream().map(found.get(0)::parse))
                .containsExactlyElementsOf(Arrays.stream(numbers.split(" \\| "))
                        .map(Double::valueOf)
                        .toList());
    }

    @Test
    void aMarkOfDecimalsOrThousandsIsReadInBothWays() {
        assertThat(NumberStyle.reading(List.of("1,200 rpm", "3,400 rpm")))
                .containsExactly(NumberStyle.of("POINT rpm"), NumberStyle.of("COMMA rpm"));
    }

    @Test
    void manyMarksBeforeThreeDigitsAreThoseOfThousandsBesideSmallNumbersWithout() {
        for (String mark : List.of(",", ".")) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                texts.add(1 + i % 9 + mark + String.format(Locale.ROOT, "%03d", 37 * i % 1000) + " rpm");
            }
            NumberStyle expected = NumberStyle.of(mark.equals(",") ? "POINT rpm" : "COMMA rpm");
            assertThat(expected.parse(texts.get(1))).isEqualTo(2037);
            assertThat(NumberStyle.reading(texts)).hasSize(2);
            assertThat(NumberStyle.reading(with(texts, "871 rpm"))).containsExactly(expected);
            assertThat(NumberStyle.reading(with(texts.subList(1, 50), "871 rpm")))
                    .hasSize(2);
            assertThat(NumberStyle.reading(with(texts, "1871 rpm"))).hasSize(2);
        }
    }

    private static List<String> with(List<String> texts, String other) {
        List<String> all = new ArrayList<>(texts);
        all.add(other);
        return all;
    }

    @Test
    void anotherUnitIsNoNumber() {
        NumberStyle cm = NumberStyle.of("POINT cm");
        assertThat(cm.parse("1.5 cm"))
                .isEqualTo(cm.parse("1.5cm"))
                .isEqualTo(cm.parse("1.5"))
                .isEqualTo(1.5);
        for (String other : List.of("1.5 m", "1.5 CM", "1.5 cmm", "cm", "<5 cm", "1.5 cm cm", "1.5k")) {
            assertThat(cm.parse(other)).as(other).isNaN();
        }
        assertThatThrownBy(() -> Values.number("5 ft", cm)).isInstanceOfSatisfying(RowProblem.class, problem -> {
            InvalidInput told = new InvalidInput(problem.of("height"));
            assertThat(told)
                    .hasMessage("column \"height\" must hold numbers, in \"cm\" or without a unit, but holds \"5 ft\"");
            assertThat(told.redacted()).doesNotContain("cm", "ft");
        });
        assertThatThrownBy(() -> NumberStyle.of("DOT cm")).isInstanceOf(InvalidInput.class);
    }

    @Test
    void anotherSignIsNoNumber() {
        NumberStyle dollars = NumberStyle.of("POINT($)");
        assertThat(dollars.parse("$1,200"))
                .isEqualTo(dollars.parse("1200 $"))
                .isEqualTo(dollars.parse("1200"))
                .isEqualTo(1200);
        for (String other : List.of("€7", "7 %", "$7 %", "USD 7")) {
            assertThat(dollars.parse(other)).as(other).isNaN();
            assertThat(NumberStyle.POINT.parse(other)).as(other).isEqualTo(7); // as models of before have it
        }
        assertThatThrownBy(() -> Values.number("€7", dollars)).isInstanceOfSatisfying(RowProblem.class, problem -> {
            InvalidInput told = new InvalidInput(problem.of("price"));
            assertThat(told)
                    .hasMessage("column \"price\" must hold numbers, with \"$\" or without a sign, but holds \"€7\"");
            assertThat(told.redacted()).doesNotContain("$", "7");
        });
    }

    @Test
    void whatADivisionByZeroGivesIsMissing() {
        for (String text : List.of("inf", "-inf", "Infinity", "-Infinity", "INF")) {
            assertThat(Values.number(text, NumberStyle.PLAIN)).isNaN();
        }
        assertThat(NumberStyle.isMissing("info")).isFalse();
    }
}
