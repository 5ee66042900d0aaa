package dev.kindling.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about a column of a table, in words: for reports and checks, which know of no vectorizer.
 *
 * @param kind what it is read as
 * @param encoded what its features are; empty if it has none
 * @param features how many it has
 * @param filled what its missing values become, and in how many rows; empty if none is missing
 * @param reason why; empty where its type says it all
 * @param doubt why that is worth a second look; null where it is not
 */
public record ColumnNote(
        String column,
        String kind,
        String encoded,
        int features,
        String filled,
        String reason,
        @Nullable ColumnDoubt doubt) {
    /** The key of a feature column's metadata under which the notes on the columns it was made of stand. */
    public static final String KEY = "kindling_notes";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The note without what has values of the data. */
    public ColumnNote redacted() {
        return new ColumnNote(column, kind, "", features, "", "", null);
    }

    /** The notes as a text. */
    public static String print(List<ColumnNote> notes) {
        try {
            return JSON.writeValueAsString(notes);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@link #print} printed. */
    public static List<ColumnNote> parse(String text) {
        try {
            return JSON.readValue(text, new TypeReference<List<ColumnNote>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
