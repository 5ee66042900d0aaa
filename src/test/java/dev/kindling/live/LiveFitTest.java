package dev.kindling.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.train.Step;
import dev.kindling.train.TrainListener;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What fits tell Spark's listeners, in a context without a UI. */
final class LiveFitTest {
    private static final SparkContext CONTEXT = LocalSpark.session().sparkContext();

    private final ConcurrentLinkedQueue<FitEvent> told = new ConcurrentLinkedQueue<>();
    private final SparkListener ear = new SparkListener() {
        @Override
        public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof FitEvent ours) {
                told.add(ours);
            }
        }
    };

    @BeforeEach
    void listen() {
        CONTEXT.addSparkListener(ear);
    }

    @AfterEach
    void listenNoMore() {
        CONTEXT.removeSparkListener(ear);
    }

    private <T extends FitEvent> List<T> told(Class<T> kind, String name) throws TimeoutException {
        CONTEXT.listenerBus().waitUntilEmpty();
        String id = told.stream()
                .filter(event -> event instanceof FitEvent.Started started
                        && started.name().equals(name))
                .map(FitEvent::fit)
                .findFirst()
                .orElse("");
        return told.stream()
                .filter(event -> event.fit().equals(id))
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Test
    void stepsWithinASecondAreNotToldOf() throws TimeoutException {
        Clock still = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        LonelyFit.fitted(LocalSpark.session(), new LiveFit(CONTEXT, "still", still));
        assertThat(told(FitEvent.Stepped.class, "still")).isEmpty();
        assertThat(told(FitEvent.Ended.class, "still")).hasSize(8);
        assertThat(told(FitEvent.Closed.class, "still")).hasSize(1);
    }

    @Test
    void aSlowStepIsToldOfWithItsEpoch() throws TimeoutException {
        AtomicLong seconds = new AtomicLong();
        InstantSource ticking = () -> Instant.ofEpochSecond(seconds.getAndIncrement());
        LonelyFit.fitted(LocalSpark.session(), new LiveFit(CONTEXT, "ticking", ticking.withZone(ZoneOffset.UTC)));
        List<FitEvent.Stepped> steps = told(FitEvent.Stepped.class, "ticking");
        assertThat(steps).hasSize(8 * 5);
        assertThat(steps.get(7).epoch()).isEqualTo(2);
        assertThat(steps.get(7).step()).isEqualTo(8);
    }

    @Test
    void anErrorOfTheFitIsToldInOneLine() throws TimeoutException {
        LiveFit live = new LiveFit(CONTEXT, "unlucky");
        TrainListener unlucky = new TrainListener() {
            @Override
            public void stepped(Step step) {
                throw new IllegalStateException("no luck\nwith this\n\tat all");
            }
        };
        assertThatThrownBy(() -> LonelyFit.fitted(LocalSpark.session(), live, unlucky))
                .isInstanceOfSatisfying(IllegalStateException.class, live::failed);
        live.failed(new IllegalStateException("again"));
        assertThat(told(FitEvent.Closed.class, "unlucky")).singleElement().satisfies(closed -> {
            assertThat(closed.outcome()).isEqualTo("failed");
            assertThat(closed.why()).isEqualTo("no luck");
            assertThat(closed.ended()).isZero();
        });
    }

    @Test
    void whatNeverStartedIsNotTold() throws TimeoutException {
        new LiveFit(CONTEXT, "never").failed(new IllegalStateException("bad rows"));
        CONTEXT.listenerBus().waitUntilEmpty();
        assertThat(told.stream()
                        .filter(event -> event instanceof FitEvent.Closed closed
                                && closed.why().equals("bad rows")))
                .isEmpty();
    }

    @Test
    void anEstimatorsFitIsTold() throws TimeoutException {
        LonelyFit.classifier().copy(new ParamMap()).fit(LonelyFit.rows(LocalSpark.session()));
        CONTEXT.listenerBus().waitUntilEmpty();
        assertThat(told.stream().filter(event -> !(event instanceof FitEvent.Stepped)))
                .hasSize(1 + 8 + 1);
        assertThat(told.stream().map(FitEvent::fit).distinct()).hasSize(1);
    }
}
