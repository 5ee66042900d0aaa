package dev.kindling.table.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Amounts as the JDK's formats write them. KindRulesTest has the style that a column's texts decide on. */
final class NumberStyleTest {
    @ParameterizedTest
    @CsvSource({"POINT, en-US", "POINT, de-CH", "COMMA, de-DE", "COMMA, fr-FR", "COMMA, es-ES"})
    void anAmountIsTheNumberThatWasWritten(NumberStyle style, String language) {
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
}
