package dev.kindling.ml;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.ml.internal.FitResult;
import dev.kindling.train.scale.Sample;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The summary of a fit. A model has it after the fit, but not after it was loaded. Of several members, epochs are those of the
 * first.
 */
public final class TrainingSummary {
    private static final StructType SCHEMA = new StructType()
            .add("epoch", DataTypes.IntegerType, false)
            .add("trainingLoss", DataTypes.DoubleType, false)
            .add("trainingMetric", DataTypes.DoubleType, false)
            .add("validationLoss", DataTypes.DoubleType)
            .add("validationMetric", DataTypes.DoubleType)
            .add("learningRate", DataTypes.DoubleType, false)
            .add("gradientNorm", DataTypes.DoubleType)
            .add("steps", DataTypes.LongType, false)
            .add("trainingSeconds", DataTypes.DoubleType, false)
            .add("seconds", DataTypes.DoubleType, false);

    private final FitResult result;

    TrainingSummary(FitResult result) {
        this.result = result;
    }

    /** The epochs in order. */
    public List<Epoch> history() {
        return result.history();
    }

    /**
     * The name of the metric reported at every epoch: the one that is monitored or, where the loss is, {@code accuracy} for
     * classes and {@code rmse} for values.
     */
    public String metric() {
        return result.metric();
    }

    /** The name of what epochs are compared by: {@code loss} or a metric. */
    public String monitor() {
        return result.monitor();
    }

    /** The number of rows trained on. */
    public long rows() {
        return result.rows();
    }

    /** The number of rows validated on. */
    public long validationRows() {
        return result.validationRows();
    }

    /**
     * The mean loss of the model on the rows validated on; NaN without any. Members that are validated on rows of their own count
     * for themselves, and this is their mean; else all are averaged and calibrated.
     */
    public double validationLoss() {
        return result.validation().loss();
    }

    /** The {@link #metric} of the model on the rows validated on; NaN without any. */
    public double validationMetric() {
        return result.validation().metric();
    }

    /** The number of steps taken. */
    public long steps() {
        return history().stream().mapToLong(Epoch::steps).sum();
    }

    /** The number, from 1, of the epoch that is best by what is monitored. */
    public int bestEpoch() {
        return result.bestEpoch();
    }

    /** Why the fit ended: {@code epochs}, {@code earlyStopping} or {@code converged}. */
    public String stopReason() {
        return result.stopReason();
    }

    /** The GEMM backend that the driver chose. */
    public String gemmBackend() {
        return result.weights().gemm;
    }

    /**
     * The GEMM backends that the shards' tasks had when the fit began. If they are not all the chosen one, another fit of the
     * same rows and seed may give other bits.
     */
    public List<String> gemmBackends() {
        return result.gemmBackends();
    }

    /** Wall-clock seconds of the whole fit, packing included. */
    public double seconds() {
        return result.seconds();
    }

    /** The median over the epochs of the seconds of training alone. */
    public double secondsPerEpoch() {
        return Sample.median(
                history().stream().mapToDouble(Epoch::trainingSeconds).toArray());
    }

    /**
     * One row for each epoch: its number, losses and metrics, learning rate, gradient norm, steps and seconds. Values that do
     * not exist, such as a validation loss without validation rows, are null.
     */
    public Dataset<Row> toDataset(SparkSession spark) {
        return spark.createDataFrame(
                history().stream()
                        .map(epoch -> RowFactory.create(
                                epoch.number(),
                                epoch.trainingLoss(),
                                epoch.trainingMetric(),
                                orNull(epoch.validationLoss()),
                                orNull(epoch.validationMetric()),
                                epoch.learningRate(),
                                orNull(epoch.gradientNorm()),
                                epoch.steps(),
                                epoch.trainingSeconds(),
                                epoch.seconds()))
                        .toList(),
                SCHEMA);
    }

    private static @Nullable Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** The summary as a JSON object, with the rows of {@link #toDataset} as {@code history}. */
    public String toJson() {
        ObjectNode json = new ObjectMapper()
                .createObjectNode()
                .put("rows", rows())
                .put("validationRows", validationRows())
                .put("validationLoss", orNull(validationLoss()))
                .put("validationMetric", orNull(validationMetric()))
                .put("steps", steps())
                .put("seconds", seconds())
                .put("secondsPerEpoch", secondsPerEpoch())
                .put("monitor", monitor())
                .put("bestEpoch", bestEpoch())
                .put("stopReason", stopReason())
                .put("metric", metric())
                .put("gemmBackend", gemmBackend());
        gemmBackends().forEach(json.putArray("gemmBackends")::add);
        ArrayNode epochs = json.putArray("history");
        for (Epoch epoch : history()) {
            epochs.addObject()
                    .put("epoch", epoch.number())
                    .put("trainingLoss", epoch.trainingLoss())
                    .put("trainingMetric", epoch.trainingMetric())
                    .put("validationLoss", orNull(epoch.validationLoss()))
                    .put("validationMetric", orNull(epoch.validationMetric()))
                    .put("learningRate", epoch.learningRate())
                    .put("gradientNorm", orNull(epoch.gradientNorm()))
                    .put("steps", epoch.steps())
                    .put("trainingSeconds", epoch.trainingSeconds())
                    .put("seconds", epoch.seconds());
        }
        return json.toPrettyString();
    }
}
