package dev.kindling.live;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.jspecify.annotations.Nullable;

/**
 * Events that a fit posts to Spark's listeners. Spark writes them to its event log as JSON, under the names of these
 * classes, and the history server reads them, perhaps with another version of Kindling. Unknown fields are skipped and
 * missing ones are null or 0, so fields may be added, but none may change its meaning, and the classes keep their
 * names.
 */
sealed interface FitEvent extends SparkListenerEvent {

    /** The unique id of the fit. */
    String fit();

    /**
     * Before the first step.
     *
     * @param time in milliseconds since 1970
     * @param name the estimator's name
     * @param method the optimizer and the learning rate
     * @param metric the metric reported beside the loss
     * @param batchSize 0 if each step uses all rows
     * @param epochs the largest number of epochs
     * @param place the execution mode
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
     * @param ended the number of ended epochs, which may be more than were posted
     * @param best the number of the best epoch
     * @param checkpoint the checkpoint with these epochs that the fit resumed from; empty if it did not
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Ended(String fit, int ended, int best, List<EpochFigures> epochs, String checkpoint) implements FitEvent {}

    /** A step, posted about once a second. It is not kept in the event log. */
    record Stepped(String fit, int epoch, long step, @Nullable Double loss) implements FitEvent {
        @Override
        public boolean logEvent() {
            return false;
        }
    }

    /**
     * The fit has ended, successfully or not.
     *
     * @param time in milliseconds since 1970
     * @param outcome a word or two
     * @param why a sentence if it failed, otherwise empty
     * @param best the number of the best epoch
     * @param epochs the best and the last, which may not have been posted before
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Closed(String fit, long time, String outcome, String why, int ended, int best, List<EpochFigures> epochs)
            implements FitEvent {}
}
