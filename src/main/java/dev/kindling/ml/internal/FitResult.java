package dev.kindling.ml.internal;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.table.TableVectorizerModel;
import dev.kindling.train.ensemble.ValidationScore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a fit returns.
 *
 * @param metric the name of the one reported beside the loss
 * @param monitor the name of what epochs are compared by
 * @param history the epochs in order
 * @param rows the number of rows trained on
 * @param validationRows the number of rows validated on
 * @param validation the model's score on those rows
 * @param bestEpoch the number, from 1, of the epoch whose weights were kept
 * @param stopReason {@code epochs}, {@code earlyStopping} or {@code converged}
 * @param gemmBackends of the tasks when the fit began; {@code weights.gemm} is the driver's
 * @param seconds wall-clock time, packing included
 * @param vectorizer what was learned of a table's columns; null where the data have vectors
 */
public record FitResult(
        NetworkWeights weights,
        String metric,
        String monitor,
        List<Epoch> history,
        long rows,
        long validationRows,
        ValidationScore validation,
        int bestEpoch,
        String stopReason,
        List<String> gemmBackends,
        double seconds,
        @Nullable TableVectorizerModel vectorizer) {}
