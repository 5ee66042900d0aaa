package dev.kindling.train;

import dev.kindling.spec.Spec;

/**
 * One setting of a run.
 *
 * @param name in words, as checkpoints and reports have it. Checkpoints are compared by it: a changed name makes older
 *     checkpoints unusable
 * @param option as TensorBoard has it: the command's option where there is one, with underscores
 * @param exact the value in full, as a checkpoint has it. Checkpoints are compared by this too
 * @param brief a number, or a spec without its defaults
 * @param changesBits whether the result depends on it, so that a checkpoint of a run with another value is refused
 */
public record Setting(String name, String option, String exact, Object brief, boolean changesBits) {

    Setting(String name, String option, String exact, Object brief) {
        this(name, option, exact, brief, true);
    }

    static Setting number(String name, String option, Number value) {
        return new Setting(name, option, value.toString(), value);
    }

    static Setting spec(String name, String option, Object configuration) {
        return new Setting(name, option, Spec.print(configuration), Spec.brief(configuration));
    }

    /** The same setting, marked as one that the result does not depend on. */
    Setting changesNoBits() {
        return new Setting(name, option, exact, brief, false);
    }

    /** The value in full, for readers. */
    public String text() {
        return brief instanceof Double number ? Spec.print(number.doubleValue()) : exact;
    }
}
