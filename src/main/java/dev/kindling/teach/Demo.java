package dev.kindling.teach;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.report.ReportPage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Four lessons as one HTML page: how decision boundaries form, how optimizers descend, what initial weights do to a
 * deep network, and what a gradient costs.
 */
public final class Demo {
    private final ObjectMapper mapper = new ObjectMapper();
    private final ObjectNode json = mapper.createObjectNode();
    private final RandomKey key;
    private final Gemm gemm = Gemm.named("java");

    private Demo(long seed) {
        this.key = RandomKey.of(seed);
        json.put("seed", Long.toString(seed)); // JavaScript numbers have 53 bits
    }

    /**
     * Computes all four lessons, in some seconds.
     *
     * @param seed of data, weights and random search: the same seed gives the same page, except for measured times
     * @param nanoseconds a clock, such as {@link System#nanoTime}
     * @param log receives the results of each lesson line by line, as the lesson ends
     */
    public static Demo of(long seed, LongSupplier nanoseconds, Consumer<String> log) {
        Demo demo = new Demo(seed);
        demo.boundaries(log);
        demo.paths(log);
        demo.signals(log);
        demo.race(nanoseconds, log);
        return demo;
    }

    private void boundaries(Consumer<String> log) {
        log.accept("data       steps     loss  accuracy  held-out  network");
        ArrayNode all = json.putArray("boundaries");
        for (Boundary boundary : Boundary.all(gemm, key.fold(1))) {
            log.accept(boundary.summary());
            all.add(mapper.<ObjectNode>valueToTree(boundary));
        }
    }

    private void paths(Consumer<String> log) {
        log.accept("");
        log.accept("surface      optimizer   rate  steps              ends at     height");
        ArrayNode all = json.putArray("surfaces");
        for (Surface surface : Surface.ALL) {
            ObjectNode node = all.addObject()
                    .put("name", surface.name())
                    .put("formula", surface.formula())
                    .put("left", surface.left())
                    .put("bottom", surface.bottom())
                    .put("side", surface.side())
                    .put("columns", surface.columns())
                    .put("lines", surface.lines())
                    .put("relief", surface.relief());
            OptimizerPath.OPTIMIZERS.forEach(optimizer -> {
                OptimizerPath path = OptimizerPath.best(optimizer, surface);
                log.accept(path.summary(surface));
                node.withArray("paths").add(mapper.<ObjectNode>valueToTree(path));
            });
        }
    }

    private void signals(Consumer<String> log) {
        log.accept("");
        log.accept("activation initializer    deviation in layers 1 and 10, saturated, gradient in layers 1 and 10");
        ArrayNode all = json.putArray("signals");
        for (DeepSignal signal : DeepSignal.all(gemm, key.fold(3))) {
            log.accept(signal.summary());
            all.add(mapper.<ObjectNode>valueToTree(signal));
        }
    }

    private void race(LongSupplier nanoseconds, Consumer<String> log) {
        log.accept("");
        log.accept("method                passes/step   steps  passes        ms     loss  below 0.1");
        ArrayNode all = json.putArray("race");
        for (GradientRace.Runner runner : GradientRace.run(gemm, key.fold(4), nanoseconds)) {
            log.accept(runner.summary());
            all.add(mapper.<ObjectNode>valueToTree(runner));
        }
    }

    /** The page's data. */
    ObjectNode json() {
        return json;
    }

    /** The page, which needs no network. */
    public String page() {
        return ReportPage.styled(Demo.class, "demo", "What training does – Kindling", json);
    }
}
