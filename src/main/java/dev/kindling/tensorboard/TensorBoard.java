package dev.kindling.tensorboard;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.ExecutionMode;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.report.LayerWatch;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events for <a href="https://www.tensorflow.org/tensorboard">TensorBoard</a> while a fit runs:
 *
 * <pre>{@code
 * new MlpClassifier().setListener(new TensorBoard("logs/first")).fit(rows);
 * }</pre>
 *
 * To see them, run {@code tensorboard --logdir logs}. Each run has its own folder, in any of Hadoop's file systems. It
 * contains:
 *
 * <ul>
 *   <li>{@code train}: each epoch's {@code epoch_loss}, {@code epoch_accuracy} (or {@code epoch_rmse}) and {@code
 *       epoch_learning_rate}, the tags of <a href="https://keras.io/api/callbacks/tensorboard/">Keras</a>; {@code
 *       epoch_gradient_norm} of the last step before clipping, {@code epoch_seconds} and {@code epoch_rows_per_second};
 *       a histogram of each block of parameters, {@code dense1/weight}; {@code update_ratio/dense1/weight}: how far an
 *       epoch moved the weights, divided by their norm; and the network's graph. From 256 rows that the driver runs
 *       forward and backward: the histogram {@code activation/relu1} of each activation's outputs, the share {@code
 *       saturated/relu1} of outputs where it is nearly flat, and the share {@code dead/relu1} of units that are nearly
 *       flat for every row; the histogram {@code gradient/dense1} of the gradient with respect to a dense layer's
 *       outputs, and its root mean square {@code gradient_size/dense1}; less often than every epoch if that would slow
 *       the fit
 *   <li>{@code validation}: {@code epoch_loss} and {@code epoch_accuracy} of the validation rows, so that curves
 *       overlay
 *   <li>the folder itself: the hyper-parameters and, once the fit is done, {@code final_loss}, {@code final_accuracy}
 *       and {@code final_validation_…} of the epoch whose weights are kept
 * </ul>
 *
 * The step is the epoch's number, counted from 1 as in the log (Keras counts from 0). Values that are not finite are
 * left out of histograms. TensorBoard's hyper-parameter table finds the curves of {@code train} and {@code validation}
 * only if {@code --logdir} is a folder above the run's.
 *
 * <p>If the folder already holds events, a new file is added, and TensorBoard drops earlier events from its first step
 * on. So a run that resumes from a checkpoint continues its curves, and another run in the same folder replaces them.
 *
 * <p>Files are flushed after each epoch. Object stores such as {@code s3a:} show a file only once it is closed, when
 * the fit ends. A folder that cannot be written to is refused when training starts. A later write failure is logged
 * once, and the fit continues without events. A listener follows one fit at a time. It needs twice the memory of the
 * parameters.
 */
public final class TensorBoard implements TrainListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");

    private final String folder;
    private final boolean replaces;
    private final InstantSource clock;
    private @Nullable EventFolder events; // of the running fit; null if they cannot be written

    /** @param folder the run's folder */
    public TensorBoard(String folder) {
        this(folder, false, Clock.systemUTC());
    }

    TensorBoard(String folder, boolean replaces, InstantSource clock) {
        this.folder = folder;
        this.replaces = replaces;
        this.clock = clock;
    }

    /** A listener that first deletes the event files of earlier fits in the folder, and no other files. */
    public static TensorBoard replacing(String folder) {
        return new TensorBoard(folder, true, Clock.systemUTC());
    }

    /** Whether a folder with these entries holds only the events of a run. */
    public static boolean isRun(List<String> names) {
        List<String> parts = List.of(EventFolder.TRAIN, EventFolder.VALIDATION);
        return names.stream()
                        .allMatch(name -> parts.contains(name)
                                || EventFile.NAME.matcher(name).matches())
                && !parts.containsAll(names);
    }

    @Override
    public void started(RunConfig run, Shards shards, ExecutionMode place) {
        if (events != null) {
            throw new InvalidInput("a TensorBoard listener must follow one fit at a time, but the one for " + folder
                    + " was given to a second fit while the first runs");
        }
        LayerWatch layers = LayerWatch.of(run, shards);
        try {
            events = new EventFolder(
                    new Path(folder),
                    shards.rdd().context().hadoopConfiguration(),
                    replaces,
                    run,
                    shards,
                    layers,
                    clock);
        } catch (IOException | RuntimeException | FSError e) {
            throw new InvalidInput(
                    "TensorBoard events must go to a writable folder, but " + folder + " is not: " + e.getMessage());
        }
    }

    @Override
    public void begun(float[] parameters, int taken) {
        if (taken == 0) { // otherwise the parameters at the start of the first epoch are unknown
            write(to -> to.begun(parameters));
        }
    }

    @Override
    public void ended(Epoch epoch, float[] parameters) {
        write(to -> to.ended(epoch, parameters));
    }

    @Override
    public void finished(TrainState state) {
        write(to -> to.finished(state));
    }

    @Override
    public void closed() {
        write(EventFolder::close);
        events = null;
    }

    /** A failure ends the events, not the fit: hours of training are worth more than their curves. */
    private void write(Writing writing) {
        EventFolder to = events;
        if (to == null) {
            return;
        }
        try {
            writing.to(to);
        } catch (IOException | RuntimeException | FSError e) {
            events = null;
            to.closeAfter(e);
            LOG.warn(
                    "TensorBoard events cannot be written to {}: {}; training continues without them",
                    folder,
                    e.getMessage());
        }
    }

    private interface Writing {
        void to(EventFolder events) throws IOException;
    }
}
