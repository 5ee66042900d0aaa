package dev.kindling.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.ExecutionMode;
import dev.kindling.engine.StepTimes;
import dev.kindling.spark.ColumnNote;
import dev.kindling.spec.Spec;
import dev.kindling.train.RunConfig;
import dev.kindling.train.Step;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A self-contained HTML page about a run: curves of loss, metric, learning rate and gradient norm, the history of
 * weights and layers, where the time was spent, what a table vectorizer decided about each column, and an evaluation on
 * rows given to it.
 *
 * <pre>{@code
 * TrainingReport report = new TrainingReport();
 * new MlpClassifier().setListener(report).fit(rows);
 * report.write(Path.of("report.html"));
 * }</pre>
 *
 * The page can be written at any time, also after a fit that failed: it then shows the failure and the last steps
 * before it. To show the layers, a Spark job samples 256 rows from the shards when the fit begins, and the driver runs
 * them forward and backward after epochs: after every epoch if that takes milliseconds, otherwise so rarely that it
 * does not slow the fit. The page says if a network is too large for that. The report needs twice the memory of the
 * parameters. After several fits it shows the last one.
 */
public final class TrainingReport implements TrainListener {
    /** How many steps before a failure are shown. */
    private static final int MOST_STEPS = 200;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, String> given = new LinkedHashMap<>();
    private final Map<String, String> configuration = new LinkedHashMap<>();
    private final List<Epoch> epochs = new ArrayList<>();
    private List<ColumnNote> columns = List.of();
    private String data = "";
    private String network = "";
    private String method = "";
    private String metric = "";
    private String rows = "";
    private String resumed = "";
    private String stopReason = "";
    private boolean redacted;
    private boolean keepsBest;
    private int bestEpoch;
    private WeightHistory weights = new WeightHistory(List.of());
    private final Deque<Step> steps = new ArrayDeque<>(); // the last ones
    private String failure = "";

    @Nullable
    private LayerHistory layers; // null before a run

    @Nullable
    private ObjectNode evaluation;

    /** Sets the name of the data, shown in the title. */
    public TrainingReport setData(String name) {
        data = name;
        return this;
    }

    /** Adds a line to the configuration, before the run's own settings. */
    public TrainingReport setFact(String name, String value) {
        given.put(name, value);
        return this;
    }

    /** Whether values of the data are left out of what is told of a table's columns. */
    public TrainingReport setRedacted(boolean value) {
        redacted = value;
        return this;
    }

    @Override
    public void columns(List<ColumnNote> notes) {
        columns = redacted ? notes.stream().map(ColumnNote::redacted).toList() : List.copyOf(notes);
    }

    @Override
    public void started(RunConfig run, Shards shards, ExecutionMode place) {
        epochs.clear();
        configuration.clear();
        evaluation = null;
        resumed = "";
        stopReason = "";
        failure = "";
        bestEpoch = 0;
        steps.clear();
        weights = new WeightHistory(run.network().layout());
        network = run.network().toString();
        method = Spec.brief(run.rule().optimizer()) + " at learning rate "
                + Spec.print(run.rule().learningRate());
        metric = run.metric().name();
        rows = count(shards.rows());
        keepsBest = shards.validationRows() > 0 || run.options().earlyStopping().patience() > 0;
        configure(run, shards, place);
        layers = new LayerHistory(run, shards);
    }

    private void configure(RunConfig run, Shards shards, ExecutionMode place) {
        run.settings().forEach(setting -> put(setting.name(), setting.text()));
        put("parameters", count(run.network().parameterCount()));
        put("rows trained on", count(shards.rows()));
        put("rows validated on", count(shards.validationRows()));
        put("shards", shards.count());
        put("computed by", place);
        put("GEMM backend", run.gemm());
    }

    private void put(String name, Object value) {
        configuration.put(name, value.toString());
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    @Override
    public void resumed(String checkpoint, TrainState state) {
        resumed = checkpoint;
        epochs.addAll(state.history());
    }

    @Override
    public void begun(float[] parameters, int taken) {
        if (taken == 0) { // otherwise the parameters at the start of the first epoch are unknown
            weights.begin(parameters);
            look(epochs.size(), parameters);
        }
    }

    @Override
    public void stepped(Step step) {
        steps.add(step);
        if (steps.size() > MOST_STEPS) {
            steps.remove();
        }
    }

    @Override
    public void ended(Epoch epoch, float[] parameters) {
        epochs.add(epoch);
        weights.add(epoch.number(), parameters);
        look(epoch.number(), parameters);
    }

    private void look(int epoch, float[] parameters) {
        if (layers != null) {
            layers.add(epoch, parameters);
        }
    }

    @Override
    public void finished(TrainState state) {
        bestEpoch = state.bestEpoch();
        stopReason = switch (state.stopReason()) {
            case EPOCHS -> "all epochs done";
            case EARLY_STOPPING -> "stopped early";
            case CONVERGED -> "converged";
        };
    }

    @Override
    public void failed(Throwable cause) {
        String message = cause.getMessage();
        setFailure(message == null ? cause.getClass().getSimpleName() : message);
    }

    @Override
    public void closed() {
        if (layers != null) {
            layers.end(weights.latest());
        }
    }

    /** Records the failure that ended the run, or that came after it. The page begins with it. */
    public TrainingReport setFailure(String sentence) {
        failure = sentence;
        return this;
    }

    /** Whether a run has begun. */
    public boolean hasBegun() {
        return layers != null;
    }

    /**
     * Adds an evaluation of a classifier on some rows.
     *
     * @param on names the rows, such as {@code 360 test rows}
     * @param flatters whether it was trained on these rows, which flatters the scores
     * @param scores by name, such as {@code accuracy}
     * @param classes the names of the classes, in the order of their indices
     */
    public void evaluated(
            String on, boolean flatters, Map<String, Double> scores, List<String> classes, ClassCharts charts) {
        charts.describe(evaluation(on, flatters, scores), classes);
    }

    /** The same for a regressor. */
    public void evaluated(String on, boolean flatters, Map<String, Double> scores, ValueSample sample) {
        sample.describe(evaluation(on, flatters, scores));
    }

    private ObjectNode evaluation(String on, boolean flatters, Map<String, Double> scores) {
        ObjectNode node = mapper.createObjectNode().put("on", on).put("flatters", flatters);
        ObjectNode values = node.putObject("scores");
        scores.forEach((name, value) -> ReportJson.put(values, name, value));
        evaluation = node;
        return node;
    }

    /** The page's data. */
    ObjectNode json() {
        ObjectNode json = mapper.createObjectNode()
                .put("data", data)
                .put("rows", rows)
                .put("network", network)
                .put("method", method)
                .put("metric", metric)
                .put("resumed", resumed)
                .put("stopReason", stopReason)
                .put("failure", failure)
                .put("bestEpoch", bestEpoch)
                .put("keptEpoch", keepsBest ? bestEpoch : epochs.size());
        ObjectNode history = json.putObject("epochs");
        ArrayNode numbers = history.putArray("number");
        ArrayNode steps = history.putArray("steps");
        for (Epoch epoch : epochs) {
            numbers.add(epoch.number());
            steps.add(epoch.steps());
        }
        column(history, "trainingLoss", Epoch::trainingLoss);
        column(history, "validationLoss", Epoch::validationLoss);
        column(history, "trainingMetric", Epoch::trainingMetric);
        column(history, "validationMetric", Epoch::validationMetric);
        column(history, "learningRate", Epoch::learningRate);
        column(history, "gradientNorm", Epoch::gradientNorm);
        column(history, "trainingSeconds", Epoch::trainingSeconds);
        column(history, "seconds", Epoch::seconds);
        if (!epochs.isEmpty()) {
            StepTimes mean = Epoch.meanStepTimes(epochs);
            ObjectNode stepTimes = json.putObject("stepTimes");
            ReportJson.put(stepTimes, "compute", mean.compute());
            ReportJson.put(stepTimes, "schedule", mean.schedule());
            ReportJson.put(stepTimes, "broadcast", mean.broadcast());
            ReportJson.put(stepTimes, "reduce", mean.reduce());
            ReportJson.put(stepTimes, "update", mean.update());
        }
        weights.describe(json.putObject("weights"));
        if (layers != null) {
            layers.describe(json.putObject("layers"));
        }
        if (!failure.isEmpty()) {
            describeSteps(json.putObject("lastSteps"));
        }
        if (evaluation != null) {
            json.set("evaluation", evaluation);
        }
        ArrayNode table = json.putArray("columns");
        columns.forEach(note -> table.addArray()
                .add(note.column())
                .add(note.kind())
                .add(note.encoded())
                .add(note.features())
                .add(note.filled())
                .add(note.reason()));
        ArrayNode lines = json.putArray("configuration");
        given.forEach((name, value) -> lines.addArray().add(name).add(value));
        configuration.forEach((name, value) -> lines.addArray().add(name).add(value));
        return json;
    }

    private void describeSteps(ObjectNode json) {
        ArrayNode numbers = json.putArray("step");
        steps.forEach(step -> numbers.add(step.number()));
        ReportJson.putAll(json, "loss", steps.stream().mapToDouble(Step::loss).toArray());
        ReportJson.putAll(
                json,
                "gradientNorm",
                steps.stream().mapToDouble(Step::gradientNorm).toArray());
    }

    private void column(ObjectNode history, String name, ToDoubleFunction<Epoch> value) {
        ReportJson.putAll(history, name, epochs.stream().mapToDouble(value).toArray());
    }

    /** The page about the run so far. */
    public String page() {
        return ReportPage.of(TrainingReport.class, "report", "Training report", json());
    }

    /** Writes the page, replacing an existing file; if that fails, the existing file stays. */
    public void write(Path file) throws IOException {
        ReportPage.write(page(), file);
    }
}
