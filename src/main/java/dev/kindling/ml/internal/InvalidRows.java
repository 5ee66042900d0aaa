package dev.kindling.ml.internal;

import dev.kindling.data.ColumnNames;
import dev.kindling.data.ShardSummary.RowLocation;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.model.InputRow;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Finds rows that a model cannot score, and treats them as the param {@code handleInvalid} says. */
final class InvalidRows implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String ERROR = "error";
    private static final String KEEP = "keep";

    private final ColumnNames names;
    private final String handling;

    InvalidRows(MlpParams params, ColumnNames names) {
        this.names = names;
        this.handling = params.getHandleInvalid();
    }

    /** The schema of scored rows: if rows without a prediction are kept, the fields from {@code first} on may be null. */
    static StructType scored(MlpParams params, StructType schema, int first) {
        if (!params.getHandleInvalid().equals(KEEP)) {
            return schema;
        }
        StructField[] fields = schema.fields().clone();
        for (int i = first; i < fields.length; i++) {
            fields[i] = new StructField(fields[i].name(), fields[i].dataType(), true, fields[i].metadata());
        }
        return new StructType(fields);
    }

    /** Why features cannot be scored, without their location; null if they can. */
    @Nullable
    String problem(@Nullable Vector features) {
        if (features == null) {
            return names.noFeatures();
        }
        boolean isSparse = features instanceof SparseVector;
        double[] values = isSparse ? ((SparseVector) features).values() : features.toArray();
        for (int i = 0; i < values.length; i++) {
            if (!InputRow.isFinite(values[i])) {
                return names.notFinite(isSparse ? ((SparseVector) features).indices()[i] : i, values[i]);
            }
        }
        return null;
    }

    /**
     * Whether a row is kept without a prediction; if not, it is left out.
     *
     * @param row its index in the partition of this task
     * @throws InvalidInput if neither is wanted
     */
    boolean keeps(String problem, long row) {
        if (handling.equals(ERROR)) {
            throw new InvalidInput(problem + " in " + location(row)
                    + "; handleInvalid \"skip\" leaves such rows out, \"keep\"" + " gives them a null prediction");
        }
        return handling.equals(KEEP);
    }

    static RowLocation location(long row) {
        return new RowLocation(TaskContext.getPartitionId(), row);
    }
}
