package dev.kindling.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is told while files are read. */
final class ReadProgressTest {
    private static final long MB = 1_000_000;

    @Test
    void theTimeLeftFollowsFromTheBytesUntilAllAreFetched() {
        assertThat(ReadProgress.line("a.csv", 0, 490 * MB, 1)).isEqualTo("reading a.csv: 0 of 490 MB (0 %), 0 MB/s");
        assertThat(ReadProgress.line("a.csv", 9 * MB, 490 * MB, 9))
                .isEqualTo("reading a.csv: 9 of 490 MB (2 %), 1 MB/s");
        assertThat(ReadProgress.line("a.csv", 98 * MB, 490 * MB, 7))
                .isEqualTo("reading a.csv: 98 of 490 MB (20 %), 14 MB/s, ETA 0:28");
        assertThat(ReadProgress.line("a.parquet", 350 * MB, 346 * MB, 12.4))
                .isEqualTo("reading a.parquet: all 346 MB fetched, decoding rows, 12 s so far");
    }

    @Test
    void ofSmallDataOnlyTheSecondsAreTold() {
        assertThat(ReadProgress.line("wide.parquet", 12 * MB, 12 * MB, 30.2))
                .isEqualTo("reading wide.parquet: 30 s so far");
        assertThat(ReadProgress.line("orders", 0, 0, 7)).isEqualTo("reading orders: 7 s so far");
    }
}
