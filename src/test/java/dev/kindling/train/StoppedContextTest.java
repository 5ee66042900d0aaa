package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Samples;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import dev.kindling.loss.Loss;
import dev.kindling.optim.OuterOptimizer;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("own-context")
final class StoppedContextTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aContextThatIsStoppedInAFitEndsItWithASentence(boolean oneJvm) {
        SparkConf conf = new SparkConf()
                .setMaster("local[2]")
                .setAppName("stopped")
                .set("spark.ui.enabled", "false")
                .set("spark.kindling.oneJvm", Boolean.toString(oneJvm));
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            TrainListener stopper = new TrainListener() {
                @Override
                public void ended(Epoch epoch) {
                    if (epoch.number() == 2) {
                        context.stop();
                    }
                }
            };
            Packing packing = new Packing(2, 7, new Loss.SoftmaxCrossEntropy(), 0, 0, Samples.COLUMNS);
            Shards shards = Samples.pack(context, Samples.clusters(100, 4), 2, packing);
            Trainer trainer = Samples.trainer(Samples.options(1000, 32, 5, 1, new OuterOptimizer.Average()), stopper);
            assertThatThrownBy(() -> trainer.fit(shards))
                    .isInstanceOf(CancellationException.class)
                    .hasMessageMatching("training was cancelled: [^\\n]+(stopped|shut down)");
        }
    }
}
