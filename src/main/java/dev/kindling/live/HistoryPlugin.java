package dev.kindling.live;

import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.util.kvstore.KVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.$colon$colon;
import scala.collection.immutable.List;
import scala.collection.immutable.List$;

/** The plugin with which the history server shows the tab for applications that logged their events. */
public final class HistoryPlugin implements AppHistoryServerPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryPlugin.class);

    /** A list implements the sequence types of both Spark lines. */
    @Override
    public List<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
        return new $colon$colon<>(new FitTracker(store), List$.MODULE$.empty());
    }

    @Override
    public void setupUI(SparkUI ui) {
        try {
            KVStore store = ui.store().store();
            if (store.count(Fit.class) > 0) {
                ui.attachTab(new TrainingTab(ui, store, false));
            }
        } catch (Throwable e) {
            LOG.warn("the history server will not show how {} trained: {}", ui.getAppName(), e.toString());
        }
    }
}
