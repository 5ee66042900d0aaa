package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Numeric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Numeric
class RunLengthTest {

    @ParameterizedTest
    @CsvSource({
        "1, 300, 32",
        "150, 300, 32", // 5 steps an epoch
        "824, 231, 64", // 13
        "5000, 100, 128", // 40
        "10000, 100, 128", // 79
        "16000, 93, 128", // 125
        "50000, 30, 128", // 391
        "100000, 20, 128", // 782
        "2000000, 20, 1024", // 1954
        "10000000000, 20, 4096"
    })
    void smallTablesGetManySmallSteps(long rows, int epochs, int batchSize) {
        assertThat(RunLength.of(rows, RunLength.AUTO, RunLength.AUTO)).isEqualTo(new RunLength(epochs, batchSize));
    }

    @Test
    void whatIsGivenStays() {
        assertThat(RunLength.of(824, 7, 5)).isEqualTo(new RunLength(7, 5));
        assertThat(RunLength.of(824, 7, RunLength.AUTO)).isEqualTo(new RunLength(7, 64));
        assertThat(RunLength.of(824, RunLength.AUTO, 412).epochs()).isEqualTo(300); // 2 steps an epoch
    }
}
