package dev.kindling.data;

import com.holdenkarau.spark.testing.JavaRDDComparisons;
import com.holdenkarau.spark.testing.SharedJavaSparkContext;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Packing, looked at with Spark Testing Base's context and its comparison of RDDs. */
@Tag("own-context")
final class SparkTestingBaseTest extends SharedJavaSparkContext {

    @BeforeEach
    void startContext() {
        runBefore(); // JUnit 4's annotation on it is not seen by JUnit 5
    }

    @AfterAll
    static void stopContext() {
        SharedJavaSparkContext.runAfterClass();
    }

    /** The labels and first features of the rows of each shard, in their order. */
    private JavaRDD<String> rows(List<Sample> samples, int partitions) {
        Shards shards = Samples.pack(jsc(), samples, partitions, Samples.packing(3));
        return shards.rdd().flatMap(shard -> {
            List<String> rows = new ArrayList<>();
            for (int row = 0; row < shard.training.rows(); row++) {
                BatchBuffer buffer = new BatchBuffer(shard.training, 1, null);
                shard.training.copyTo(row, buffer);
                rows.add(shard.index + ": " + shard.training.label(row) + " "
                        + buffer.batch().features().values()[0]);
            }
            return rows.iterator();
        });
    }

    @Test
    void shardsHoldTheSameRowsInTheSameOrderHoweverTheSourceIsOrderedAndPartitioned() {
        List<Sample> samples = Samples.clusters(90, 2);
        List<Sample> shuffled = new ArrayList<>(samples);
        Collections.shuffle(shuffled, new Random(3));
        JavaRDDComparisons.assertRDDEqualsWithOrder(rows(samples, 2), rows(shuffled, 5));
    }
}
