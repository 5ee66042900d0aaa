package dev.kindling.live;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.report.PageParts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;
import org.apache.spark.util.kvstore.KVStore;
import org.apache.spark.util.kvstore.KVStoreIterator;
import org.jspecify.annotations.Nullable;

/** The tab with the fits of an application: a table of all fits, and the curves of one. */
final class TrainingTab extends SparkUITab {
    private final KVStore store;
    private final boolean live;
    private final ObjectMapper mapper = new ObjectMapper();

    /** @param live whether the application is running, in this JVM */
    TrainingTab(SparkUI ui, KVStore store, boolean live) {
        super(ui, "training");
        this.store = store;
        this.live = live;
        attachPage(new TrainingPage(this));
    }

    /** Adds the tab to a running application's UI, if it has a UI and the tab is not there yet. */
    static synchronized void attach(SparkContext context) {
        if (context.ui().isEmpty()
                || context.listenerBus().listeners().stream().anyMatch(FitTracker.class::isInstance)) {
            return;
        }
        SparkUI ui = context.ui().get();
        KVStore store = context.statusStore().store();
        context.addSparkListener(new FitTracker(store));
        ui.attachTab(new TrainingTab(ui, store, true));
    }

    /** The page's content, as HTML. */
    String content(@Nullable String chosen) {
        // the data are inserted last, so that nothing in them is taken for a placeholder
        return resource("live.html")
                .replace("/*STYLE*/", resource("live.css"))
                .replace("/*CHARTS*/", PageParts.library())
                .replace("/*SCRIPT*/", PageParts.curves() + resource("live.js"))
                .replace("/*DATA*/", PageParts.json(json(chosen)));
    }

    private static String resource(String name) {
        return PageParts.beside(TrainingTab.class, name);
    }

    /**
     * The page's data.
     *
     * @param chosen the id of the fit whose epochs to add; if there is none, the newest fit
     */
    ObjectNode json(@Nullable String chosen) {
        List<Fit> fits = fits();
        ObjectNode json = mapper.createObjectNode().put("live", live);
        ArrayNode rows = json.putArray("fits");
        Fit shown = null;
        for (Fit fit : fits) {
            rows.add(row(fit));
            if (shown == null || fit.id().equals(chosen)) {
                shown = fit;
            }
        }
        if (shown != null) {
            json.set("fit", curves(shown));
        }
        return json;
    }

    /** All fits, newest first. */
    private List<Fit> fits() {
        List<Fit> fits = new ArrayList<>();
        try (KVStoreIterator<Fit> all = store.view(Fit.class).closeableIterator()) {
            all.forEachRemaining(fits::add);
        } catch (Exception e) {
            throw new IllegalStateException("the application's store cannot be read", e);
        }
        fits.sort(Comparator.comparingLong((Fit fit) -> fit.started().time())
                .thenComparing(Fit::id)
                .reversed());
        return fits;
    }

    private ObjectNode row(Fit fit) {
        FitEvent.Started started = fit.started();
        FitEvent.Stepped step = fit.step();
        FitEvent.Closed closed = fit.closed();
        ObjectNode row = mapper.createObjectNode()
                .put("id", fit.id())
                .put("name", started.name())
                .put("began", started.time())
                .put("network", started.network())
                .put("method", started.method())
                .put("metric", started.metric())
                .put("rows", started.rows())
                .put("validationRows", started.validationRows())
                .put("shards", started.shards())
                .put("batchSize", started.batchSize())
                .put("place", started.place())
                .put("planned", started.epochs())
                .put("ended", fit.ended())
                .put("bestEpoch", fit.best())
                .put("checkpoint", fit.checkpoint());
        if (!fit.epochs().isEmpty()) {
            row.set("last", mapper.valueToTree(fit.epochs().get(fit.epochs().size() - 1)));
        }
        if (step != null) {
            row.putObject("step")
                    .put("epoch", step.epoch())
                    .put("number", step.step())
                    .put("loss", step.loss());
        }
        if (closed != null) {
            row.put("closed", closed.time()).put("outcome", closed.outcome()).put("why", closed.why());
        }
        return row;
    }

    /** The curves in the format of the report's page. */
    private ObjectNode curves(Fit fit) {
        ObjectNode json = mapper.createObjectNode()
                .put("id", fit.id())
                .put("metric", fit.started().metric())
                .put("bestEpoch", fit.best());
        ObjectNode columns = json.putObject("epochs");
        ArrayNode numbers = columns.putArray("number");
        fit.epochs().forEach(epoch -> numbers.add(epoch.number()));
        column(columns, "trainingLoss", fit, EpochFigures::trainingLoss);
        column(columns, "validationLoss", fit, EpochFigures::validationLoss);
        column(columns, "trainingMetric", fit, EpochFigures::trainingMetric);
        column(columns, "validationMetric", fit, EpochFigures::validationMetric);
        column(columns, "learningRate", fit, EpochFigures::learningRate);
        column(columns, "gradientNorm", fit, EpochFigures::gradientNorm);
        return json;
    }

    private static void column(
            ObjectNode columns, String name, Fit fit, Function<EpochFigures, @Nullable Double> figure) {
        ArrayNode values = columns.putArray(name);
        fit.epochs().forEach(epoch -> values.add(figure.apply(epoch)));
    }
}
