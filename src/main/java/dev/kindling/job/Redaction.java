package dev.kindling.job;

import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The option, of commands that read data, to keep their values out of what is told and logged. */
final class Redaction {
    private static final String NAME = "--redact";

    @Option(
            names = NAME,
            description = "Tells of a bad value in the data its column and row, but not the value, and switches Spark's"
                    + " own log off")
    private boolean redact;

    /** Spark logs what tasks throw, and its readers' errors hold what they could not read. */
    void applyTo(SparkSession spark) {
        if (redact) {
            spark.sparkContext().setLogLevel("OFF");
        }
    }

    /** Whether it was given to a command that was parsed. */
    static boolean isAskedFor(CommandLine command) {
        CommandLine.ParseResult parsed = command.getParseResult();
        return parsed != null && parsed.matchedOptionValue(NAME, false);
    }
}
