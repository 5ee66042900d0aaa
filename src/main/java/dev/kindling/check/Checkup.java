package dev.kindling.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.linalg.InvalidInput;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The findings of the checks before training.
 *
 * @param findings in the order in which the checks ran
 */
public record Checkup(List<Finding> findings) {
    public Checkup {
        findings = List.copyOf(findings);
    }

    /** Whether there are no errors: nothing makes training fail or its results misleading. There may be warnings. */
    public boolean healthy() {
        return count(Finding.Severity.ERROR) == 0;
    }

    private long count(Finding.Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /**
     * One line per finding, and its fix below each fault.
     *
     * @param fix which form of the fix to print, such as {@link Finding#option()}
     */
    public String list(Function<Finding, String> fix) {
        int width = findings.stream()
                .mapToInt(finding -> finding.name().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            String mark = finding.severity().name().toLowerCase(Locale.ROOT);
            text.append(String.format(
                    Locale.ROOT,
                    "%-7s  %-" + width + "s  %s%n",
                    mark,
                    finding.name(),
                    InvalidInput.printable(finding.message())));
            if (finding.severity() != Finding.Severity.OK) {
                text.append(" ".repeat(width + 11))
                        .append("fix: ")
                        .append(InvalidInput.printable(fix.apply(finding)))
                        .append(System.lineSeparator());
            }
        }
        return text + summary();
    }

    private String summary() {
        long errors = count(Finding.Severity.ERROR);
        long warnings = count(Finding.Severity.WARNING);
        return (errors == 0 ? "healthy" : "not healthy") + ": " + number(errors, "error") + ", "
                + number(warnings, "warning") + ", " + count(Finding.Severity.OK) + " ok";
    }

    private static String number(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** The same as JSON: whether the checkup is healthy, and all findings. */
    public String toJson() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode();
        json.put("healthy", healthy());
        ArrayNode all = json.putArray("findings");
        for (Finding finding : findings) {
            all.addObject()
                    .put("name", finding.name())
                    .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                    .put("subject", finding.subject())
                    .put("message", finding.message())
                    .put("option", finding.option())
                    .put("code", finding.code());
        }
        return json.toPrettyString();
    }

    /** The list as text, with fixes in Java. */
    @Override
    public String toString() {
        return list(Finding::code);
    }
}
