package dev.kindling.table;

import dev.kindling.table.cache.BlockColumn;
import dev.kindling.table.profile.ColumnProfile;
import dev.kindling.table.profile.NumberStyle;
import dev.kindling.table.profile.Values;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.sql.Row;

/**
 * A number, and whether it is missing.
 *
 * @param truth whether it is true or false, as 1 and 0
 * @param flagged whether a second feature is 1 where the number is missing
 */
record NumberEncoding(String column, boolean truth, NumberStyle style, NumberScale scaling, boolean flagged)
        implements ColumnEncoding {
    static final String MISSING = "missing";

    @Override
    public int width() {
        return flagged ? 2 : 1;
    }

    @Override
    public String words() {
        return truth ? "1 for true, 0 for false" : scaling.words();
    }

    @Override
    public List<Attribute> attributes() {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(NumericAttribute.defaultAttr().withName(column));
        if (flagged) {
            attributes.add(indicator(MISSING));
        }
        return attributes;
    }

    @Override
    public void encode(Row row, int place, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen) {
        Object value = row.get(place);
        put(truth ? Values.truth(value) : Values.number(value, style), sink, first);
    }

    @Override
    public void encode(BlockColumn values, int row, ZoneId zone, FeatureSink sink, int first, boolean refusesUnseen) {
        put(truth ? Values.truth(values.value(row)) : Values.number(values, row, style), sink, first);
    }

    private void put(double number, FeatureSink sink, int first) {
        boolean isMissing = Double.isNaN(number);
        if (isMissing && Double.isNaN(scaling.fill())) {
            throw ColumnEncoding.missing();
        }
        sink.put(first, scaling.apply(isMissing ? scaling.fill() : ColumnProfile.requireFinite(number)));
        if (flagged && isMissing) {
            sink.put(first + 1, 1);
        }
    }
}
