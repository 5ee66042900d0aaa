package dev.kindling.job;

import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpEstimatorParams;
import java.io.IOException;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option to resume what was interrupted, and the folder of its checkpoints. */
final class Resume {
    @Option(
            names = "--resume",
            description =
                    "Resume from the newest checkpoint in --checkpoint, with the same bits as without the interruption;"
                            + " start from the beginning if there is none")
    private boolean asked;

    boolean isAskedFor() {
        return asked;
    }

    /**
     * The folder of the checkpoints; null without any.
     *
     * @param wanted without {@code --resume}, in words that "but FOLDER" follows
     * @param instead what ends that sentence
     * @param isOld whether a file of that name is one too many then
     */
    @Nullable
    Storage folder(
            SparkSession spark, MlpEstimatorParams<?> estimator, String wanted, String instead, Predicate<String> isOld)
            throws IOException {
        if (!estimator.isSet(estimator.checkpointDir())) {
            Require.that(!asked, "--resume needs --checkpoint with the folder to resume from");
            return null;
        }
        Storage folder = Storage.of(spark, estimator.getCheckpointDir());
        folder.requireFolder("--checkpoint");
        Require.that(
                asked || folder.names().stream().noneMatch(isOld),
                "--checkpoint must name " + wanted + ", but " + folder + " " + instead);
        return folder;
    }
}
