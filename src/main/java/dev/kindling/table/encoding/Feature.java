package dev.kindling.table.encoding;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a feature.
 *
 * @param category whose rows it is 1 in; null for a number
 */
public record Feature(String name, @Nullable String category) {

    static Feature number(String name) {
        return new Feature(name, null);
    }
}
