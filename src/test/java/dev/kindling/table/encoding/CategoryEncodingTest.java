package dev.kindling.table.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** GoldenTableTest has the features. */
final class CategoryEncodingTest {
    @Test
    void onlyACategoryThatTrainingDidNotHaveIsUnseen() {
        CategoryEncoding encoding = new CategoryEncoding("c", List.of("a", "7"), List.of("rare"), false, false);
        assertThat(List.of("a", "7", 7.0, "rare", "", " ")).noneMatch(encoding::isUnseen);
        assertThat(encoding.isUnseen(null)).isFalse();
        assertThat(List.of("b", "A", 8.0)).allMatch(encoding::isUnseen);
    }
}
