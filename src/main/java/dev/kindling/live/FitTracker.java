package dev.kindling.live;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.kvstore.KVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the last fits in an application's store, from what they tell, now or in an event log. One thread calls it. */
final class FitTracker extends SparkListener {
    static final int MOST_FITS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(FitTracker.class);

    private final KVStore store;
    private final Map<String, Fit> fits = new LinkedHashMap<>(); // what the store holds, the eldest first
    private boolean broken;

    FitTracker(KVStore store) {
        this.store = store;
    }

    /** Errors stay here: Spark would stop the application for some of them. */
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
            return; // its beginning was lost, or is long ago
        }
        fits.put(fit.id(), fit);
        store.write(fit);
        if (fits.size() > MOST_FITS) {
            String eldest = fits.keySet().iterator().next();
            fits.remove(eldest);
            store.delete(Fit.class, eldest);
        }
    }
}
