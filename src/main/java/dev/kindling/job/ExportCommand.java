package dev.kindling.job;

import dev.kindling.job.io.SavedModel;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
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
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "A model that train saved")
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

    @Option(names = "--overwrite", description = "Replaces an exported model of Kindling's at --output")
    private boolean overwrite;

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
        boolean plain = output.endsWith(".safetensors");
        target.requireFile("--output", overwrite, plain ? OwnFile.SAFETENSORS : OwnFile.ONNX);
        new PathCheck()
                .reads("--model", Storage.of(spark, model))
                .replaces("--output", target)
                .requireApart();
        SavedModel saved = SavedModel.load(spark, model);
        boolean asTable = form == null ? saved.takesTable() : form == Form.TABLE;
        if (plain) {
            target.write(saved.plainFile(asTable)::write);
        } else {
            target.write(saved.onnx(asTable));
        }
        spec.commandLine()
                .getOut()
                .println(String.format(
                        Locale.ROOT,
                        "%s written: %s, %,d bytes, %s",
                        target,
                        plain ? "safetensors" : "ONNX",
                        target.bytes(),
                        asTable ? "an input for each raw column" : "one input, features"));
        return Main.DONE;
    }
}
