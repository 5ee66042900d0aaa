package dev.kindling.python;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamPair;
import org.apache.spark.ml.param.Params;

/** What Python asks of a stage in one call, because each call through Py4J costs as much as a small step. */
public final class Stages {
    private Stages() {}

    /** The params that are set, or whose default is a stage, which a loaded model has; with their values. */
    public static List<ParamPair<?>> set(Params stage) {
        return Arrays.stream(stage.params())
                .filter(param -> stage.isSet(param)
                        || (stage.isDefined(param) && stage.getDefault(param).get() instanceof PipelineStage))
                .<ParamPair<?>>map(param -> pair(stage, param))
                .toList();
    }

    private static <V> ParamPair<V> pair(Params stage, Param<V> param) {
        return param.w(stage.getOrDefault(param));
    }
}
