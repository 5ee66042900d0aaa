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
 * Has <a href="https://www.tensorflow.org/tensorboard">TensorBoard</a> show a fit while it runs:
 *
 * <pre>{@code
 * new MlpClassifier().setListener(new TensorBoard("logs/first")).fit(rows);
 * }</pre>
 *
 * and {@code tensorboard --logdir logs}. The folder is the run's and may be in any of Hadoop's file systems. What is in it:
 *
 * <ul>
 *   <li>{@code train}: each epoch's {@code epoch_loss}, {@code epoch_accuracy} (or {@code epoch_rmse}) and {@code
 *       epoch_learning_rate}, the tags of <a href="https://keras.io/api/callbacks/tensorboard/">Keras</a>; {@code
 *       epoch_gradient_norm} of the last step before clipping, {@code epoch_seconds} and {@code epoch_rows_per_second};
 *       a histogram of each block of parameters, {@code dense1/weight}; {@code update_ratio/dense1/weight}: how far an epoch
 *       moved the weights, over their norm; and the network's graph. Of 256 rows that the driver runs there and back: the
 *       histogram {@code activation/relu1} of the outputs of each activation, and the shares {@code saturated/relu1} of
 *       outputs where it is nearly flat and {@code dead/relu1} of units that are so for every row; the histogram {@code
 *       gradient/dense1} of the gradient with respect to a dense layer's outputs, and its root mean square {@code
 *       gradient_size/dense1}; seldomer than each epoch where that would slow the fit
 *   <li>{@code validation}: {@code epoch_loss} and {@code epoch_accuracy} of the validation rows, so that curves overlay
 *   <li>the folder itself: the hyper-parameters and, once the fit is done, {@code final_loss}, {@code final_accuracy} and
 *       {@code final_validation_…} of the epoch whose weights are kept
 * </ul>
 *
 * The step is the epoch's number, counted from 1 as in the log (Keras counts from 0). Infinite values and those that are no
 * number are left out of histograms. TensorBoard's table of hyper-parameters finds the curves of {@code train} and {@code
 * validation} only where {@code --logdir} is a folder above the run's.
 *
 * <p>A folder that holds events is added to, in a new file: from its first step on, TensorBoard drops what was there
 * before. So a run that goes on from a checkpoint continues its curves, and another run in the same folder takes their
 * place.
 *
 * <p>Files are flushed after each epoch. Object stores such as {@code s3a:} show a file only once it is closed, when the
 * fit ends. A folder that cannot be written to is refused when training starts; a later failure to write is told in the log,
 * once, and the fit goes on without events. A listener follows one fit at a time. It takes as much
 * memory as the parameters twice more.
 */
public final class TensorBoard implements TrainListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");

    private final String folder;
    private final boolean replaces;
    private final InstantSource clock;
    private @Nullable EventFolder events; // of the fit under way, unless they cannot be written

    /** @param folder of the run */
    public TensorBoard(String folder) {
        this(folder, false, Clock.systemUTC());
    }

    TensorBoard(String folder, boolean replaces, InstantSource clock) {
        this.folder = folder;
        this.replaces = replaces;
        this.clock = clock;
    }

    /** One that first deletes the event files which an earlier fit wrote into the folder, and no others. */
    public static TensorBoard replacing(String folder) {
        return new TensorBoard(folder, true, Clock.systemUTC());
    }

    /** Whether a folder with these names holds nothing but a run's events. */
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
            throw new InvalidInput("a TensorBoard listener follows one fit at a time, but that of " + folder
                    + " was given to another while one runs");
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
            throw new InvalidInput("TensorBoard's events must go to a folder that can be written to, but " + folder
                    + " cannot: " + e.getMessage());
        }
    }

    @Override
    public void begun(float[] parameters, int taken) {
        if (taken == 0) { // else what the first epoch began with is not known
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

    /** Hours of training are worth more than their curves: a failure ends the events, not the fit. */
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
                    "TensorBoard's events cannot be written to {}: {}; training goes on without them",
                    folder,
                    e.getMessage());
        }
    }

    private interface Writing {
        void to(EventFolder events) throws IOException;
    }
}
