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
 * Four lessons as one HTML page: how decision boundaries form, how optimizers descend, what first weights do to a deep
 * network, what a gradient costs.
 */
public final class Demo {
    private final ObjectMapper mapper = new ObjectMapper();
    private final ObjectNode json = mapper.createObjectNode();
    private final RandomKey key;
    private final Gemm gemm = Gemm.named("java");

    private Demo(long seed) {
        this.key = RandomKey.of(seed);
        json.put("seed", Long.toString(seed)); // a number of JavaScript has 53 bits
    }

    /**
     * Computes all of it, in some seconds.
     *
     * @param seed of data, weights and random search: the same seed gives the same page but for what the clock says
     * @param nanoseconds a clock, as {@link System#nanoTime}
     * @param account told line by line what came of each lesson, as it ends
     */
    public static Demo of(long seed, LongSupplier nanoseconds, Consumer<String> account) {
        Demo demo = new Demo(seed);
        demo.boundaries(account);
        demo.descents(account);
        demo.signals(account);
        demo.race(nanoseconds, account);
        return demo;
    }

    private void boundaries(Consumer<String> account) {
        account.accept("data       steps     loss  accuracy  on fresh points, and the network");
        ArrayNode all = json.putArray("boundaries");
        for (Boundary boundary : Boundary.all(gemm, key.fold(1))) {
            account.accept(boundary.account());
            all.add(mapper.<ObjectNode>valueToTree(boundary));
        }
    }

    private void descents(Consumer<String> account) {
        account.accept("");
        account.accept("surface      optimizer   rate  steps              ends at     height");
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
                OptimizerPath descent = OptimizerPath.best(optimizer, surface);
                account.accept(descent.account(surface));
                node.withArray("paths").add(mapper.<ObjectNode>valueToTree(descent));
            });
        }
    }

    private void signals(Consumer<String> account) {
        account.accept("");
        account.accept(
                "function   first weights  deviation in layers 1 and 10, at the edge, gradient in layers 1 and 10");
        ArrayNode all = json.putArray("signals");
        for (DeepSignal signal : DeepSignal.all(gemm, key.fold(3))) {
            account.accept(signal.account());
            all.add(mapper.<ObjectNode>valueToTree(signal));
        }
    }

    private void race(LongSupplier nanoseconds, Consumer<String> account) {
        account.accept("");
        account.accept("to a gradient         passes/step   steps  passes        ms     loss  below 0.1");
        ArrayNode all = json.putArray("race");
        for (GradientRace.Runner runner : GradientRace.run(gemm, key.fold(4), nanoseconds)) {
            account.accept(runner.account());
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
