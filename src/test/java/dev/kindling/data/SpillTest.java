package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Network;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spark.OneJvm;
import dev.kindling.train.EarlyStopping;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Data that do not fit Spark's memory go to disk, and train to the same bits. */
@Tag("own-context")
final class SpillTest {
    private static final int ROWS = 4_000;
    private static final int FEATURES = 256;

    /**
     * @param mapped bytes of rows in mapped files
     * @param onDisk bytes of shards that Spark keeps on disk
     */
    private record Outcome(float[] parameters, long mapped, long onDisk) {}

    /** On four shards of 1 MB each. */
    private static Outcome train(String oneJvm, String memory) {
        SparkConf conf = new SparkConf()
                .set(OneJvm.PROPERTY, oneJvm)
                .setMaster("local[2]")
                .setAppName("spill")
                .set("spark.testing", "true") // lets memory be as little as the test wants
                .set("spark.testing.memory", memory)
                .set("spark.testing.reservedMemory", "0")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1");
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            Network network = Network.of(FEATURES, List.of(new Dense(8), new Activation.Tanh(), new Dense(2)));
            long[] onDisk = new long[1];
            TrainListener listener = new TrainListener() {
                @Override
                public void ended(Epoch epoch) {
                    onDisk[0] = Arrays.stream(context.sc().getRDDStorageInfo())
                            .filter(info -> info.name().equals("kindling shards"))
                            .mapToLong(RDDInfo::diskSize)
                            .sum();
                }
            };
            Trainer trainer = new Trainer(
                    new RunConfig(
                            network,
                            new Loss.SoftmaxCrossEntropy(),
                            new UpdateRule(new FirstOrder.Adam(), 0.01),
                            new TrainOptions(2, 512, 5, EarlyStopping.NEVER, 2),
                            "java"),
                    listener);
            JavaRDD<Sample> rows = context.parallelize(List.of(0, 1, 2, 3), 4).flatMap(SpillTest::samples);
            try (Shards shards = Shards.pack(rows, new Samples.Reader(), Samples.packing(4))) {
                return new Outcome(trainer.fit(shards).result(), shards.bytesOnDisk(), onDisk[0]);
            }
        }
    }

    private static Iterator<Sample> samples(int part) {
        SplitMix64 random = new SplitMix64(part);
        List<Sample> samples = new ArrayList<>();
        for (int row = 0; row < ROWS / 4; row++) {
            double[] features = new double[FEATURES];
            boolean mostlyZero = row % 3 == 0; // such rows travel by their other values
            Arrays.setAll(features, i -> mostlyZero && i % 8 > 0 ? 0 : random.nextGaussian());
            samples.add(new Sample(features, row % 2));
        }
        return samples.iterator();
    }

    @Test
    void dataBeyondMemoryTrainToTheSameBitsFromDisk() {
        Outcome roomy = train("true", "500000000");
        assertThat(roomy.onDisk() + roomy.mapped()).isZero();
        Outcome mapped = train("true", "5000000");
        assertThat(mapped.mapped()).isEqualTo((long) Float.BYTES * ROWS * FEATURES);
        assertThat(mapped.onDisk()).isZero();
        Outcome jobs = train("false", "5000000");
        assertThat(jobs.mapped()).isZero();
        assertThat(jobs.onDisk()).isPositive();
        assertThat(mapped.parameters()).isEqualTo(roomy.parameters());
        assertThat(jobs.parameters()).isEqualTo(roomy.parameters());
    }
}
