package dev.kindling.ml.persistence;

import dev.kindling.ml.internal.HasNetwork;
import dev.kindling.model.ModelFile;
import dev.kindling.table.TableVectorizerModel;
import java.util.List;
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
                table == null ? null : table.columns().toJson());
    }
}
