package dev.kindling.ml.params;

import org.apache.spark.ml.param.IntParam;

/** The params that only classification has. */
public interface MlpClassificationParams extends MlpParams {

    default IntParam classCount() {
        return paramSet().classCount;
    }

    default int getClassCount() {
        return (Integer) getOrDefault(classCount());
    }
}
