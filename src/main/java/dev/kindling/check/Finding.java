package dev.kindling.check;

import java.util.List;

/**
 * The result of one check: it passed, or there is a fault with a fix.
 *
 * @param name stable, for programs: the check's name if it passed, such as {@code features}; the fault otherwise, such
 *     as {@code unscaledFeatures}
 * @param subject what the finding is about, such as the name of a feature or a layer; empty if it is about the data or
 *     the run as a whole
 * @param message one sentence with its figures
 * @param option the fix as options of the command {@code kindling}, or advice if no option helps; empty if the check
 *     passed
 * @param code the fix in Java; empty if the check passed
 */
public record Finding(String name, Severity severity, String subject, String message, String option, String code) {

    /** How bad it is. */
    public enum Severity {
        /** The check passed. */
        OK,
        /** Training works, but worse than it could. */
        WARNING,
        /** Training fails, or its results are misleading. */
        ERROR
    }

    /** A check that passed. */
    public static Finding ok(String name, String message) {
        return new Finding(name, Severity.OK, "", message, "", "");
    }

    /** A fault that makes training worse; {@link #withFix} adds its fix. */
    public static Finding warning(String name, String subject, String message) {
        return new Finding(name, Severity.WARNING, subject, message, "", "");
    }

    /** A fault that makes training fail or its results misleading; {@link #withFix} adds its fix. */
    public static Finding error(String name, String subject, String message) {
        return new Finding(name, Severity.ERROR, subject, message, "", "");
    }

    /** The option that leaves columns out, quoted for a shell, and for the commas between columns. */
    public static String exclude(List<String> columns) {
        return "--exclude " + FindingText.list(columns);
    }

    /** The same finding with a fix. */
    public Finding withFix(String newOption, String newCode) {
        return new Finding(name, severity, subject, message, newOption, newCode);
    }
}
