package dev.kindling.ml.search;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.search.Distribution;
import dev.kindling.search.SearchPage;
import dev.kindling.search.TrialResult;
import dev.kindling.search.Trials;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.jspecify.annotations.Nullable;

/** The result of a search: its trials, the best first. */
public final class SearchResult {
    /** If the best value is within this fraction of the range from one of its ends, a better one may lie beyond. */
    private static final double EDGE = 0.05;

    private final List<Trial> trials;
    private final RandomParamGrid space;
    private final String metric;
    private final Trials.Score score;
    private final Map<String, String> facts;
    private final UnaryOperator<String> names; // from a param's name to the one that is shown

    private SearchResult(
            List<Trial> trials,
            RandomParamGrid space,
            String metric,
            Trials.Score score,
            Map<String, String> facts,
            UnaryOperator<String> names) {
        this.trials = List.copyOf(trials);
        this.space = space;
        this.metric = metric;
        this.score = score;
        this.facts = facts;
        this.names = names;
    }

    static SearchResult of(
            List<Trial> trials, RandomParamGrid space, String metric, Trials.Score score, Map<String, String> facts) {
        return new SearchResult(ranked(trials, score), space, metric, score, facts, UnaryOperator.identity());
    }

    /** The same result, which shows the params under other names. */
    public SearchResult named(UnaryOperator<String> others) {
        return new SearchResult(trials, space, metric, score, facts, others);
    }

    private String name(Param<?> param) {
        return names.apply(param.name());
    }

    /**
     * One map of params and its result.
     *
     * @param stage the stage in which it was drawn, counted from 1
     */
    public record Trial(int stage, ParamMap params, TrialResult result) {}

    /** @param trials in the order of their numbers */
    static List<Trial> ranked(List<Trial> trials, Trials.Score score) {
        return Trials.ranked(trials.stream().map(Trial::result).toList(), score).stream()
                .map(result -> trials.get(result.number() - 1))
                .toList();
    }

    /** The trials, the best first: those that trained to the end, then those that were stopped earlier. */
    public List<Trial> trials() {
        return trials;
    }

    /** How many stages of trials there were, each of the same size. */
    public int stages() {
        return trials.stream().mapToInt(Trial::stage).max().orElse(0);
    }

    /** The best trial. */
    public Trial best() {
        return trials.get(0);
    }

    /** The params of the best trial: {@code estimator.fit(rows, result.bestParams())}. */
    public ParamMap bestParams() {
        return best().params().copy();
    }

    /** The metric of the scores: {@code loss}, {@code accuracy} or {@code rmse}. */
    public String metric() {
        return metric;
    }

    /** One sentence on the best trial, and advice on where to widen the space. */
    public String advice() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "best of %d trials is number %d, with %s %.4f: %s",
                trials.size(),
                best().result().number(),
                metric,
                best().result().score(),
                describe(best().params())));
        for (Param<?> param : space.params()) {
            Distribution distribution = space.distribution(param);
            if (distribution != null
                    && isAtEdge(distribution, (Number) best().params().apply(param))) {
                text.append("; ")
                        .append(name(param))
                        .append(" lies at the end of ")
                        .append(Spec.print(distribution))
                        .append(": look beyond");
            }
        }
        return text.toString();
    }

    private static boolean isAtEdge(Distribution distribution, Number value) {
        double at = distribution.position(value);
        return at < EDGE || at > 1 - EDGE;
    }

    private String describe(ParamMap params) {
        StringJoiner text = new StringJoiner(", ");
        space.params().forEach(param -> text.add(name(param) + " " + text(params.apply(param))));
        return text.toString();
    }

    /** A value as people write it. */
    private static String text(Object value) {
        if (value instanceof int[] widths) {
            return Arrays.stream(widths).mapToObj(String::valueOf).collect(Collectors.joining(","));
        }
        return value instanceof Double number
                ? Spec.print(Double.parseDouble(String.format(Locale.ROOT, "%.2e", number)))
                : value.toString();
    }

    /** A table of the trials, the best first. */
    @Override
    public String toString() {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("trial", metric, "epochs", "state"));
        space.params().forEach(param -> head.add(name(param)));
        rows.add(head);
        for (Trial trial : trials) {
            TrialResult result = trial.result();
            List<String> row = new ArrayList<>(List.of(
                    String.valueOf(result.number()),
                    Double.isNaN(result.score()) ? "-" : String.format(Locale.ROOT, "%.4f", result.score()),
                    String.valueOf(result.epochs()),
                    result.state().toString().toLowerCase(Locale.ROOT)));
            space.params().forEach(param -> row.add(text(trial.params().apply(param))));
            rows.add(row);
        }
        int[] widths = new int[head.size()];
        rows.forEach(row -> Arrays.setAll(
                widths, column -> Math.max(widths[column], row.get(column).length())));
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                table.append(column == 0 ? "" : "  ")
                        .append(" ".repeat(widths[column] - row.get(column).length()))
                        .append(row.get(column));
            }
            table.append('\n');
        }
        return table.toString();
    }

    /** All trials with their curves, as JSON. */
    public String toJson() {
        return json().toPrettyString();
    }

    /** An HTML page: parallel coordinates from params to scores, learning curves, and a table. */
    public String page() {
        return SearchPage.of(json());
    }

    private ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("metric", metric).put("larger", score.isLargerBetter());
        json.put("best", best().result().number()).put("advice", advice());
        ArrayNode lines = json.putArray("facts");
        facts.forEach((name, value) -> lines.addArray().add(name).add(value));
        List<Trial> byNumber = trials.stream()
                .sorted(Comparator.comparing(trial -> trial.result().number()))
                .toList();
        ArrayNode params = json.putArray("params");
        for (Param<?> param : space.params()) {
            Distribution distribution = space.distribution(param);
            ObjectNode node = params.addObject().put("name", name(param));
            node.put("log", distribution != null && distribution.isLogarithmic());
            ArrayNode values = node.putArray("values");
            for (Trial trial : byNumber) {
                Object value = trial.params().apply(param);
                if (value instanceof Double number) {
                    values.add(number);
                } else if (value instanceof Integer number) {
                    values.add(number);
                } else {
                    values.add(text(value));
                }
            }
        }
        ArrayNode all = json.putArray("trials");
        for (Trial trial : byNumber) {
            TrialResult result = trial.result();
            ObjectNode node = all.addObject()
                    .put("number", result.number())
                    .put("stage", trial.stage())
                    .put("epochs", result.epochs())
                    .put("state", result.state().toString().toLowerCase(Locale.ROOT))
                    .put("problem", result.problem());
            node.put("score", finite(result.score()));
            ArrayNode curve = node.putArray("curve");
            for (int i = 0; i < result.curve().size(); i++) {
                curve.addArray().add(i + 1).add(finite(result.curve().get(i)));
            }
        }
        return json;
    }

    /** JSON has only finite numbers. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
