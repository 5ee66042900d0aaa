package dev.kindling.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A table in Markdown, its columns aligned. */
final class Table {
    private final List<String[]> lines = new ArrayList<>();

    Table(String... heads) {
        lines.add(heads);
    }

    /** Adds a line of numbers with up to four digits that count, and texts. */
    void add(Object... cells) {
        lines.add(Arrays.stream(cells)
                .map(cell -> cell instanceof Double number ? digits(number) : cell.toString())
                .toArray(String[]::new));
    }

    private static String digits(double number) {
        if (Double.isNaN(number)) {
            return "-";
        }
        int decimals = number >= 1000 ? 0 : (int) Math.min(6, 3 - Math.floor(Math.log10(Math.max(number, 1e-6))));
        return String.format(Locale.ROOT, "%,." + Math.max(0, decimals - 1) + "f", number);
    }

    void print() {
        int columns = lines.get(0).length;
        int[] widths = new int[columns];
        for (String[] line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        for (int row = 0; row < lines.size(); row++) {
            StringBuilder text = new StringBuilder("|");
            for (int i = 0; i < columns; i++) {
                text.append(String.format(" %" + (i == 0 ? "-" : "") + widths[i] + "s |", lines.get(row)[i]));
            }
            System.out.println(text);
            if (row == 0) {
                StringBuilder rule = new StringBuilder("|");
                for (int i = 0; i < columns; i++) {
                    rule.append("-".repeat(widths[i] + 1)).append(i == 0 ? "-|" : ":|");
                }
                System.out.println(rule);
            }
        }
    }
}
