package dev.kindling.train.scale;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an epoch would take, and the parts of one of its rounds in seconds. A round is a job: of one step, or of some local
 * steps.
 *
 * @param schedule launching and ending the job's tasks
 * @param sent the parameters' way to the executors
 * @param returned the answers' way to the driver
 * @param compute of the executors
 * @param driver adding the answers and updating the parameters
 * @param epoch seconds of the whole epoch
 */
record Prediction(
        int executors,
        int localSteps,
        double schedule,
        double sent,
        double returned,
        double compute,
        double driver,
        double epoch) {

    Prediction withEpoch(double seconds) {
        return new Prediction(executors, localSteps, schedule, sent, returned, compute, driver, seconds);
    }

    /** The same, with the parts of a round that another has. */
    Prediction plus(Prediction other) {
        return new Prediction(
                executors,
                localSteps,
                schedule + other.schedule,
                sent + other.sent,
                returned + other.returned,
                compute + other.compute,
                driver + other.driver,
                epoch);
    }

    double round() {
        return schedule + sent + returned + compute + driver;
    }

    /** The largest part, in words, and its share of the round. */
    Map.Entry<String, Double> largest() {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("Spark's launch of tasks", schedule / round());
        parts.put("moving bytes", (sent + returned) / round());
        parts.put("computing", compute / round());
        parts.put("the driver's own work", driver / round());
        return parts.entrySet().stream()
                .max(Comparator.comparing(Map.Entry::getValue))
                .orElseThrow();
    }
}
