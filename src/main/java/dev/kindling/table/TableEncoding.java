package dev.kindling.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.spark.ColumnDoubt;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.encoding.TableColumns;
import java.util.List;
import java.util.Map;

/**
 * All that is kept of the training rows.
 *
 * @param columns of the features, in their order
 * @param decisions about all columns, in the table's order
 * @param doubts about some of them, by column
 * @param timeZone whose clocks dates are read by
 */
record TableEncoding(
        List<ColumnEncoding> columns,
        List<ColumnDecision> decisions,
        Map<String, ColumnDoubt> doubts,
        String timeZone) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws InvalidInput if it is not what {@link #toJson} writes */
    static TableEncoding parse(String json) {
        TableEncoding read;
        try {
            read = JSON.readValue(json, TableEncoding.class);
        } catch (JsonProcessingException e) {
            throw new InvalidInput(
                    "a saved table vectorizer must hold its encodings in JSON, but: " + e.getOriginalMessage());
        }
        TableColumns.requireWhole(read.columns);
        Require.that(
                read.decisions != null && read.doubts != null && read.timeZone != null,
                "a saved table vectorizer must hold decisions, doubts and a time zone, but lacks one of them");
        return read;
    }
}
