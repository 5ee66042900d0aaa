package dev.kindling.diagnose;

import com.fasterxml.jackson.databind.JsonNode;

/** The one file: the template with style, scripts and data put into it. */
final class ReportPage {
    private ReportPage() {}

    static String of(JsonNode data) {
        // the data come last: nothing in them is taken for a place to put something
        return resource("report.html")
                .replace("/*STYLE*/", resource("report.css"))
                .replace("/*CHARTS*/", PageParts.library())
                .replace("/*SCRIPT*/", PageParts.curves() + resource("report.js"))
                .replace("/*DATA*/", PageParts.json(data));
    }

    private static String resource(String name) {
        return PageParts.read("/dev/kindling/diagnose/" + name);
    }
}
