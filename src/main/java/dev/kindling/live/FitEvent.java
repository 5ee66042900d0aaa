package dev.kindling.live;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a fit tells Spark's listeners. Spark writes events into its event log as JSON, under the names of these classes, and
 * reads them again in the history server, maybe with another version of Kindling: what is unknown is skipped, what is
 * missing is null or 0, so fields may come, but none may change its meaning.
 */
sealed interface FitEvent extends SparkListenerEvent {

    /** Which fit; unlike any other's. */
    String fit();

    /**
     * Before the first step.
     *
     * @param time in milliseconds since 1970
     * @param name of the estimator
     * @param method the optimizer and the learning rate
     * @param metric what is reported beside the loss
     * @param batchSize 0 where all rows are taken at once
     * @param epochs at most
     * @param place where it is computed
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Started(
            String fit,
            long time,
            String name,
            String network,
            String method,
            String metric,
            long rows,
            long validationRows,
            int shards,
            int batchSize,
            int epochs,
            String place)
            implements FitEvent {}

    /**
     * Epochs have ended.
     *
     * @param ended in number, which may be more than are told of
     * @param best the number of the best of them
     * @param checkpoint that it went on from, with these epochs; empty where it did not
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Ended(String fit, int ended, int best, List<EpochFigures> epochs, String checkpoint) implements FitEvent {}

    /** A step, seen now and then while an epoch lasts. It is not kept in the event log. */
    record Stepped(String fit, int epoch, long step, @Nullable Double loss) implements FitEvent {
        @Override
        public boolean logEvent() {
            return false;
        }
    }

    /**
     * The fit is over, well or not.
     *
     * @param time in milliseconds since 1970
     * @param outcome in a word or two
     * @param why a sentence where it failed, else empty
     * @param best the number of the best epoch
     * @param epochs the best and the last, which may not have been told of
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Closed(String fit, long time, String outcome, String why, int ended, int best, List<EpochFigures> epochs)
            implements FitEvent {}
}
