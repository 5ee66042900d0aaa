package dev.kindling.job.io;

import dev.kindling.spark.SourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * Writes the names of the data's columns into the metadata of prepared rows, so that messages have them: a feature of a
 * category is a {@link BinaryAttribute} with the column's name and the category as the second of its values.
 */
final class SourceNames {
    private static final String OTHER = "other"; // any other category

    private SourceNames() {}

    static Dataset<Row> add(Dataset<Row> prepared, Preprocessor preprocessor) {
        InputColumns inputs = preprocessor.inputs();
        Dataset<Row> named = features(prepared, preprocessor);
        Optional<String> label = inputs.label().map(InputColumn::name);
        if (label.isPresent()) {
            named = withSource(named, preprocessor.label(), label.get());
        }
        Optional<InputColumn> weight = inputs.weight();
        return weight.isPresent()
                ? withSource(named, weight.get().column(), weight.get().name())
                : named;
    }

    private static Dataset<Row> withSource(Dataset<Row> rows, String column, String name) {
        Metadata metadata = new MetadataBuilder()
                .withMetadata(rows.schema().apply(column).metadata())
                .putString(SourceName.KEY, name)
                .build();
        return rows.withMetadata(column, metadata);
    }

    private static Dataset<Row> features(Dataset<Row> rows, Preprocessor preprocessor) {
        if (!preprocessor.assembles()) {
            return rows;
        }
        Map<String, List<String>> categories = preprocessor.categories();
        List<Attribute> attributes = new ArrayList<>();
        for (InputColumn input : preprocessor.inputs().features()) {
            if (input.kind() == InputColumn.Kind.TEXT) {
                categories
                        .getOrDefault(input.column(), List.of())
                        .forEach(category -> attributes.add(BinaryAttribute.defaultAttr()
                                .withName(input.name())
                                .withValues(OTHER, category)));
            } else {
                attributes.add(NumericAttribute.defaultAttr().withName(input.name()));
            }
        }
        AttributeGroup group = new AttributeGroup(preprocessor.features(), attributes.toArray(new Attribute[0]));
        return rows.withMetadata(preprocessor.features(), group.toMetadata());
    }
}
