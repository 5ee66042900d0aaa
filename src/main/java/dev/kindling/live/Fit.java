package dev.kindling.live;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.spark.util.kvstore.KVIndex;
import org.jspecify.annotations.Nullable;

/**
 * The state of a fit in an application's store in Spark; a store on disk holds it as JSON.
 *
 * @param ended the number of epochs that have ended
 * @param epochs the epochs to show, in order; only some of many
 * @param checkpoint the checkpoint that it resumed from; empty if it did not
 * @param step the latest step of the current epoch
 * @param closed null while it runs
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Fit(
        @KVIndex String id,
        FitEvent.Started started,
        int ended,
        int best,
        List<EpochFigures> epochs,
        String checkpoint,
        FitEvent.@Nullable Stepped step,
        FitEvent.@Nullable Closed closed) {

    /** A chart needs no more epochs. */
    static final int MOST_EPOCHS = 256;

    Fit(FitEvent.Started started) {
        this(started.fit(), started, 0, 0, List.of(), "", null, null);
    }

    /**
     * Declared explicitly: if the component were annotated, its accessor would be too, and the store would find two
     * keys.
     */
    @Override
    public String id() {
        return id;
    }

    Fit with(FitEvent event) {
        if (event instanceof FitEvent.Ended more) {
            String from = more.checkpoint().isEmpty() ? checkpoint : more.checkpoint();
            return new Fit(
                    id,
                    started,
                    more.ended(),
                    more.best(),
                    joined(more.epochs(), more.ended(), more.best()),
                    from,
                    null,
                    closed);
        }
        if (event instanceof FitEvent.Stepped now) {
            return new Fit(id, started, ended, best, epochs, checkpoint, now, closed);
        }
        if (event instanceof FitEvent.Closed end) {
            return new Fit(
                    id,
                    started,
                    end.ended(),
                    end.best(),
                    joined(end.epochs(), end.ended(), end.best()),
                    checkpoint,
                    null,
                    end);
        }
        return this;
    }

    private List<EpochFigures> joined(List<EpochFigures> more, int last, int kept) {
        NavigableMap<Integer, EpochFigures> all = new TreeMap<>();
        epochs.forEach(epoch -> all.put(epoch.number(), epoch));
        more.forEach(epoch -> all.put(epoch.number(), epoch));
        List<EpochFigures> some = new ArrayList<>();
        for (EpochFigures epoch : all.values()) {
            int number = epoch.number();
            if (isShown(number, last) || number == kept || number == last) {
                some.add(epoch);
            }
        }
        return List.copyOf(some);
    }

    /**
     * Whether an epoch is shown after so many have ended: the first, and every one, every second, every fourth … so
     * that about {@link #MOST_EPOCHS} are shown. An epoch that is shown later was always shown before.
     */
    static boolean isShown(int number, int ended) {
        int stride = 1;
        while (ended / stride > MOST_EPOCHS) {
            stride *= 2;
        }
        return number == 1 || number % stride == 0;
    }
}
