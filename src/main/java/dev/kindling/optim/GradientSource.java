package dev.kindling.optim;

import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Block;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import java.io.Serializable;

/** How the gradient of a batch's loss is computed. */
public sealed interface GradientSource extends Serializable {

    /** Like {@link Network#accumulate}, with the gradient computed in this way. */
    double accumulate(
            Network network,
            float[] parameters,
            Batch batch,
            Loss loss,
            RandomKey key,
            Workspace workspace,
            float[] gradient);

    /** The chain rule, which training uses. */
    record Backpropagation() implements GradientSource {
        @Override
        public double accumulate(
                Network network,
                float[] parameters,
                Batch batch,
                Loss loss,
                RandomKey key,
                Workspace workspace,
                float[] gradient) {
            return network.accumulate(parameters, batch, loss, key, workspace, gradient);
        }
    }

    /**
     * {@code (L(θ + h·eᵢ) - L(θ - h·eᵢ)) / 2h} for each parameter: two passes per parameter, for checks and teaching.
     * In float32 the difference has about three digits. If the loss has a kink within h, the result lies between the
     * two slopes.
     *
     * @param step h
     */
    record CentralDifferences(double step) implements GradientSource {
        public CentralDifferences {
            Require.positive((float) step, "the step of centralDifferences, as a float32,");
        }

        public CentralDifferences() {
            this(0x1p-8); // near the cube root of float32's precision: rounding error and curvature balance
        }

        @Override
        public double accumulate(
                Network network,
                float[] parameters,
                Batch batch,
                Loss loss,
                RandomKey key,
                Workspace workspace,
                float[] gradient) {
            float[] moved = parameters.clone();
            for (Block block : network.layout()) {
                if (block.role() == Block.Role.STATISTIC) {
                    continue;
                }
                for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                    moved[i] = parameters[i] + (float) step;
                    double above = network.trainingLoss(moved, batch, loss, key, workspace);
                    double width = moved[i];
                    moved[i] = parameters[i] - (float) step;
                    width -= moved[i];
                    double below = network.trainingLoss(moved, batch, loss, key, workspace);
                    moved[i] = parameters[i];
                    gradient[i] += (float) ((above - below) / width);
                }
            }
            float[] statistics = new float[gradient.length];
            double sum = network.accumulate(parameters, batch, loss, key, workspace, statistics);
            for (Block block : network.layout()) {
                for (int i = block.offset();
                        block.role() == Block.Role.STATISTIC && i < block.offset() + block.size();
                        i++) {
                    gradient[i] += statistics[i];
                }
            }
            return sum;
        }
    }
}
