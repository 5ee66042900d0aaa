package dev.kindling.tensorboard;

import dev.kindling.data.Shards;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.Trainer;
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
    static Summary start(Trainer trainer, Shards shards, Instant time) {
        return start(of(trainer, shards), time);
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

    private static Map<String, Object> of(Trainer trainer, Shards shards) {
        UpdateRule rule = trainer.rule();
        TrainOptions options = trainer.options();
        Map<String, Object> values = new TreeMap<>();
        values.put("architecture", Spec.briefAll(trainer.network().layers()));
        values.put("parameters", trainer.network().parameterCount());
        values.put("loss", Spec.brief(trainer.loss()));
        values.put("optimizer", Spec.brief(rule.optimizer()));
        values.put("learning_rate", rule.learningRate());
        values.put("schedule", Spec.brief(rule.schedule()));
        values.put("l1", rule.penalty().l1());
        values.put("l2", rule.penalty().l2());
        values.put("gradient_clip", Spec.brief(rule.clip()));
        values.put("max_norm", rule.maxNorm());
        values.put("epochs", options.epochs());
        values.put("batch_size", options.batchSize());
        values.put("seed", options.seed());
        values.put("patience", options.earlyStopping().patience());
        values.put("tol", options.earlyStopping().minDelta());
        values.put("class_weights", Spec.brief(options.classWeights()));
        values.put("plateau", Spec.brief(options.plateau()));
        values.put("ema_decay", options.emaDecay());
        values.put("gradient_source", Spec.brief(options.gradientSource()));
        values.put("local_steps", options.localSteps());
        values.put("outer_optimizer", Spec.brief(options.outerOptimizer()));
        values.put("shards", shards.count());
        values.put("rows", shards.rows());
        values.put("validation_rows", shards.validationRows());
        return values;
    }
}
