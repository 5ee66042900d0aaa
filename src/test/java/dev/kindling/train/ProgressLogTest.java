package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.data.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

final class ProgressLogTest {
    private static final String NAME = "dev.kindling.progress";

    private final JavaSparkContext context =
            new JavaSparkContext(LocalSpark.session().sparkContext());

    /** The lines of a log. */
    private static final class Lines extends AbstractAppender {
        private final List<String> all = new ArrayList<>();

        Lines() {
            super("lines", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            all.add(event.getMessage().getFormattedMessage());
        }
    }

    @Test
    void aLongEpochTellsOfAStepEveryTenSeconds() {
        AtomicLong seconds = new AtomicLong();
        TrainListener clock = new TrainListener() {
            @Override
            public void stepped(Step step) {
                seconds.addAndGet(4);
            }
        };
        ProgressLog log = new ProgressLog(() -> seconds.get() * 1_000_000_000);
        TrainOptions options = new TrainOptions(2, 12, 1, EarlyStopping.NEVER, 2); // 10 steps an epoch
        Lines lines = new Lines();
        lines.start();
        Logger logger = (Logger) LogManager.getLogger(NAME);
        Level before = logger.getLevel();
        logger.addAppender(lines); // which resets the level
        logger.setLevel(Level.INFO);
        try (Shards shards = Samples.pack(context, Samples.clusters(120, 1), 2, Samples.packing(2))) {
            Samples.trainer(options, TrainListener.all(log, clock)).fit(shards);
        } finally {
            logger.removeAppender(lines);
            logger.setLevel(before);
        }
        assertThat(lines.all.stream().filter(line -> line.startsWith("epoch")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("epoch 1/2  step 4 of 10  loss "),
                        line -> assertThat(line).startsWith("epoch 1/2  step 7 of 10  loss "),
                        line -> assertThat(line).startsWith("epoch 1/2  step 10 of 10  loss "),
                        line -> assertThat(line).startsWith("epoch 1/2  loss "),
                        line -> assertThat(line).startsWith("epoch 2/2  step 4 of 10  loss "),
                        line -> assertThat(line).startsWith("epoch 2/2  step 7 of 10  loss "),
                        line -> assertThat(line).startsWith("epoch 2/2  step 10 of 10  loss "),
                        line -> assertThat(line).startsWith("epoch 2/2  loss "));
    }
}
