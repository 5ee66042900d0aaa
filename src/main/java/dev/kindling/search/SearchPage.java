package dev.kindling.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.report.ReportPage;

/** What a search for hyper-parameters found, as one HTML page, which needs nothing but a browser. */
public final class SearchPage {
    private SearchPage() {}

    /**
     * The page: the trials as lines from their params to their scores, their learning curves, the score by each param, and a
     * table of all, best first.
     *
     * @param data such as
     *     <pre>{@code
     * {"metric": "loss", "larger": false,
     *  "params": [{"name": "stepSize", "log": true, "values": [0.01, 0.003]},
     *             {"name": "activation", "log": false, "values": ["relu", "tanh"]}],
     *  "trials": [{"number": 1, "stage": 1, "epochs": 9, "score": 0.123, "state": "done", "curve": [[1, 0.5], [9, 0.123]]},
     *             {"number": 2, "stage": 1, "epochs": 1, "score": null, "state": "diverged", "curve": []}],
     *  "best": 1, "facts": [["trials", "2"]], "advice": "A sentence."}
     * }</pre>
     *     where {@code larger} says whether a larger score is better, {@code log} whether to show a param by its logarithm,
     *     {@code values} has a number, a text or null for each trial in their order, {@code state} is done, stopped or
     *     diverged, a {@code curve} has the score after so many epochs, and {@code best} is a trial's number, or null
     */
    public static String of(ObjectNode data) {
        return ReportPage.of(SearchPage.class, "search", "Search", data);
    }
}
