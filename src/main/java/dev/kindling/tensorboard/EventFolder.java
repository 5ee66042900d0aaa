package dev.kindling.tensorboard;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.nn.Block;
import dev.kindling.nn.Layer;
import dev.kindling.report.LayerHistory;
import dev.kindling.report.LayerState;
import dev.kindling.report.LayerWatch;
import dev.kindling.report.WeightHistory;
import dev.kindling.train.RunConfig;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The events of a running fit: a file in the run's folder, one in {@code train}, one in {@code validation}. */
final class EventFolder implements AutoCloseable {
    static final String TRAIN = "train";
    static final String VALIDATION = "validation";

    private final RunConfig config;
    private final long rows;
    private final InstantSource clock;
    private final List<EventFile> open = new ArrayList<>();
    private final EventFile run;
    private final EventFile train;
    private final @Nullable EventFile validation; // null where nothing is validated on
    private final LayerWatch layers;
    private float @Nullable [] before; // the parameters at the end of the last epoch; null if unknown

    /** @param replaces whether the events of earlier runs are deleted */
    EventFolder(
            Path folder,
            Configuration hadoop,
            boolean replaces,
            RunConfig config,
            Shards shards,
            LayerWatch layers,
            InstantSource clock)
            throws IOException {
        this.config = config;
        this.layers = layers;
        this.rows = shards.rows();
        this.clock = clock;
        FileSystem any = folder.getFileSystem(hadoop);
        // the local file system with checksums holds back flushed data, and TensorBoard does not need its checksum
        // files
        FileSystem files = any instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : any;
        if (replaces) {
            clear(files, folder);
        }
        try {
            run = create(files, folder);
            train = create(files, new Path(folder, TRAIN));
            validation = shards.validationRows() > 0 ? create(files, new Path(folder, VALIDATION)) : null;
            run.write(0, HyperParameters.start(config, shards, clock.instant()));
            train.writeGraph(NetworkGraph.of(config.network(), config.loss()));
            flush();
        } catch (Throwable e) {
            closeAfter(e);
            throw e;
        }
    }

    private EventFile create(FileSystem files, Path folder) throws IOException {
        EventFile file = EventFile.create(files, folder, clock);
        open.add(file);
        return file;
    }

    private static void clear(FileSystem files, Path folder) throws IOException {
        for (Path part : List.of(folder, new Path(folder, TRAIN), new Path(folder, VALIDATION))) {
            if (files.exists(part)) {
                for (FileStatus file : files.listStatus(part)) {
                    if (EventFile.NAME.matcher(file.getPath().getName()).matches()) {
                        files.delete(file.getPath(), false);
                    }
                }
            }
        }
    }

    /** @param parameters before the first epoch */
    void begun(float[] parameters) {
        before = parameters.clone();
    }

    void ended(Epoch epoch, float[] parameters) throws IOException {
        String metric = "epoch_" + config.metric().name();
        Summary training = new Summary()
                .scalar("epoch_loss", epoch.trainingLoss())
                .scalar(metric, epoch.trainingMetric())
                .scalar("epoch_learning_rate", epoch.learningRate())
                .scalar("epoch_gradient_norm", epoch.gradientNorm())
                .scalar("epoch_seconds", epoch.seconds())
                .scalar("epoch_rows_per_second", rows / epoch.trainingSeconds());
        for (Block block : config.network().layout()) {
            String tag = block.name().replace('.', '/'); // TensorBoard groups by what is before the slash
            training.histogram(tag, parameters, block);
            if (before != null && block.role() == Block.Role.WEIGHT) {
                training.scalar("update_ratio/" + tag, WeightHistory.moved(before, parameters, parameters, block));
            }
        }
        if ((epoch.number() - 1) % layers.every() == 0) {
            layers.look(parameters).ifPresent(states -> add(states, training));
        }
        train.write(epoch.number(), training);
        if (validation != null) {
            Summary validated =
                    new Summary().scalar("epoch_loss", epoch.validationLoss()).scalar(metric, epoch.validationMetric());
            validation.write(epoch.number(), validated);
        }
        before = parameters.clone();
        flush();
    }

    private void add(List<LayerState> states, Summary to) {
        for (int i = 0; i < states.size(); i++) {
            LayerState state = states.get(i);
            Layer layer = config.network().layers().get(i);
            if (LayerHistory.showsOutputs(layer)) {
                to.histogram("activation/" + state.name(), state.outputs());
                to.scalar("saturated/" + state.name(), state.saturated());
                to.scalar("dead/" + state.name(), state.dead());
            }
            if (LayerHistory.showsGradient(layer) && state.gradients() != null) {
                to.histogram("gradient/" + state.name(), state.gradients());
                to.scalar("gradient_size/" + state.name(), state.gradientSize());
            }
        }
    }

    /** Writes the final figures, those of the epoch whose parameters are kept, and the end of the session. */
    void finished(TrainState state) throws IOException {
        List<Epoch> history = state.history();
        boolean keepsBest =
                validation != null || config.options().earlyStopping().patience() > 0;
        Epoch kept = history.get((keepsBest ? state.bestEpoch() : history.size()) - 1);
        String metric = config.metric().name();
        Summary figures = new Summary()
                .scalar("final_loss", kept.trainingLoss())
                .scalar("final_" + metric, kept.trainingMetric())
                .scalar("final_validation_loss", kept.validationLoss())
                .scalar("final_validation_" + metric, kept.validationMetric());
        run.write(kept.number(), figures);
        run.write(kept.number(), HyperParameters.end(clock.instant()));
    }

    private void flush() throws IOException {
        for (EventFile file : open) {
            file.flush();
        }
    }

    /** Closes all files after a failure, and adds failures of closing to it. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (IOException | RuntimeException | FSError e) {
            failure.addSuppressed(e);
        }
    }

    /** Closes all files, even if one cannot be closed. */
    @Override
    public void close() throws IOException {
        if (!open.isEmpty()) {
            try (EventFile last = open.remove(open.size() - 1)) {
                last.flush();
            } finally {
                close();
            }
        }
    }
}
