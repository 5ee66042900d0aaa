package dev.kindling.python;

import dev.kindling.ml.MlpModel;
import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** {@link MlpModel#register(SparkSession, String, String)}: Py4J looks at the first method of a name, which there is not static. */
public final class SavedModels {
    private SavedModels() {}

    public static void register(SparkSession session, String name, String path) throws IOException {
        MlpModel.register(session, name, path);
    }
}
