package dev.kindling.job;

import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The option that keeps values of the data out of messages and logs. */
final class Redaction {
    private static final String NAME = "--redact";

    @Option(
            names = NAME,
            description =
                    "Report only the column and row of a bad value in the data, not the value, and switch off Spark's"
                            + " log")
    private boolean redact;

    /** Spark logs the exceptions of tasks, and those of its readers contain the values they could not read. */
    void applyTo(SparkSession spark) {
        if (redact) {
            spark.sparkContext().setLogLevel("OFF");
        }
    }

    /** Whether the parsed command was given this option. */
    static boolean isAskedFor(CommandLine command) {
        CommandLine.ParseResult parsed = command.getParseResult();
        return parsed != null && parsed.matchedOptionValue(NAME, false);
    }
}
