package dev.kindling.table.encoding;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.table.value.ColumnValues;
import dev.kindling.table.value.RowProblem;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The columns of a table that a row's features are made of, in their order. */
public final class TableColumns implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<ColumnEncoding> columns;
    private final ZoneId zone;
    private final boolean refusesUnseen;
    private final int width;

    /**
     * @param timeZone whose clocks dates are read by
     * @param refusesUnseen whether a category that training did not know is refused
     */
    @JsonCreator
    public TableColumns(
            @JsonProperty("columns") List<ColumnEncoding> columns,
            @JsonProperty("timeZone") String timeZone,
            @JsonProperty("refusesUnseen") boolean refusesUnseen) {
        requireWhole(columns);
        this.columns = new ArrayList<>(columns);
        this.zone = zone(timeZone);
        this.refusesUnseen = refusesUnseen;
        this.width = columns.stream().mapToInt(ColumnEncoding::width).sum();
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException | NullPointerException e) {
            throw new InvalidInput("a table's time zone must be one that Java knows, but is " + name);
        }
    }

    /** Refuses encodings that lack a part, as those of a damaged file may. */
    public static void requireWhole(@Nullable List<ColumnEncoding> columns) {
        Require.that(
                columns != null && !columns.isEmpty(),
                "a saved table vectorizer must hold encodings of columns, but holds none");
        try {
            Objects.requireNonNull(columns).forEach(column -> {
                Objects.requireNonNull(column.column());
                column.features();
            });
        } catch (NullPointerException e) {
            throw new InvalidInput("a saved table vectorizer must hold whole encodings, but one lacks a part");
        }
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads what {@link #toJson} writes.
     *
     * @throws InvalidInput if it is something else
     */
    public static TableColumns parse(String json) {
        try {
            return JSON.readValue(json, TableColumns.class);
        } catch (JsonProcessingException e) {
            throw e.getCause() instanceof InvalidInput refused
                    ? refused
                    : new InvalidInput("the columns of a table must be in JSON, but: " + e.getOriginalMessage());
        }
    }

    @JsonProperty
    public List<ColumnEncoding> columns() {
        return columns;
    }

    @JsonProperty
    String timeZone() {
        return zone.getId();
    }

    @JsonProperty
    boolean refusesUnseen() {
        return refusesUnseen;
    }

    /** The number of features. */
    public int width() {
        return width;
    }

    /**
     * Why a row is refused.
     *
     * @param column the place of the column whose value it is
     * @param sentence for {@link InvalidInput}, without the row
     */
    public record Refusal(int column, String sentence) {}

    /**
     * Writes the features of a row, up to a value that is refused.
     *
     * @param values by the columns' places, as {@link ColumnEncoding#encode} takes them
     */
    public @Nullable Refusal encode(IntFunction<@Nullable Object> values, FeatureSink sink) {
        int first = 0;
        for (int i = 0; i < columns.size(); i++) {
            ColumnEncoding column = columns.get(i);
            try {
                column.encode(values.apply(i), zone, sink, first, refusesUnseen);
            } catch (RowProblem e) {
                return new Refusal(i, e.of(column.column()));
            }
            first += column.width();
        }
        return null;
    }

    /** The features of the rows of a block, column by column; a sink knows why its row is refused. */
    public FeatureSink[] encode(int rows, IntFunction<ColumnValues> values) {
        FeatureSink[] sinks = new FeatureSink[rows];
        Arrays.setAll(sinks, row -> new FeatureSink(width));
        encode(sinks, values);
        return sinks;
    }

    /** Whether no row of a block is refused. */
    public boolean takes(int rows, IntFunction<ColumnValues> values) {
        FeatureSink[] sinks = new FeatureSink[rows];
        FeatureSink ofAll = new FeatureSink(0);
        Arrays.fill(sinks, ofAll);
        encode(sinks, values);
        return ofAll.refusal() == null;
    }

    private void encode(FeatureSink[] sinks, IntFunction<ColumnValues> values) {
        int first = 0;
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).encode(values.apply(i), zone, sinks, first, refusesUnseen);
            first += columns.get(i).width();
        }
    }
}
