package dev.kindling.job.scores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.report.ClassCharts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("one-line")
final class ScoresTest {
    @Test
    void aFigureTakesNoTwentyDigits() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("rmse", 123_456.78);
        values.put("mape", 570_283_936_343_654.5); // scikit-learn's figure where a target is 0
        values.put("auc", Double.NaN);
        StringWriter out = new StringWriter();
        new Scores(4000, values, List.of(), ClassCharts.NONE).print(new PrintWriter(out), "test");
        assertThat(out.toString()).contains("test       rmse 123456.7800  mape 5.703e+14  (4,000 rows)");
    }
}
