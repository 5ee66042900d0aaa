package dev.kindling.job;

import dev.kindling.job.io.SavedModel;
import dev.kindling.job.io.SavedPipeline;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.persistence.OnnxFile;
import dev.kindling.ml.pipeline.PipelineOnnx;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a saved model as a graph of ONNX, or as a file of safetensors. */
@Command(
        name = "export",
        description = {"Writes a saved model as one file, for other runtimes to score with.", ""},
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ExportCommand implements Callable<Integer> {
    private static final Set<String> OF_TRITON = Set.of("config.pbtxt", "1/model.onnx");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "A model that train saved, or a pipeline of Spark's stages that a program saved")
    private String model;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description =
                    "Where to write it: as safetensors, for kindling-score, where the name ends in .safetensors; else"
                            + " as ONNX")
    private String output;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description = "table: an input for each raw column. network: one input, the features that the network"
                    + " takes. Default: table, if the model takes raw columns")
    @Nullable
    private Form form;

    @Option(
            names = "--columns",
            paramLabel = "TYPES",
            description =
                    "The raw columns of a pipeline that a program saved and their types in Spark, as SQL writes them:"
                            + " 'age INT, town STRING'")
    @Nullable
    private String columns;

    @Option(names = "--overwrite", description = "Replaces an exported model of Kindling's at --output")
    private boolean overwrite;

    @Option(
            names = "--triton",
            description = "Makes --output a model's folder in a model repository of Triton Inference Server, with"
                    + " 1/model.onnx and config.pbtxt")
    private boolean triton;

    /** What the graph takes. */
    enum Form {
        TABLE,
        NETWORK;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws IOException {
        SparkSession spark = Main.spark(spec);
        Storage target = Storage.of(spark, output);
        Storage source = Storage.of(spark, model);
        boolean plain = output.endsWith(".safetensors");
        if (triton) {
            Require.that(!plain, "--triton writes ONNX, but --output is " + output);
            target.requireFree(
                    "--output", overwrite, OF_TRITON::containsAll, "a model that Kindling exported for Triton");
        } else {
            target.requireFile("--output", overwrite, plain ? OwnFile.SAFETENSORS : OwnFile.ONNX);
        }
        new PathCheck().reads("--model", source).replaces("--output", target).requireApart();
        if (SavedPipeline.isAt(source)) {
            StructType types = types(plain);
            write(PipelineOnnx.of(SavedPipeline.load(spark, model), types), target, true);
            return Main.DONE;
        }
        Require.that(
                columns == null, "--columns is for pipelines that a program saved, but " + source + " tells its own");
        SavedModel saved = SavedModel.load(spark, model);
        boolean asTable = form == null ? saved.takesTable() : form == Form.TABLE;
        if (plain) {
            target.write(saved.plainFile(asTable)::write);
            tell(target, "safetensors", target.bytes(), asTable);
        } else {
            write(saved.onnx(asTable), target, asTable);
        }
        return Main.DONE;
    }

    private void write(OnnxFile onnx, Storage target, boolean asTable) throws IOException {
        byte[] file = onnx.bytes();
        if (triton) {
            target.replace(draft -> {
                draft.child("1").child("model.onnx").write(file);
                draft.child("config.pbtxt").write(onnx.tritonConfig(target.name()));
            });
        } else {
            target.write(file);
        }
        tell(target, triton ? "ONNX for Triton" : "ONNX", file.length, asTable);
    }

    private void tell(Storage target, String what, long bytes, boolean asTable) {
        spec.commandLine()
                .getOut()
                .println(String.format(
                        Locale.ROOT,
                        "%s written: %s, %,d bytes, %s",
                        target,
                        what,
                        bytes,
                        asTable ? "an input for each raw column" : "one input, features"));
    }

    /** Of a pipeline's raw columns. */
    private StructType types(boolean plain) {
        Require.that(
                !plain && form != Form.NETWORK,
                "a pipeline of Spark's stages must be written as ONNX with an input for each raw column, but "
                        + (plain ? "--output is safetensors" : "--form is network"));
        if (columns == null) {
            throw new InvalidInput(
                    "a pipeline that a program saved does not tell the types of its raw columns; --columns"
                            + " must, as in --columns 'age INT, town STRING'");
        }
        try {
            return StructType.fromDDL(columns);
        } catch (Exception e) { // of a parser of Spark's, which differs from version to version
            throw new InvalidInput("--columns must be written as SQL does, such as 'age INT, town STRING', but is \""
                    + columns + "\"");
        }
    }
}
