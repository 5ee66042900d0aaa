package dev.kindling.ml.internal;

import dev.kindling.data.Offsets;
import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Loss;
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
    private static final int MOST_ROWS = 512; // of a block
    private static final int MOST_OUTPUTS = 1 << 22; // of all rows of a block

    private static final long serialVersionUID = 1L;

    public final Ensemble ensemble;
    public final Network network; // of each member
    public final Loss loss;
    public final float[] parameters; // of all members
    public final int classes; // 0 for regression
    public final String gemm; // the GEMM backend of the training
    public final int shards; // the number of shards in training
    public final Offsets offsets; // what training subtracted from features and targets

    private transient @Nullable Broadcast<float[]> broadcast;
    private transient @Nullable String application; // the Spark application that it was broadcast in

    public NetworkWeights(
            Ensemble ensemble, float[] parameters, int classes, String gemm, int shards, Offsets offsets) {
        this.ensemble = ensemble;
        this.network = ensemble.network();
        this.loss = ensemble.loss();
        this.parameters = parameters;
        this.classes = classes;
        this.gemm = gemm;
        this.shards = shards;
        this.offsets = offsets;
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

    /** How many rows are scored at once: fewer where each has many outputs. */
    int blockRows() {
        return Math.max(1, Math.min(MOST_ROWS, MOST_OUTPUTS / network.outputs()));
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
        loss.link(1, outputs.length, outputs);
        double[] predictions = new double[outputs.length];
        for (int j = 0; j < predictions.length; j++) {
            predictions[j] = outputs[j] + offsets.target(j);
        }
        return predictions;
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
     * The vectors, less the offsets, as one matrix. It is sparse if all vectors are sparse and few values are not zero.
     *
     * @throws InvalidInput for a vector whose size is not the number of the network's inputs
     */
    Rows block(List<Vector> given) {
        List<Vector> vectors =
                offsets.ofFeatures() ? given.stream().map(this::lessOffsets).toList() : given;
        long stored = 0;
        boolean sparse = true;
        for (Vector vector : vectors) {
            if (vector.size() != network.inputs()) {
                throw new InvalidInput(
                        "the model takes vectors of " + network.inputs() + " values, but one has " + vector.size());
            }
            sparse &= vector instanceof SparseVector;
            stored += vector.numActives();
        }
        int rows = vectors.size();
        int columns = network.inputs();
        return sparse && stored * 10 <= (long) rows * columns
                ? sparse(vectors, Math.toIntExact(stored))
                : dense(vectors);
    }

    private Vector lessOffsets(Vector vector) {
        if (vector instanceof SparseVector sparse) {
            int[] stored = offsets.stored(sparse.size(), sparse.indices());
            return Vectors.sparse(sparse.size(), stored, offsets.subtract(sparse.indices(), sparse.values(), stored));
        }
        return Vectors.dense(offsets.subtract(vector.toArray()));
    }

    private Rows sparse(List<Vector> vectors, int stored) {
        int[] starts = new int[vectors.size() + 1];
        int[] indices = new int[stored];
        float[] values = new float[stored];
        int next = 0;
        for (int row = 0; row < vectors.size(); row++) {
            SparseVector vector = vectors.get(row).toSparse();
            for (int p = 0; p < vector.indices().length; p++) {
                indices[next] = vector.indices()[p];
                values[next++] = (float) vector.values()[p];
            }
            starts[row + 1] = next;
        }
        return Rows.sparse(vectors.size(), network.inputs(), starts, 0, indices, values);
    }

    private Rows dense(List<Vector> vectors) {
        int columns = network.inputs();
        float[] values = new float[Math.toIntExact((long) vectors.size() * columns)];
        for (int row = 0; row < vectors.size(); row++) {
            int from = row * columns;
            if (vectors.get(row) instanceof SparseVector vector) {
                for (int p = 0; p < vector.indices().length; p++) {
                    values[from + vector.indices()[p]] = (float) vector.values()[p];
                }
            } else {
                double[] dense = vectors.get(row).toArray();
                for (int i = 0; i < columns; i++) {
                    values[from + i] = (float) dense[i];
                }
            }
        }
        return Rows.dense(vectors.size(), columns, values, 0);
    }
}
