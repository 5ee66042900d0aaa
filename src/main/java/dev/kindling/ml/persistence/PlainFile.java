package dev.kindling.ml.persistence;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.internal.HasNetwork;
import dev.kindling.model.ModelFile;
import dev.kindling.table.TableVectorizerModel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** A trained model as one file that needs no Spark to be read. */
public final class PlainFile {
    private PlainFile() {}

    /**
     * The file's content.
     *
     * @param classes the names of a classifier's classes, in the order of their indices
     * @param table makes the features of raw columns; null where rows have the features
     */
    public static ModelFile of(HasNetwork model, List<String> classes, @Nullable TableVectorizerModel table) {
        return new ModelFile(
                model.trained().description(),
                model.trained().parameters,
                classes,
                Thresholds.of(model),
                table == null ? null : table.columnsJson());
    }

    /**
     * Reads a file, or that of a model folder.
     *
     * @throws InvalidInput if there is none, or a damaged one
     */
    public static ModelFile read(String path, Configuration configuration) throws IOException {
        Path given = new Path(path);
        FileSystem files = given.getFileSystem(configuration);
        boolean isFolder = files.exists(given) && files.getFileStatus(given).isDirectory();
        Path file = isFolder ? new Path(given, ModelFile.NAME) : given;
        if (!files.exists(file)) {
            throw new InvalidInput(isFolder ? ModelFile.missing(path) : "there is no file " + path);
        }
        try (InputStream in = new BufferedInputStream(files.open(file))) {
            return ModelFile.read(in, files.getFileStatus(file).getLen(), file.toString());
        }
    }
}
