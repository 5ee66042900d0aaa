package dev.kindling.table.encoding;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.kindling.export.Argument;
import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.value.RowProblem;
import dev.kindling.table.value.Values;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A feature for each category that is 1 in its rows: those that have one of their own in their order, then, where training had
 * any, one for missing values and one for infrequent categories together. A category that training did not know has none.
 */
public final class CategoryEncoding implements ColumnEncoding {
    private static final long serialVersionUID = 1L;

    private static final int NAMED = 4; // categories in a description
    private static final int SHOWN = 30; // characters of each
    private static final int UNSEEN = -1;
    private static final int REFUSED = -2;
    private static final String INFREQUENT = "infrequent";

    private final String column;
    private final List<String> categories;
    private final List<String> infrequent;
    private final boolean missing;
    private final boolean required;
    private final Map<String, Integer> places = new HashMap<>();

    /**
     * @param infrequent the categories that share a feature
     * @param missing whether missing values have a feature
     * @param required whether they are refused
     */
    @JsonCreator
    public CategoryEncoding(
            @JsonProperty("column") String column,
            @JsonProperty("categories") List<String> categories,
            @JsonProperty("infrequent") List<String> infrequent,
            @JsonProperty("missing") boolean missing,
            @JsonProperty("required") boolean required) {
        this.column = column;
        this.categories = new ArrayList<>(categories); // which Kryo knows
        this.infrequent = new ArrayList<>(infrequent);
        this.missing = missing;
        this.required = required;
        categories.forEach(category -> places.put(category, places.size()));
        infrequent.forEach(category -> places.put(category, categories.size() + (missing ? 1 : 0)));
    }

    @Override
    @JsonProperty
    public String column() {
        return column;
    }

    @JsonProperty
    public List<String> categories() {
        return categories;
    }

    @JsonProperty
    public List<String> infrequent() {
        return infrequent;
    }

    @JsonProperty("missing")
    boolean hasMissing() {
        return missing;
    }

    @JsonProperty
    boolean required() {
        return required;
    }

    @Override
    public int width() {
        return categories.size() + (missing ? 1 : 0) + (infrequent.isEmpty() ? 0 : 1);
    }

    @Override
    public String words() {
        String named = categories.stream()
                .limit(NAMED)
                .map(text -> text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text)
                .collect(Collectors.joining(", "));
        int more = categories.size() - NAMED;
        return "one-hot: " + named + (more > 0 ? String.format(Locale.ROOT, " and %,d more", more) : "");
    }

    @Override
    public List<Feature> features() {
        List<Feature> features = new ArrayList<>();
        categories.forEach(category -> features.add(indicator(category)));
        if (missing) {
            features.add(indicator(NumberEncoding.MISSING));
        }
        if (!infrequent.isEmpty()) {
            features.add(indicator(INFREQUENT));
        }
        return features;
    }

    /** Whether training did not know the category; not where it is missing. */
    public boolean isUnseen(@Nullable Object value) {
        String text = Values.text(value);
        return !text.isEmpty() && !places.containsKey(text);
    }

    @Override
    public String write(Graph graph, boolean refusesUnseen) {
        String given = graph.input(
                column, Element.STRING, 1, "a category, whole numbers without a point; empty where it is missing");
        graph.enter(column);
        List<String> texts = new ArrayList<>(places.keySet());
        texts.add("");
        long[] features = texts.stream()
                .mapToLong(text -> places.getOrDefault(text, required ? REFUSED : missing ? categories.size() : UNSEEN))
                .toArray();
        String feature = graph.tableNode(
                "LabelEncoder",
                List.of(
                        Argument.of("keys_strings", texts),
                        Argument.of("values_int64s", features),
                        Argument.of("default_int64", refusesUnseen ? REFUSED : UNSEEN)),
                given);
        String own = graph.constant(LongStream.range(0, width()).toArray());
        String oneHot = graph.cast(graph.node("Equal", feature, own), Element.DOUBLE);
        String refused = graph.node("Equal", feature, graph.constant((long) REFUSED));
        return graph.node("Where", refused, graph.constant(Double.NaN), oneHot);
    }

    @Override
    public void encode(@Nullable Object value, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen) {
        String text = Values.text(value);
        int feature = UNSEEN;
        if (!text.isEmpty()) {
            feature = places.getOrDefault(text, UNSEEN);
        } else if (required) {
            throw ColumnEncoding.missing();
        } else if (missing) {
            feature = categories.size();
        }
        if (feature >= 0) {
            sink.put(first + feature, 1);
        } else if (refusesUnseen && !text.isEmpty()) {
            throw new RowProblem("must hold one of the " + places.size()
                    + " categories of the training data, because unseen is error, but holds \""
                    + InvalidInput.value(text)
                    + "\"");
        }
    }
}
