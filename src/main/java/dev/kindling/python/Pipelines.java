package dev.kindling.python;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.MlpModel;
import java.io.IOException;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** What Python asks of a pipeline. */
public final class Pipelines {
    private Pipelines() {}

    /**
     * {@link MlpModel#exportOnnx(PipelineModel, StructType, String)}.
     *
     * @param schema as JSON, which Python writes of its own types, or as SQL writes it
     */
    public static void exportOnnx(PipelineModel pipeline, String schema, String path) throws IOException {
        MlpModel.exportOnnx(pipeline, schema(schema), path);
    }

    private static StructType schema(String text) {
        if (text.startsWith("{")) {
            return (StructType) DataType.fromJson(text);
        }
        try {
            return StructType.fromDDL(text);
        } catch (Exception e) { // of a parser of Spark's, which differs from version to version
            throw new InvalidInput(
                    "the schema must be written as SQL does, such as 'age INT, town STRING', but is \"" + text + "\"");
        }
    }
}
