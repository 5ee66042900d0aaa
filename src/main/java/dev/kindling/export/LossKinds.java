package dev.kindling.export;

import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.spec.Spec;
import java.util.Map;
import java.util.function.Function;

/** Which nodes each loss has. */
final class LossKinds {
    private static final Map<Class<?>, Function<Loss, LossNodes>> ALL = Map.ofEntries(
            Map.entry(Loss.SoftmaxCrossEntropy.class, loss -> new LossNodes.Softmax()),
            Map.entry(Loss.MulticlassHinge.class, loss -> new LossNodes.Softmax()),
            Map.entry(Loss.Focal.class, loss -> new LossNodes.Softmax()),
            Map.entry(Loss.SigmoidCrossEntropy.class, loss -> new LossNodes.Odds()),
            Map.entry(ValueLoss.SquaredError.class, loss -> new LossNodes.Linear()),
            Map.entry(ValueLoss.AbsoluteError.class, loss -> new LossNodes.Linear()),
            Map.entry(ValueLoss.Huber.class, loss -> new LossNodes.Linear()),
            Map.entry(ValueLoss.Quantile.class, loss -> new LossNodes.Linear()),
            Map.entry(ValueLoss.Poisson.class, loss -> new LossNodes.Exponential(0)),
            Map.entry(ValueLoss.SquaredLogError.class, loss -> new LossNodes.Exponential(1)),
            Map.entry(ValueLoss.Standardized.class, loss -> new LossNodes.Scaled((ValueLoss.Standardized) loss)));

    private LossKinds() {}

    static LossNodes of(Loss loss) {
        Function<Loss, LossNodes> nodes = ALL.get(loss.getClass());
        if (nodes == null) {
            throw new IllegalStateException("the export to ONNX does not know " + Spec.name(loss));
        }
        return nodes.apply(loss);
    }
}
