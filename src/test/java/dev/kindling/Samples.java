package dev.kindling;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.ColumnNames;
import dev.kindling.data.Packing;
import dev.kindling.data.RowReader;
import dev.kindling.data.RowSink;
import dev.kindling.data.Shards;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.UpdateRule;
import dev.kindling.train.EarlyStopping;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.Trainer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Small made-up classification data, and the pieces of a run over them. */
public final class Samples {
    public static final int FEATURES = 6;
    public static final int CLASSES = 3;
    public static final ColumnNames COLUMNS = new ColumnNames("features", "label", "weight");

    private Samples() {}

    /** A row as a test writes it. */
    public static final class Sample implements Serializable {
        private static final long serialVersionUID = 1L;

        public final double[] features;
        public final Double label;
        public final Double weight;
        final boolean validation;

        public Sample(double[] features, Double label, Double weight, boolean validation) {
            this.features = features;
            this.label = label;
            this.weight = weight;
            this.validation = validation;
        }

        public Sample(double[] features, double label) {
            this(features, label, 1.0, false);
        }

        public Sample weighted(double by) {
            return new Sample(features, label, by, validation);
        }

        public Sample held() {
            return new Sample(features, label, weight, true);
        }
    }

    public static final class Reader implements RowReader<Sample> {
        private static final long serialVersionUID = 1L;

        @Override
        public void read(Sample row, RowSink sink) {
            if (row.features == null) {
                sink.missingFeatures();
            } else {
                sink.dense(row.features);
            }
            sink.label(row.label);
            sink.weight(row.weight);
            sink.validation(row.validation);
        }
    }

    /** Three noisy clusters. */
    public static List<Sample> clusters(int rows, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        List<Sample> samples = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int label = row % CLASSES;
            double[] features = new double[FEATURES];
            for (int i = 0; i < FEATURES; i++) {
                features[i] = random.nextGaussian() + (i == label ? 1.5 : 0);
            }
            samples.add(new Sample(features, label));
        }
        return samples;
    }

    public static Packing packing(int shards) {
        return new Packing(shards, 7, new Loss.SoftmaxCrossEntropy(), 0, 0, COLUMNS);
    }

    public static Shards pack(JavaSparkContext context, List<Sample> samples, int partitions, Packing packing) {
        return Shards.pack(context.parallelize(samples, partitions), new Reader(), packing);
    }

    public static Network network() {
        return Network.of(FEATURES, List.of(new Dense(16), new Activation.Relu(), new Dense(CLASSES)));
    }

    /** Layers of some twenty thousand parameters. */
    public static List<Layer> wide() {
        return List.of(new Dense(2_000), new Activation.Relu(), new Dense(CLASSES));
    }

    public static TrainOptions options(int epochs, int batchSize, long seed, int localSteps, OuterOptimizer outer) {
        return new TrainOptions(epochs, batchSize, seed, EarlyStopping.NEVER, 2).withLocalSteps(localSteps, outer);
    }

    /** Of a network with dropout, by Adam. */
    public static Trainer trainer(TrainOptions options, TrainListener listener) {
        Network network = Network.of(
                FEATURES, List.of(new Dense(16), new Activation.Tanh(), new Dropout(0.3), new Dense(CLASSES)));
        return new Trainer(
                new RunConfig(
                        network,
                        new Loss.SoftmaxCrossEntropy(),
                        new UpdateRule(new FirstOrder.Adam(), 0.01),
                        options,
                        Gemm.best().name()),
                listener);
    }

    public static Trainer trainer(int epochs, int batchSize, EarlyStopping stopping, int depth) {
        return new Trainer(
                new RunConfig(
                        network(),
                        new Loss.SoftmaxCrossEntropy(),
                        new UpdateRule(new FirstOrder.Adam(), 0.01),
                        new TrainOptions(epochs, batchSize, 11, stopping, depth),
                        "java"),
                new TrainListener() {});
    }

    public static Trainer trainer(int epochs, int batchSize) {
        return trainer(epochs, batchSize, EarlyStopping.NEVER, 2);
    }

    /** Trains on shards of the samples and takes them out of the cache again. */
    public static TrainState fit(
            JavaSparkContext context, List<Sample> samples, int shards, int epochs, int batchSize) {
        try (Shards packed = pack(context, samples, 3, packing(shards))) {
            return trainer(epochs, batchSize).fit(packed);
        }
    }

    static JavaRDD<Sample> rdd(JavaSparkContext context, List<Sample> samples, int partitions) {
        return context.parallelize(samples, partitions);
    }
}
