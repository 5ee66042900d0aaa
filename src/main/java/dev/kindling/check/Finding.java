package dev.kindling.check;

/**
 * What one check found: that all is well, or a fault with its cure.
 *
 * @param name stable, for machines: of a check that passed its own, such as {@code features}; of a fault what is wrong,
 *     such as {@code unscaledFeatures}
 * @param subject what is concerned, such as a feature's name or a layer's; empty where it is the data or the run as a whole
 * @param message one sentence with its figures
 * @param option the cure as options of the command {@code kindling}, or what to do where none does; empty where all is well
 * @param code the cure in Java; empty where all is well
 */
public record Finding(String name, Severity severity, String subject, String message, String option, String code) {

    /** How bad it is. */
    public enum Severity {
        /** Looked at, and well. */
        OK,
        /** Training works, but worse than it could. */
        WARNING,
        /** Training fails, or what it shows is wrong. */
        ERROR
    }

    /** A check that passed. */
    public static Finding ok(String name, String message) {
        return new Finding(name, Severity.OK, "", message, "", "");
    }

    /** A fault that makes training worse; its cure is still to be given. */
    public static Finding warning(String name, String subject, String message) {
        return new Finding(name, Severity.WARNING, subject, message, "", "");
    }

    /** A fault that makes training fail or its figures wrong; its cure is still to be given. */
    public static Finding error(String name, String subject, String message) {
        return new Finding(name, Severity.ERROR, subject, message, "", "");
    }

    /** The same with its cure. */
    public Finding curedBy(String newOption, String newCode) {
        return new Finding(name, severity, subject, message, newOption, newCode);
    }
}
