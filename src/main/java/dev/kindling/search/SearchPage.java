package dev.kindling.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.report.ReportPage;

/** A self-contained HTML page with the results of a hyper-parameter search. */
public final class SearchPage {
    private SearchPage() {}

    /**
     * Makes the page: parallel coordinates from params to scores, learning curves, the score by each param, and a table
     * of all trials, best first.
     *
     * @param data for example
     *     <pre>{@code
     * {"metric": "loss", "larger": false,
     *  "params": [{"name": "stepSize", "log": true, "values": [0.01, 0.003]},
     *             {"name": "activation", "log": false, "values": ["relu", "tanh"]}],
     *  "trials": [{"number": 1, "stage": 1, "epochs": 9, "score": 0.123, "state": "done", "curve": [[1, 0.5], [9, 0.123]]},
     *             {"number": 2, "stage": 1, "epochs": 1, "score": null, "state": "diverged", "curve": []}],
     *  "best": 1, "facts": [["trials", "2"]], "advice": "A sentence."}
     * }</pre>
     *     where {@code larger} says whether a larger score is better, {@code log} whether to show a param on a
     *     logarithmic scale, {@code values} has a number, a text or null for each trial in order, {@code state} is
     *     done, stopped or diverged, {@code curve} has pairs of epochs and score, and {@code best} is a trial's number
     *     or null
     */
    public static String of(ObjectNode data) {
        return ReportPage.of(SearchPage.class, "search", "Search", data);
    }
}
