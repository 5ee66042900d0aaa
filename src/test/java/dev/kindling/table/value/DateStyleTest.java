package dev.kindling.table.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which texts write dates, and when. */
final class DateStyleTest {
    /** Of every month's days 28 to 31: those that the JDK's strict formatter takes. */
    @Test
    void aDayThatItsMonthLacksIsNoDate() {
        DateStyle style = DateStyle.of("d/M/yyyy");
        DateTimeFormatter strict = DateTimeFormatter.ofPattern("d/M/uuuu").withResolverStyle(ResolverStyle.STRICT);
        for (int year : List.of(1900, 2000, 2023, 2024)) {
            for (int month = 1; month <= 12; month++) {
                for (int day = 28; day <= 31; day++) {
                    String text = day + "/" + month + "/" + year;
                    Double expected;
                    try {
                        expected = LocalDate.parse(text, strict).toEpochDay() * 86_400.0;
                    } catch (DateTimeException none) {
                        expected = Double.NaN;
                    }
                    assertThat(style.seconds(text, ZoneOffset.UTC)).as(text).isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29, 1709164800",
        "2024-02-29T24:00, 1709251200",
        "2023-02-29, NaN",
        "2024-03-31T02:30:00Z, 1711859400", // 04:30 in Paris
        "2024-03-31T01:30:00-05:00, 1711873800",
        "2024-01-31 23:59:59, 1706745599",
        "2024-13-01, NaN",
        "10:30, NaN",
        "2024, NaN"
    })
    void isoDatesAreSecondsOnTheClocksOfTheZone(String text, Double seconds) {
        assertThat(DateStyle.ISO.seconds(text, ZoneId.of("Europe/Paris"))).isEqualTo(seconds);
    }
}
