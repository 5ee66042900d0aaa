package dev.kindling.nn;

import static dev.kindling.GoldenFile.doubles;
import static dev.kindling.GoldenFile.floats;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import java.util.Arrays;

/** Outputs, the gradient and some steps of a network against those that PyTorch wrote into a golden file, in float64. */
final class GoldenSteps {
    private final double tolerance; // of the largest magnitude in the block
    private double worst;
    private String worstCase = "";

    GoldenSteps(double tolerance) {
        this.tolerance = tolerance;
    }

    void printWorst(Class<?> test) {
        System.out.printf("%s, worst relative error: %.1e in %s%n", test.getSimpleName(), worst, worstCase);
    }

    /** Compares all of them, and returns the gradient at the first parameters. */
    float[] compare(String name, String gemm, Network network, Rows rows, JsonNode golden, double rate) {
        Batch batch = new Batch(rows, floats(golden.get("targets")), 0, floats(golden.get("weights")), 0);
        Loss loss = Spec.parse(Loss.class, golden.get("loss").asText());
        Workspace workspace = network.workspace(Gemm.named(gemm), rows.rows());
        float[] parameters = floats(golden.get("parameters"));
        assertThat(parameters).hasSize(network.parameterCount());

        float[] gradient = new float[parameters.length];
        double sum = network.accumulate(parameters, batch, loss, RandomKey.of(0), workspace, gradient);

        float[] logits = Arrays.copyOf(workspace.logits(), rows.rows() * network.outputs());
        near(name + ": logits", doubles(golden.get("logits")), logits, 0, logits.length);
        near(name + ": loss", new double[] {golden.get("lossSum").asDouble()}, new float[] {(float) sum}, 0, 1);
        nearBlocks(name + ": gradient of ", network, doubles(golden.get("gradient")), gradient);
        float[] first = gradient.clone();

        Optimizer optimizer =
                Spec.parse(Optimizer.class, golden.get("optimizer").asText());
        UpdateRule rule = new UpdateRule(optimizer, rate);
        Slots slots = new Slots(optimizer, parameters.length);
        double[] losses = doubles(golden.get("losses"));
        float[] means = new float[losses.length];
        Horizon horizon = new Horizon(1, losses.length);
        for (int step = 0; step < losses.length; step++) {
            Arrays.fill(gradient, 0f);
            means[step] = (float) (network.accumulate(parameters, batch, loss, RandomKey.of(step), workspace, gradient)
                    / batch.weight());
            rule.apply(
                    network.layout(),
                    batch.weight(),
                    rule.rate(step, horizon),
                    step,
                    horizon,
                    parameters,
                    gradient,
                    slots);
        }
        near(name + ": losses", losses, means, 0, losses.length);
        nearBlocks(name + ": after the steps ", network, doubles(golden.get("parametersAfter")), parameters);
        return first;
    }

    private void nearBlocks(String name, Network network, double[] expected, float[] actual) {
        for (Block block : network.layout()) {
            if (block.role() != Block.Role.STATISTIC) {
                near(name + block.name(), expected, actual, block.offset(), block.size());
            }
        }
    }

    private void near(String name, double[] expected, float[] actual, int offset, int size) {
        double unit = 0;
        double error = 0;
        for (int i = offset; i < offset + size; i++) {
            assertThat(actual[i]).as(name).isFinite();
            unit = Math.max(unit, Math.abs(expected[i]));
            error = Math.max(error, Math.abs(expected[i] - actual[i]));
        }
        assertThat(error / unit).as(name).isLessThan(tolerance);
        if (error / unit > worst) {
            worst = error / unit;
            worstCase = name;
        }
    }
}
