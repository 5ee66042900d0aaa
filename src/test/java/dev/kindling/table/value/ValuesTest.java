package dev.kindling.table.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Values of rows. GoldenTableTest and KindRulesTest have whole columns. */
final class ValuesTest {
    @Test
    void minusZeroIsZeroToTheBit() {
        for (Object zero : new Object[] {-0.0, -0f, 0, "-0", " -0.0 ", "0"}) {
            double number = Values.number(zero, NumberStyle.PLAIN);
            assertThat(Double.doubleToRawLongBits(number)).as("%s", zero).isZero();
        }
    }

    @Test
    void wholeNumbersAsTextsHaveNoPoint() {
        assertThat(Values.text(-7.0)).isEqualTo("-7");
        assertThat(Values.text(-0.0)).isEqualTo("0");
        assertThat(Values.text(7f)).isEqualTo("7");
        assertThat(Values.text(7.25)).isEqualTo("7.25");
        assertThat(Values.text(Double.NaN)).isEmpty();
    }

    @Test
    void anInstantIsReadOnTheClocksOfTheZone() {
        Instant instant = Instant.parse("2024-07-01T02:30:00Z");
        double expected = LocalDateTime.of(2024, 6, 30, 22, 30).toEpochSecond(ZoneOffset.UTC);
        ZoneId zone = ZoneId.of("America/New_York");
        assertThat(Values.seconds(Timestamp.from(instant), DateStyle.ISO, zone)).isEqualTo(expected);
        assertThat(Values.seconds(instant, DateStyle.ISO, zone)).isEqualTo(expected);
        assertThat(Values.seconds("2024-07-01T04:30:00+02:00", DateStyle.ISO, zone))
                .isEqualTo(expected);
    }
}
