package dev.kindling.tensorboard;

import dev.kindling.data.Shards;
import dev.kindling.protobuf.ProtoMessage;
import dev.kindling.train.RunConfig;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run's settings in the format of TensorBoard's hyper-parameter table: the messages of its <a
 * href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/plugins/hparams/plugin_data.proto">plugin_data.proto</a>,
 * in the metadata of two values whose tags are defined in its <a
 * href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/plugins/hparams/metadata.py">metadata.py</a>.
 * Settings have the names of the command's options where those exist; specs are strings.
 */
final class HyperParameters {
    private static final String PLUGIN = "hparams";
    private static final int SUCCESS = 1;

    private HyperParameters() {}

    /** The beginning of a session, with the run's configuration. */
    static Summary start(RunConfig run, Shards shards, Instant time) {
        return start(of(run, shards), time);
    }

    static Summary start(Map<String, Object> values, Instant time) {
        ProtoMessage session = new ProtoMessage();
        values.forEach((name, value) -> {
            // google.protobuf.Value
            ProtoMessage any = value instanceof Number number
                    ? new ProtoMessage().put(2, number.doubleValue())
                    : new ProtoMessage().put(3, value.toString());
            session.put(1, new ProtoMessage().put(1, name).put(2, any));
        });
        session.put(5, seconds(time));
        return new Summary().metadata("_hparams_/session_start_info", PLUGIN, new ProtoMessage().put(3, session));
    }

    /** The end of a session that succeeded. */
    static Summary end(Instant time) {
        ProtoMessage session = new ProtoMessage().put(1, SUCCESS).put(2, seconds(time));
        return new Summary().metadata("_hparams_/session_end_info", PLUGIN, new ProtoMessage().put(4, session));
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1e3;
    }

    private static Map<String, Object> of(RunConfig run, Shards shards) {
        Map<String, Object> values = new TreeMap<>();
        run.settings().forEach(setting -> values.put(setting.option(), setting.brief()));
        values.put("parameters", run.network().parameterCount());
        values.put("shards", shards.count());
        values.put("rows", shards.rows());
        values.put("validation_rows", shards.validationRows());
        return values;
    }
}
