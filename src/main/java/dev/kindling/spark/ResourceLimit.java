package dev.kindling.spark;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.jspecify.annotations.Nullable;

/** What a JVM's memory or a limit of Spark ended, in a sentence with the option that raises it. */
public final class ResourceLimit {
    private static final String MEMORY = OutOfMemoryError.class.getName();
    private static final Pattern RESULTS =
            Pattern.compile("Total size of serialized results of \\d+ tasks? \\(.*?\\) is bigger than"
                    + " spark\\.driver\\.maxResultSize \\(.*?\\)");
    private static final Pattern EXECUTOR = Pattern.compile("\\(TID \\d+\\) \\(\\S+ executor (?!driver)");
    private static final Pattern LOST =
            Pattern.compile("ExecutorLostFailure.*(exit code 52|code 137|code 143|OOM|memory limits)", Pattern.DOTALL);

    private ResourceLimit() {}

    /** The sentence; empty if the failure has another reason. */
    public static Optional<String> of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return Optional.of(memory("the driver", "driver", cause.getMessage()));
            }
            String message = cause.getMessage();
            if (cause instanceof SparkException && message != null) {
                Matcher results = RESULTS.matcher(message);
                if (results.find()) {
                    return Optional.of(results.group().replaceFirst("^T", "t")
                            + "; --conf spark.driver.maxResultSize=0 lifts that limit, and --driver-memory gives the driver"
                            + " room");
                }
                if (message.contains(MEMORY)) {
                    boolean remote = EXECUTOR.matcher(message).find();
                    return Optional.of(memory(
                            remote ? "an executor" : "the driver", remote ? "executor" : "driver", detail(message)));
                }
                if (LOST.matcher(message).find()) {
                    return Optional.of(memory("an executor", "executor", null));
                }
            }
        }
        return Optional.empty();
    }

    private static String detail(String message) {
        return message.substring(message.indexOf(MEMORY) + MEMORY.length())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^: *", "");
    }

    private static String memory(String who, String option, @Nullable String detail) {
        String heap = option.equals("driver") ? " of " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB" : "";
        return who + " ran out of its memory" + heap + (detail == null || detail.isBlank() ? "" : " (" + detail + ")")
                + "; --" + option + "-memory gives it more, as in --" + option + "-memory 4g (spark." + option
                + ".memory)";
    }
}
