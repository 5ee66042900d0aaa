package dev.kindling.live;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.kvstore.KVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the latest fits in an application's store, from their events, live or in an event log. One thread calls it. */
final class FitTracker extends SparkListener {
    static final int MOST_FITS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(FitTracker.class);

    private final KVStore store;
    private final Map<String, Fit> fits = new LinkedHashMap<>(); // the content of the store, oldest first
    private boolean broken;

    FitTracker(KVStore store) {
        this.store = store;
    }

    /** Catches all errors: Spark would stop the application after some of them. */
    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof FitEvent told) {
            try {
                track(told);
            } catch (Throwable e) {
                if (!broken) {
                    LOG.warn("the Spark UI will not show all of Kindling's fits: {}", e.toString());
                }
                broken = true;
            }
        }
    }

    private void track(FitEvent event) throws Exception {
        Fit before = fits.get(event.fit());
        Fit fit;
        if (event instanceof FitEvent.Started started) {
            fit = new Fit(started);
        } else if (before != null) {
            fit = before.with(event);
        } else {
            return; // its start event was dropped, or the fit is no longer kept
        }
        fits.put(fit.id(), fit);
        store.write(fit);
        if (fits.size() > MOST_FITS) {
            String oldest = fits.keySet().iterator().next();
            fits.remove(oldest);
            store.delete(Fit.class, oldest);
        }
    }
}
