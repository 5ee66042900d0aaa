package dev.kindling.check;

import dev.kindling.spark.ColumnDoubt;
import dev.kindling.spark.ColumnNote;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks what a table vectorizer decided about columns: each decision that is worth a second look, with what overrules it. */
final class ColumnCheck {
    private final List<ColumnNote> notes;
    private final Map<ColumnDoubt.Kind, List<ColumnNote>> doubts = new EnumMap<>(ColumnDoubt.Kind.class);

    /**
     * @param notes on all columns; empty if no table vectorizer made the features
     * @param excluded columns that other findings advise to leave out already
     */
    ColumnCheck(List<ColumnNote> notes, Set<String> excluded) {
        this.notes = notes;
        for (ColumnNote note : notes) {
            if (note.doubt() != null && !excluded.contains(note.column())) {
                doubts.computeIfAbsent(note.doubt().kind(), kind -> new ArrayList<>())
                        .add(note);
            }
        }
    }

    List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        doubts.forEach((kind, columns) -> found.add(finding(kind, columns)));
        if (found.isEmpty() && !notes.isEmpty()) {
            found.add(Finding.ok("columns", summary()));
        }
        return found;
    }

    private String summary() {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        List<String> without = new ArrayList<>();
        for (ColumnNote note : notes) {
            if (note.features() == 0) {
                without.add("\"" + note.column() + "\"");
            } else {
                kinds.merge(note.kind(), 1, Integer::sum);
            }
        }
        String read = kinds.entrySet().stream()
                .map(kind -> kind.getValue() + " as " + kind.getKey())
                .collect(Collectors.joining(", "));
        String left = without.isEmpty() ? "" : "; " + without.size() + " left out: " + FindingText.few(without);
        return notes.size() + (notes.size() == 1 ? " column is read: " : " columns are read: ") + read + left;
    }

    private static Finding finding(ColumnDoubt.Kind kind, List<ColumnNote> columns) {
        Function<ColumnNote, String> name = note -> "\"" + note.column() + "\"";
        Function<ColumnNote, String> told =
                note -> name.apply(note) + " (" + doubt(note).detail() + ")";
        String subject = FindingText.few(columns.stream().map(name).toList());
        return fixed(
                Finding.warning(
                        kind.title,
                        subject,
                        kind.sentence + ": "
                                + FindingText.few(columns.stream().map(told).toList())),
                columns);
    }

    private static Finding fixed(Finding finding, List<ColumnNote> columns) {
        Map<ColumnDoubt.Remedy, List<ColumnDoubt>> remedies = new EnumMap<>(ColumnDoubt.Remedy.class);
        for (ColumnNote note : columns) {
            remedies.computeIfAbsent(doubt(note).remedy(), remedy -> new ArrayList<>())
                    .add(doubt(note));
        }
        List<String> options = new ArrayList<>();
        List<String> code = new ArrayList<>();
        remedies.forEach((remedy, doubts) -> {
            options.add(option(remedy, values(doubts, 0)) + either(remedy, values(doubts, 1), ColumnCheck::option));
            code.add(code(remedy, values(doubts, 0)) + either(remedy, values(doubts, 1), ColumnCheck::code));
        });
        return finding.withFix(String.join(" ", options), String.join("; ", code));
    }

    private static List<String> values(List<ColumnDoubt> doubts, int choice) {
        return doubts.stream()
                .flatMap(doubt -> doubt.values().stream().skip(choice).limit(1))
                .distinct()
                .toList();
    }

    private static String either(
            ColumnDoubt.Remedy remedy,
            List<String> values,
            BiFunction<ColumnDoubt.Remedy, List<String>, String> spelled) {
        return values.isEmpty() ? "" : " (or " + spelled.apply(remedy, values) + ")";
    }

    private static String option(ColumnDoubt.Remedy remedy, List<String> values) {
        return switch (remedy) {
            case EXCLUDE -> Finding.exclude(values);
            case ID -> "--id " + FindingText.list(values);
            case CATEGORICAL -> "--categorical " + FindingText.list(values);
            case DATETIME ->
                values.stream()
                        .map(value -> "--datetime " + FindingText.quoted(value))
                        .collect(Collectors.joining(" "));
            case MIN_CATEGORY_ROWS -> "--min-category-rows " + values.get(0);
            case NULL_VALUE -> "--null-value " + FindingText.quoted(values.get(0));
            case REWRITE -> "write " + String.join(", ", values) + " before";
        };
    }

    private static String code(ColumnDoubt.Remedy remedy, List<String> values) {
        String list = values.stream()
                .map(value -> "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(", "));
        return switch (remedy) {
            case EXCLUDE -> "TableVectorizer.setDropCols(" + list + ")";
            case ID -> "TableVectorizer.setIdCols(" + list + ")";
            case CATEGORICAL -> "TableVectorizer.setCategoricalCols(" + list + ")";
            case DATETIME -> "TableVectorizer.setDatetimeCols(" + list + ")";
            case MIN_CATEGORY_ROWS -> "TableVectorizer.setMinCategoryRows(" + values.get(0) + ")";
            case NULL_VALUE -> "spark.read().option(\"nullValue\", " + list + ")";
            case REWRITE -> option(remedy, values);
        };
    }

    private static ColumnDoubt doubt(ColumnNote note) {
        return Objects.requireNonNull(note.doubt());
    }
}
