package dev.kindling.ml.internal;

import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Offsets;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Loss;
import dev.kindling.model.InputRow;
import dev.kindling.model.NetworkDescription;
import dev.kindling.model.Outputs;
import dev.kindling.model.TrainingFacts;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.ensemble.Ensemble;
import dev.kindling.nn.ensemble.EnsemblePass;
import dev.kindling.spec.Spec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/** A trained network, or several that predict together, which scores rows. */
public final class NetworkWeights implements Serializable {
    private static final long serialVersionUID = 1L;

    public final Ensemble ensemble;
    public final Network network; // of each member
    public final Loss loss;
    public final float[] parameters; // of all members
    public final int classes; // 0 for regression
    public final String gemm; // the GEMM backend of the training
    public final int shards; // the number of shards in training
    public final Offsets offsets; // what training subtracted from features and targets
    public final @Nullable TrainingFacts training; // null where it is not known

    private transient @Nullable Broadcast<float[]> broadcast;
    private transient @Nullable String application; // the Spark application that it was broadcast in

    public NetworkWeights(
            Ensemble ensemble, float[] parameters, int classes, String gemm, int shards, Offsets offsets) {
        this(new NetworkDescription(ensemble, classes, gemm, shards, offsets, null), parameters);
    }

    public NetworkWeights(NetworkDescription description, float[] parameters) {
        Ensemble ensemble = description.ensemble();
        this.ensemble = ensemble;
        this.network = ensemble.network();
        this.loss = ensemble.loss();
        this.parameters = parameters;
        this.classes = description.classes();
        this.gemm = description.gemm();
        this.shards = description.shards();
        this.offsets = description.offsets();
        this.training = description.training();
    }

    /** Broadcasts the parameters once to the dataset's application. Spark drops them when nothing refers to them any more. */
    public synchronized Broadcast<float[]> broadcast(Dataset<?> dataset) {
        SparkContext context = dataset.sparkSession().sparkContext();
        Broadcast<float[]> sent = broadcast;
        if (sent == null || !context.applicationId().equals(application)) {
            sent = JavaSparkContext.fromSparkContext(context).broadcast(parameters);
            broadcast = sent;
            application = context.applicationId();
        }
        return sent;
    }

    /** The same network without its parameters, which are broadcast separately. */
    NetworkWeights withoutParameters() {
        return new NetworkWeights(ensemble, new float[0], classes, gemm, shards, offsets);
    }

    /** The parameters as a vector, which a Spark param can hold. */
    public Vector vector() {
        double[] values = new double[parameters.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameters[i];
        }
        return Vectors.dense(values);
    }

    /** The offsets of all features, then those of the targets, as a vector, which a Spark param can hold. */
    public Vector offsetVector() {
        double[] all = new double[network.inputs() + (classes > 0 ? 0 : network.outputs())];
        for (int column : offsets.columns()) {
            all[column] = offsets.feature(column);
        }
        for (int i = network.inputs(); i < all.length; i++) {
            all[i] = offsets.target(i - network.inputs());
        }
        return Vectors.dense(all).compressed();
    }

    /** The offsets of such a vector. */
    static Offsets offsets(Vector all, int targets) {
        double[] values = all.toArray();
        int inputs = Math.max(0, values.length - targets);
        int[] columns = IntStream.range(0, inputs).filter(j -> values[j] != 0).toArray();
        double[] ofTargets = Arrays.copyOfRange(values, inputs, values.length);
        return new Offsets(
                columns,
                IntStream.of(columns).mapToDouble(j -> values[j]).toArray(),
                Arrays.stream(ofTargets).allMatch(offset -> offset == 0) ? new double[0] : ofTargets);
    }

    /** The layers below the outputs, as a spec. */
    public String architecture() {
        List<Layer> layers = network.layers();
        return Spec.printAll(layers.subList(0, layers.size() - 1));
    }

    /** The predictions that a row's outputs stand for, in double. The outputs are overwritten. */
    public double[] predictions(float[] outputs) {
        return Outputs.values(loss, offsets, outputs);
    }

    /** What is saved of it beside the parameters. */
    public NetworkDescription description() {
        return new NetworkDescription(ensemble, classes, gemm, shards, offsets, training);
    }

    /** The raw outputs of one row. */
    public float[] score(Vector features) {
        return pass(parameters, 1).forward(block(List.of(features)));
    }

    /** Passes of up to {@code capacity} rows, with parameters that were broadcast. */
    EnsemblePass pass(float[] broadcasted, int capacity) {
        return ensemble.pass(GemmBackend.follow(gemm), broadcasted, capacity);
    }

    /**
     * The vectors, less the offsets, as one matrix.
     *
     * @throws InvalidInput for a vector whose size is not the number of the network's inputs
     */
    Rows block(List<Vector> vectors) {
        return InputRow.block(vectors.stream().map(NetworkWeights::row).toList(), network.inputs(), offsets);
    }

    private static InputRow row(Vector vector) {
        return vector instanceof SparseVector sparse
                ? InputRow.sparse(sparse.size(), sparse.indices(), sparse.values())
                : InputRow.dense(vector.toArray());
    }
}
