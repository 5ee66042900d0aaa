package dev.kindling.job;

import dev.kindling.job.io.SavedModel;
import dev.kindling.job.scores.Scores;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.search.MlpSearch;
import dev.kindling.ml.search.SearchResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Random search over options, many trials at once. */
@Command(
        name = "search",
        description = {
            "Random search: tries random values of train's options, many trials at once, and reports the best. Takes the"
                    + " options of train for what is not searched.",
            ""
        },
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SearchCommand implements Callable<Integer> {
    /** The number of trials that are printed. */
    private static final String MONITOR = "--monitor";

    private static final int SHOWN = 20;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--space",
            defaultValue = SearchSpace.AUTO,
            paramLabel = "NAME=VALUES",
            description =
                    "auto: learning rate, hidden layers, activation, dropout and weight decay; or an option to search, with a distribution, such as learning-rate=logUniform(1e-4, 1e-1),"
                            + " dropout=uniform(0, 0.5), batch-size=int(16, 256), or with values, such as \"hidden=64|128,64\";"
                            + " repeat it for each option. Default: ${DEFAULT-VALUE}")
    private List<String> space = List.of();

    @Option(
            names = "--trials",
            paramLabel = "N",
            defaultValue = "16",
            description = "Number of trials. Default: ${DEFAULT-VALUE}")
    private int trials;

    @Option(
            names = "--folds",
            paramLabel = "K",
            defaultValue = "3",
            description = "Folds of cross-validation; 1: validate on --validation-fraction. Default: ${DEFAULT-VALUE}")
    private int folds;

    @Option(
            names = "--reduction",
            paramLabel = "R",
            defaultValue = "3",
            description =
                    "Successive halving: the best trials, one in R, continue for R times the epochs; 1: all train to the end."
                            + " Default: ${DEFAULT-VALUE}")
    private int reduction;

    @Option(
            names = "--least-epochs",
            paramLabel = "N",
            defaultValue = "0",
            description = "Epochs before the first comparison of trials; 0: compare twice before the end."
                    + " Default: ${DEFAULT-VALUE}")
    private int leastEpochs;

    @Option(
            names = "--stages",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of rounds of --trials, each closer to the best so far. Default: ${DEFAULT-VALUE}")
    private int stages;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "0",
            description =
                    "About how long to search, instead of --stages: the clock decides how many trials and stages there"
                            + " are, and nothing else, so the same --trials and --stages find the same; 0: no clock."
                            + " Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            defaultValue = "48",
            description = "Number of fits that run at once; each trial and fold is one fit. Default: ${DEFAULT-VALUE}")
    private int atOnce;

    @Option(
            names = "--by",
            paramLabel = "METRIC",
            defaultValue = "loss",
            description =
                    "What trials are compared by: loss or a metric of --monitor, which they then use. Default: ${DEFAULT-VALUE}")
    private String by;

    @Mixin
    private TrainingInput input = new TrainingInput();

    @Option(
            names = "--best",
            paramLabel = "FILE.args",
            description = "Where to write the options of the best trial, for train @FILE.args --model DIR")
    @Nullable
    private String best;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Where to save the model that the best trial's options train on all rows to train on")
    @Nullable
    private String model;

    @Option(names = "--metrics", paramLabel = "FILE", description = "Where to write all trials as JSON")
    @Nullable
    private String metrics;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Where to write a page with all trials, their params and their curves")
    @Nullable
    private String report;

    @Mixin
    private Resume resume = new Resume();

    @Mixin
    private Redaction redaction = new Redaction();

    @Option(
            names = "--overwrite",
            description = "Replaces a model at --model, and files of Kindling's at --metrics, --report and --best")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        SearchSpace searched = new SearchSpace(space, input.options());
        PrintWriter out = spec.commandLine().getOut();
        MlpEstimatorParams<?> estimator = input.estimator(() -> Main.spark(spec), out);
        MlpSearch search = search(estimator, searched);
        SparkSession spark = Main.spark(spec);
        redaction.applyTo(spark);
        Storage winner =
                Storage.folder(spark, "--model", model, overwrite, SavedModel::isModel, "a model of kindling train");
        Storage target = Storage.file(spark, "--metrics", metrics, overwrite, OwnFile.FIGURES);
        Storage page = Storage.file(spark, "--report", report, overwrite, OwnFile.PAGE);
        Storage args = Storage.file(spark, "--best", best, overwrite, OwnFile.OPTIONS);
        input.reads(spark, new PathCheck())
                .replaces("--model", winner)
                .replaces("--metrics", target)
                .replaces("--report", page)
                .replaces("--best", args)
                .addsTo(
                        "--checkpoint",
                        resume.folder(
                                spark,
                                estimator,
                                "an empty folder",
                                "is not; --resume continues a search",
                                name -> true))
                .requireApart();
        TrainingInput.Rows rows = input.read(spark, estimator, out);
        SearchResult result = search.run(rows.preparedTraining()).named(searched::name);
        out.println();
        print(result, out);
        if (minutes > 0) {
            int each = result.trials().size() / result.stages();
            out.println("--trials " + each + " --stages " + result.stages() + " finds the same without a clock");
        }
        if (target != null) {
            target.write(result.toJson() + "\n");
        }
        if (page != null) {
            page.write(result.page());
        }
        if (args != null) {
            args.write(String.join("\n", lines(searched, estimator, result)) + "\n");
            out.println("the options of trial " + result.best().result().number() + " are in " + args + ": train @"
                    + best + " --model DIR");
        }
        if (winner != null) {
            train(estimator.copy(result.bestParams()), rows, winner);
        }
        return Main.DONE;
    }

    /** Trains as {@code train} does with the best trial's options, and saves the model. */
    private void train(Params best, TrainingInput.Rows rows, Storage target) throws IOException {
        MlpEstimatorParams<?> estimator = (MlpEstimatorParams<?>) best;
        estimator.clear(estimator.checkpointDir()); // which holds the trials'
        if (isByMetric()) {
            estimator.setMonitor(by);
        }
        Transformer network = ((Predictor<?, ?, ?>) best).fit(rows.preparedTraining());
        SavedModel saved = input.save(rows, network, target);
        Dataset<Row> testing = rows.preparedTesting();
        if (testing != null) {
            Scores tested = Scores.of(saved, testing);
            tested.print(spec.commandLine().getOut(), "test");
        }
        spec.commandLine().getOut().println("model of the best trial saved in " + target);
    }

    private boolean isByMetric() {
        return !by.equals("loss");
    }

    private MlpSearch search(MlpEstimatorParams<?> estimator, SearchSpace searched) {
        Require.positive(trials, "--trials");
        Require.positive(folds, "--folds");
        Require.positive(reduction, "--reduction");
        Require.nonNegative(leastEpochs, "--least-epochs");
        Require.positive(stages, "--stages");
        Require.nonNegative(minutes, "--minutes");
        Require.that(
                minutes == 0 || stages == 1,
                "one of --minutes and --stages must be given, not both: the clock decides how many stages there are");
        Require.positive(atOnce, "--at-once");
        return new MlpSearch(estimator, searched.grid(estimator, estimator.getSeed()))
                .setTrials(trials)
                .setFolds(folds)
                .setReduction(reduction)
                .setLeastEpochs(leastEpochs)
                .setStages(stages)
                .setMinutes(minutes)
                .setAtOnce(atOnce)
                .setMetric(by);
    }

    private static void print(SearchResult result, PrintWriter out) {
        List<String> lines = result.toString().lines().toList();
        lines.stream().limit(SHOWN + 1L).map(InvalidInput::printable).forEach(out::println);
        if (lines.size() > SHOWN + 1) {
            out.println("and " + (lines.size() - SHOWN - 1) + " more");
        }
        out.println(result.advice());
    }

    /** The options that were given and not searched, then those that were found. */
    private List<String> lines(SearchSpace searched, MlpEstimatorParams<?> estimator, SearchResult result) {
        List<String> lines = new ArrayList<>();
        lines.add("# Found by kindling search: " + result.metric() + " "
                + result.best().result().score());
        Set<String> told = new HashSet<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = option.longestName();
            if (isOwn(name) || searched.has(name) || !told.add(name)) {
                continue;
            }
            List<String> values =
                    option.originalStringValues(); // one for each time the option was given: the last counts
            lines.add(
                    option.arity().max() == 0 ? name : name + " " + SearchSpace.quoted(values.get(values.size() - 1)));
        }
        if (isByMetric() && told.add(MONITOR)) {
            lines.add(MONITOR + " " + by);
        }
        lines.addAll(searched.lines(estimator, result.bestParams()));
        return lines;
    }

    /** Whether a training with the best values does not need the option: it is the search's own, or keeps its state. */
    private boolean isOwn(String option) {
        return option.startsWith("--checkpoint")
                || spec.mixins().values().stream()
                        .noneMatch(mixin -> mixin.optionsMap().containsKey(option));
    }
}
