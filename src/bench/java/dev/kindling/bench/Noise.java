package dev.kindling.bench;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.ColumnNames;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import dev.kindling.train.EarlyStopping;
import dev.kindling.train.TrainListener;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.RunConfig;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** A few rows of 100 random numbers in two classes, where the cost of steps matters and not what is learned. */
final class Noise {
    private static final int INPUTS = 100;
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();

    private Noise() {}

    static Shards pack(JavaSparkContext context, int count, int shards) {
        List<double[]> rows = new ArrayList<>();
        SplitMix64 random = new SplitMix64(1);
        for (int row = 0; row < count; row++) {
            double[] values = new double[INPUTS];
            for (int i = 0; i < INPUTS; i++) {
                values[i] = random.nextGaussian();
            }
            rows.add(values);
        }
        return Shards.pack(
                context.parallelize(rows, 2),
                (row, sink) -> {
                    sink.dense(row);
                    sink.label(row[0] > 0 ? 1.0 : 0.0);
                },
                new Packing(shards, 1, LOSS, 2, 0, new ColumnNames("features", "label", "")));
    }

    /** One hidden layer. */
    static Network network(int width) {
        return Network.of(INPUTS, Spec.parseAll(Layer.class, "dense(" + width + ") relu dense(2)"));
    }

    static TrainState train(Network network, Shards shards, int epochs, int batchSize, TrainListener listener) {
        return new Trainer(run(network, shards, epochs, batchSize), listener).fit(shards);
    }

    static RunConfig run(Network network, Shards shards, int epochs, int batchSize) {
        TrainOptions options = new TrainOptions(epochs, batchSize, 1, EarlyStopping.NEVER, 2);
        UpdateRule rule = new UpdateRule(new FirstOrder.Adam(), 1e-5);
        String gemm = GemmBackend.choose(shards.rdd().context().getConf());
        return new RunConfig(network, LOSS, rule, options, gemm);
    }
}
