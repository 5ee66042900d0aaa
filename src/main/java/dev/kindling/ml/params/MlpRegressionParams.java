package dev.kindling.ml.params;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;

/** The params that only regression has. */
public interface MlpRegressionParams extends MlpParams {

    default BooleanParam standardizeTarget() {
        return paramSet().standardizeTarget;
    }

    default boolean getStandardizeTarget() {
        return (Boolean) getOrDefault(standardizeTarget());
    }

    default Param<String> predictionsCol() {
        return paramSet().predictionsCol;
    }

    default String getPredictionsCol() {
        return getOrDefault(predictionsCol());
    }
}
