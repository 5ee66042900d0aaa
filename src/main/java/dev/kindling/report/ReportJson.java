package dev.kindling.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Numbers as a page shows them: rounded to float32's seven digits; null if not finite. */
final class ReportJson {
    private ReportJson() {}

    static void put(ObjectNode json, String name, double value) {
        if (Float.isFinite((float) value)) {
            json.put(name, (float) value);
        } else {
            json.putNull(name);
        }
    }

    static void putAll(ObjectNode json, String name, double[] values) {
        addAll(json.putArray(name), values);
    }

    /** Some columns. */
    static void putAll(ObjectNode json, String name, double[][] columns) {
        ArrayNode all = json.putArray(name);
        for (double[] column : columns) {
            addAll(all.addArray(), column);
        }
    }

    static void addAll(ArrayNode array, double[] values) {
        for (double value : values) {
            if (Float.isFinite((float) value)) {
                array.add((float) value);
            } else {
                array.addNull();
            }
        }
    }
}
