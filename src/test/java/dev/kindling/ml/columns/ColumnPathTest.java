package dev.kindling.ml.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.junit.jupiter.api.Test;
import scala.collection.Seq;

final class ColumnPathTest {
    private static final String[] LETTERS = {"a", "B ", ".", "`", "``"};

    @Test
    void namesAreReadAsSparkReadsThem() {
        List<String> names = new ArrayList<>(List.of(""));
        for (int i = 0; i < names.size() && names.size() < 5_000; i++) {
            for (String letter : LETTERS) {
                names.add(names.get(i) + letter);
            }
        }
        names.addAll(List.of("`a.a`.a", "a.`a``a`.`a.a`", "```a`.``", "a\n.b", "`a`\n"));
        assertThat(names)
                .allSatisfy(name ->
                        assertThat(ColumnPath.parse(name).names()).as(name).isEqualTo(bySpark(name)));
    }

    private static List<String> bySpark(String name) {
        try {
            Seq<String> parts = UnresolvedAttribute.parseAttributeName(name);
            String[] names = new String[parts.size()];
            parts.copyToArray(names);
            return List.of(names);
        } catch (Exception e) { // Scala does not declare the checked exception that is thrown here
            return List.of(name);
        }
    }
}
