package dev.kindling.live;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.spark.util.kvstore.KVIndex;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a fit, as Spark's store of an application keeps it, on disk as JSON.
 *
 * @param ended how many epochs have
 * @param epochs in their order; of many, a part
 * @param checkpoint that it went on from, empty where it did not
 * @param step seen last, of the epoch under way
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

    /** A chart needs no more. */
    static final int MOST_EPOCHS = 256;

    Fit(FitEvent.Started started) {
        this(started.fit(), started, 0, 0, List.of(), "", null, null);
    }

    /** Declared, as the store would find two keys if the component's annotation went to its accessor too. */
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
     * Whether an epoch is among those shown once so many have ended: the first, and every one, every second, every fourth …
     * so that they are about {@link #MOST_EPOCHS}. What is shown later was always shown before.
     */
    static boolean isShown(int number, int ended) {
        int stride = 1;
        while (ended / stride > MOST_EPOCHS) {
            stride *= 2;
        }
        return number == 1 || number % stride == 0;
    }
}
