package dev.kindling.job;

import dev.kindling.job.input.OtherNames;
import dev.kindling.job.storage.Failure;
import dev.kindling.job.storage.Termination;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.spark.SparkLine;
import dev.kindling.table.cache.CachedTable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import scala.Option;

/**
 * The command line. Exit codes: {@value #DONE} success; {@value #BAD_INPUT} bad usage or bad input, explained in one sentence
 * on standard error; {@value #UNHEALTHY} {@code check} found errors; {@value #FAILED} any other failure.
 */
@Command(
        name = "kindling",
        description = {"Trains multi-layer perceptrons data-parallel on Apache Spark.", ""},
        synopsisSubcommandLabel = "(check | train | evaluate | predict | export | lr-range | search | demo)",
        subcommands = {
            CheckCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            ExportCommand.class,
            RangeCommand.class,
            SearchCommand.class,
            DemoCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Run a command with --help to see its options. @FILE reads options from a file; # starts a comment.",
            "Exit codes: 0 success, 2 bad usage or bad input, 3 check found errors, 1 any other failure."
        })
public final class Main implements Runnable {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;
    static final int UNHEALTHY = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /**
     * Runs one command in the Spark application that spark-submit describes, or else in this JVM alone. A session that was there before, as
     * in a notebook or a JAR task of Databricks, runs it and stays, and so does the JVM.
     *
     * @throws IllegalStateException if there was a session, and the command failed
     */
    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) {
        Optional<String> wrongJar = SparkLine.fault(Param.class);
        if (wrongJar.isPresent()) {
            System.err.println("kindling: " + wrongJar.get());
            System.exit(BAD_INPUT);
        }
        boolean shared = SparkSession.getDefaultSession().isDefined();
        int code;
        Termination termination = new Termination();
        try {
            code = commandLine().execute(arguments);
        } finally {
            termination.commandEnded();
            Option<SparkSession> session = SparkSession.getDefaultSession();
            if (session.isDefined() && !shared) {
                session.get().stop();
            }
        }
        if (code != DONE && shared) {
            throw new IllegalStateException("the command ended with " + code + ", and standard error says why");
        }
        if (code != DONE) {
            System.exit(code); // not for 0, because a driver on a cluster must end by returning
        }
    }

    /** The parser of the command line, ready to {@code execute}. Commands start Spark if there is no session, and never stop it. */
    public static CommandLine commandLine() {
        CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF); // it would warn about overridden options
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setOverwrittenOptionsAllowed(true) // what follows @FILE overrides it
                .setExecutionStrategy(Main::run)
                .setParameterExceptionHandler(Main::refuse)
                .setExecutionExceptionHandler(Main::fail);
    }

    /** The existing session or a new one, which runs in this JVM on all cores unless spark-submit named a master. */
    static SparkSession spark(CommandSpec command) {
        SparkLine.closedJvm(SparkLine.runningSpark()).ifPresent(sentence -> {
            throw new InvalidInput(sentence);
        });
        SparkSession.Builder builder = SparkSession.builder().appName(command.qualifiedName());
        if (System.getProperty("spark.master") == null) {
            builder.master("local[*]");
        }
        return builder.getOrCreate();
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: check, train, evaluate, predict, export, lr-range, search or demo");
    }

    private static int refuse(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        // Report an unknown option before a missing one: a misspelled option is often the reason why one is missing.
        List<String> unknown = command.getUnmatchedArguments();
        String sentence = e.getMessage();
        if (!unknown.isEmpty()) {
            UnmatchedArgumentException unmatched = new UnmatchedArgumentException(command, unknown);
            List<String> near = unmatched.getSuggestions();
            sentence = unmatched.getMessage()
                    + OtherNames.ours(unknown)
                            .map(ours -> "; here it is " + ours)
                            .orElse(
                                    near.isEmpty()
                                            ? ""
                                            : "; did you mean "
                                                    + String.join(" or ", near.subList(0, Math.min(2, near.size())))
                                                    + "?");
        }
        tell(command, sentence + " (" + command.getCommandSpec().qualifiedName() + " --help explains)");
        return BAD_INPUT;
    }

    /** Hands an error, such as one of memory, to {@link #fail} too: picocli alone throws it. */
    private static int run(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) {
            List<CommandLine> commands = parsed.asCommandLineList();
            CommandLine command = commands.get(commands.size() - 1);
            throw new CommandLine.ExecutionException(command, "an error: " + e, e);
        } finally {
            Option<SparkSession> session = SparkSession.getDefaultSession();
            if (session.isDefined()) {
                CachedTable.releaseAll(session.get().sparkContext());
            }
        }
    }

    private static int fail(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        boolean redacts = Redaction.isAskedFor(command);
        Failure failure = Failure.of(e, redacts);
        if (Termination.isInProgress() && !failure.isBadInput()) {
            return FAILED; // a consequence of the JVM's end, of which its user knows
        }
        if (failure.isBadInput()) {
            tell(command, failure.sentence());
            return BAD_INPUT;
        }
        if (failure.isExpected()) {
            tell(command, failure.sentence());
        } else if (redacts) {
            traceWithoutMessages(e, command.getErr());
        } else {
            trace(e, command.getErr());
        }
        return FAILED;
    }

    private static void trace(Throwable thrown, PrintWriter err) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        trace.toString()
                .lines()
                .map(line -> (line.startsWith("\t") ? "\t" : "") + InvalidInput.printable(line.strip()))
                .forEach(err::println);
    }

    private static void traceWithoutMessages(Throwable thrown, PrintWriter err) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            err.println(
                    (cause == thrown ? "" : "Caused by: ") + cause.getClass().getName());
            for (StackTraceElement frame : cause.getStackTrace()) {
                err.println("\tat " + frame);
            }
        }
        err.flush();
    }

    private static void tell(CommandLine command, String sentence) {
        command.getErr().println("kindling: " + InvalidInput.printable(sentence));
        command.getErr().flush();
    }

    /** Kindling's version, and those of what it runs on. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "kindling " + SparkLine.BUILT.version() + " (" + SparkLine.BUILT.artifact() + ")",
                "Spark " + SparkLine.runningSpark() + ", Scala " + SparkLine.runningScala() + ", Java "
                        + Runtime.version(),
                "GEMM backend " + Gemm.best().name()
            };
        }
    }
}
