package dev.kindling.ml;

import dev.kindling.linalg.Require;
import dev.kindling.nn.BatchNorm;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.GradientSource;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Loss;
import dev.kindling.nn.Network;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.nn.Spec;
import dev.kindling.nn.Standardize;
import dev.kindling.optim.Clip;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.UpdateRule;
import dev.kindling.train.Checkpointing;
import dev.kindling.train.ClassWeights;
import dev.kindling.train.Columns;
import dev.kindling.train.EarlyStopping;
import dev.kindling.train.JobScope;
import dev.kindling.train.Packing;
import dev.kindling.train.ProgressLog;
import dev.kindling.train.Provider;
import dev.kindling.train.RowReader;
import dev.kindling.train.RowSink;
import dev.kindling.train.Shards;
import dev.kindling.train.TrainListener;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.TrainState;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** One fit: from a dataset and the estimator's params to a trained network. It leaves nothing in the cache. */
final class Fitting {
    final NetworkWeights weights;
    final TrainingSummary summary;

    private Fitting(NetworkWeights weights, TrainingSummary summary) {
        this.weights = weights;
        this.summary = summary;
    }

    static Fitting run(
            Dataset<?> dataset, MlpParams params, String features, String label, @Nullable TrainListener listener) {
        long start = System.nanoTime();
        Loss loss = Spec.parse(Loss.class, params.getLoss());
        List<Layer> hidden = hiddenLayers(params);
        UpdateRule rule = rule(params);
        TrainOptions options = options(params);
        SparkContext context = dataset.sparkSession().sparkContext();
        String gemm = Provider.choose(context.getConf());
        int count = params.getNumShards() == 0 ? context.defaultParallelism() : params.getNumShards();
        boolean weighted = SchemaCheck.names(params, params.weightCol());
        boolean indicated = SchemaCheck.names(params, params.validationIndicatorCol());
        StructType schema = dataset.schema();
        StructField labelField = ColumnPath.of(schema, label).field(schema).orElseThrow();
        Packing packing = new Packing(
                count,
                params.getSeed(),
                loss,
                loss.isClassification() ? classes(labelField) : 0,
                params.getValidationFraction(),
                new Columns(
                        features,
                        label,
                        weighted ? params.getWeightCol() : "",
                        featureNames(
                                ColumnPath.of(schema, features).field(schema).orElseThrow())));
        Dataset<Row> rows = select(dataset, params, features, label, weighted, indicated);
        try (Shards shards =
                Shards.pack(JobScope.run(context, rows::toJavaRDD), new VectorRows(weighted, indicated), packing)) {
            int classes = loss.isClassification() ? shards.classes() : 0;
            List<Layer> layers = new ArrayList<>(hidden);
            layers.add(new Dense(loss.outputs(classes), Spec.parse(Initializer.class, params.getInitializer())));
            Network network = Network.of(shards.columns(), layers);
            requireMemory(network.parameterCount());
            List<String> providers = Provider.inUse(shards.rdd(), gemm);
            TrainState state = new Trainer(network, loss, rule, options, gemm, listeners(listener))
                    .fit(shards, checkpointing(params));
            return new Fitting(
                    new NetworkWeights(network, loss, state.result(), classes, gemm, count),
                    new TrainingSummary(
                            state.history(),
                            shards.rows(),
                            shards.validationRows(),
                            state.bestEpoch(),
                            stopReason(state),
                            gemm,
                            providers,
                            (System.nanoTime() - start) / 1e9));
        }
    }

    /** An index in the data, or a width, with some digits too many would take the driver's JVM with it. */
    private static void requireMemory(int parameters) {
        long least = 2L * Float.BYTES * parameters; // they and their gradient
        long heap = Runtime.getRuntime().maxMemory();
        Require.that(
                least < heap,
                "the driver's memory must hold the network's " + parameters + " parameters and their gradient, "
                        + (least >> 20) + " MiB, but is " + (heap >> 20) + " MiB");
    }

    private static TrainListener listeners(@Nullable TrainListener own) {
        return own == null ? new ProgressLog() : TrainListener.all(new ProgressLog(), own);
    }

    private static String stopReason(TrainState state) {
        return switch (state.stopReason()) {
            case EPOCHS -> "epochs";
            case EARLY_STOPPING -> "earlyStopping";
            case CONVERGED -> "converged";
        };
    }

    private static Dataset<Row> select(
            Dataset<?> dataset, MlpParams params, String features, String label, boolean weighted, boolean indicated) {
        StructType schema = dataset.schema();
        List<Column> columns = new ArrayList<>();
        columns.add(ColumnPath.of(schema, features).column());
        columns.add(ColumnPath.of(schema, label).column().cast("double"));
        if (weighted) {
            columns.add(ColumnPath.of(schema, params.getWeightCol()).column().cast("double"));
        }
        if (indicated) {
            columns.add(
                    ColumnPath.of(schema, params.getValidationIndicatorCol()).column());
        }
        return dataset.select(columns.toArray(new Column[0]));
    }

    private static List<Layer> hiddenLayers(MlpParams params) {
        List<Layer> layers = new ArrayList<>();
        if (params.getStandardize()) {
            layers.add(new Standardize());
        }
        if (params.isSet(params.architecture())) {
            for (Param<?> other : List.<Param<?>>of(
                    params.hiddenLayers(), params.activation(), params.batchNorm(), params.dropout())) {
                Require.that(
                        !params.isSet(other),
                        "architecture says all of the hidden layers, so " + other.name() + " must not be set too");
            }
            layers.addAll(Spec.parseAll(Layer.class, params.getArchitecture()));
            return layers;
        }
        Nonlinearity activation = Spec.parse(Nonlinearity.class, params.getActivation());
        Initializer initializer = Spec.parse(Initializer.class, params.getInitializer());
        int[] widths = params.getHiddenLayers();
        for (int i = 0; i < widths.length; i++) {
            Require.positive(widths[i], "the width of hidden layer " + (i + 1));
            layers.add(new Dense(widths[i], initializer));
            if (params.getBatchNorm()) {
                layers.add(new BatchNorm());
            }
            layers.add(activation);
            if (params.getDropout() > 0) {
                layers.add(new Dropout(params.getDropout()));
            }
        }
        return layers;
    }

    private static UpdateRule rule(MlpParams params) {
        int reference = params.getReferenceBatchSize();
        double rate = params.getStepSize();
        return new UpdateRule(
                Spec.parse(Optimizer.class, params.getOptimizer()),
                reference == 0 ? rate : UpdateRule.scaledRate(rate, params.getBatchSize(), reference),
                Spec.parse(Schedule.class, params.getSchedule()),
                Penalty.elasticNet(params.getRegParam(), params.getElasticNetParam()),
                Spec.parse(Clip.class, params.getGradientClip()),
                params.getMaxNorm());
    }

    private static TrainOptions options(MlpParams params) {
        return new TrainOptions(
                params.getMaxIter(),
                params.getBatchSize(),
                params.getSeed(),
                new EarlyStopping(params.getPatience(), params.getTol()),
                params.getAggregationDepth(),
                Spec.parse(ClassWeights.class, params.getClassWeights()),
                Spec.parse(Plateau.class, params.getPlateau()),
                params.getEmaDecay(),
                Spec.parse(GradientSource.class, params.getGradientSource()),
                params.getLocalSteps(),
                Spec.parse(OuterOptimizer.class, params.getOuterOptimizer()));
    }

    private static Checkpointing checkpointing(MlpParams params) {
        return params.isSet(params.checkpointDir())
                ? new Checkpointing(
                        params.getCheckpointDir(),
                        params.getCheckpointInterval(),
                        params.getCheckpointMinutes(),
                        params.getCheckpointKeep())
                : Checkpointing.NONE;
    }

    /** The number of classes that a label column's metadata tell, or 0. */
    private static int classes(StructField label) {
        Attribute attribute = Attribute.fromStructField(label);
        if (attribute instanceof NominalAttribute nominal
                && nominal.getNumValues().isDefined()) {
            return (Integer) nominal.getNumValues().get();
        }
        return attribute instanceof BinaryAttribute ? 2 : 0;
    }

    private static List<String> featureNames(StructField features) {
        if (!features.dataType().equals(SQLDataTypes.VectorType())) {
            return List.of(); // an array has no attributes
        }
        AttributeGroup group = AttributeGroup.fromStructField(features);
        if (group.attributes().isEmpty()) {
            return List.of();
        }
        Attribute[] attributes = group.attributes().get();
        return Arrays.stream(attributes)
                .map(attribute ->
                        attribute.name().isDefined() ? attribute.name().get() : "?")
                .toList();
    }

    /** Reads rows of (features, label[, weight][, validation]). */
    private static final class VectorRows implements RowReader<Row> {
        private static final long serialVersionUID = 1L;

        private final boolean weighted;
        private final boolean indicated;

        VectorRows(boolean weighted, boolean indicated) {
            this.weighted = weighted;
            this.indicated = indicated;
        }

        @Override
        public void read(Row row, RowSink sink) {
            if (row.isNullAt(0)) {
                sink.missingFeatures();
            } else if (row.get(0) instanceof SparseVector sparse) {
                sink.sparse(sparse.size(), sparse.indices(), sparse.values());
            } else {
                sink.dense(Features.vector(row, 0).toArray());
            }
            sink.label(row.isNullAt(1) ? null : row.getDouble(1));
            if (weighted) {
                sink.weight(row.isNullAt(2) ? null : row.getDouble(2));
            }
            int last = weighted ? 3 : 2;
            if (indicated) {
                sink.validation(!row.isNullAt(last) && row.getBoolean(last));
            }
        }
    }
}
