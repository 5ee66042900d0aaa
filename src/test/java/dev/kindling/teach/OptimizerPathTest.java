package dev.kindling.teach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.Numeric;
import dev.kindling.optim.FirstOrder;
import dev.kindling.spec.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The optimizers on the demo's surfaces: where they go, and that it is what the page says of them. */
@Numeric
final class OptimizerPathTest {
    private static final Surface SADDLE = Surface.ALL.get(0);
    private static final Surface RAVINE = Surface.ALL.get(1);
    private static final Surface VALLEY = Surface.ALL.get(2);

    private static OptimizerPath descent(String optimizer, Surface surface) {
        return OptimizerPath.best(Spec.parse(FirstOrder.class, optimizer), surface);
    }

    private static float end(OptimizerPath descent) {
        return descent.heights()[descent.heights().length - 1];
    }

    @Test
    void eachPathAndItsRateAreThoseOfPyTorch() {
        JsonNode paths = PlaneDataTest.golden().get("paths");
        for (Surface surface : Surface.ALL) {
            for (FirstOrder optimizer : OptimizerPath.OPTIMIZERS) {
                JsonNode expected = paths.get(surface.name()).get(Spec.name(optimizer));
                OptimizerPath actual = OptimizerPath.best(optimizer, surface);
                String what = Spec.name(optimizer) + " on " + surface.name();
                assertThat(actual.rate())
                        .as(what)
                        .isEqualTo(expected.get("rate").asDouble());
                JsonNode places = expected.get("places");
                assertThat(places).hasSize(21);
                for (int step = 0; step < places.size(); step++) {
                    double x = places.get(step).get(0).asDouble();
                    double y = places.get(step).get(1).asDouble();
                    assertThat((double) actual.xs()[step])
                            .as(what + ", x at step " + step)
                            .isCloseTo(x, within(2e-4));
                    assertThat((double) actual.ys()[step])
                            .as(what + ", y at step " + step)
                            .isCloseTo(y, within(2e-4));
                }
            }
        }
    }

    @Test
    void slopesAreTheHeightsDerivatives() {
        double h = 1e-5;
        for (Surface surface : Surface.ALL) {
            for (double x = -1.7; x < 2; x += 0.6) {
                for (double y = -1.1; y < 2; y += 0.5) {
                    double byX = (surface.height().applyAsDouble(x + h, y)
                                    - surface.height().applyAsDouble(x - h, y))
                            / (2 * h);
                    double byY = (surface.height().applyAsDouble(x, y + h)
                                    - surface.height().applyAsDouble(x, y - h))
                            / (2 * h);
                    assertThat(surface.slopeX().applyAsDouble(x, y)).isCloseTo(byX, within(1e-5));
                    assertThat(surface.slopeY().applyAsDouble(x, y)).isCloseTo(byY, within(1e-5));
                }
            }
        }
    }

    @Test
    void theReliefIsLowestWhereTheSurfaceIs() {
        for (Surface surface : List.of(RAVINE, VALLEY)) {
            byte[] relief = surface.relief();
            int lowest = 0;
            for (int i = 0; i < relief.length; i++) {
                lowest = Byte.toUnsignedInt(relief[i]) < Byte.toUnsignedInt(relief[lowest]) ? i : lowest;
            }
            double cell = surface.side() / surface.columns();
            double x = surface.left() + cell * (lowest % surface.columns() + 0.5);
            double y = surface.bottom() + cell * (surface.lines() - lowest / surface.columns() - 0.5);
            double best = surface == RAVINE ? 0 : 1;
            assertThat(x).isCloseTo(best, within(0.25)); // the valley's floor is nearly level
            assertThat(y).isCloseTo(best, within(0.25));
        }
    }

    @Test
    void gradientDescentLingersOnTheSaddleAndMethodsThatScaleCoordinatesLeave() {
        assertThat(Math.abs(descent("sgd", SADDLE).ys()[20])).isLessThan(0.1f);
        assertThat(Math.abs(descent("momentum", SADDLE).ys()[20])).isGreaterThan(0.1f);
        for (String optimizer : List.of("adagrad", "rmsprop", "adam")) {
            assertThat(descent(optimizer, SADDLE).ys()[5]).as(optimizer).isGreaterThan(0.5f);
        }
        for (FirstOrder optimizer : OptimizerPath.OPTIMIZERS) {
            assertThat(end(OptimizerPath.best(optimizer, SADDLE))).isCloseTo(-0.25f, within(2e-3f));
        }
    }

    @Test
    void gradientDescentJumpsFromWallToWallOfTheRavine() {
        float[] ys = descent("sgd", RAVINE).ys();
        for (int step = 1; step < 20; step++) {
            assertThat(ys[step] * ys[step - 1]).isNegative();
        }
        float[] beyond =
                OptimizerPath.of(new FirstOrder.Sgd(), 2.0 / 36 * 1.05, RAVINE).heights();
        assertThat(beyond[80]).isGreaterThan(beyond[0]);
    }

    @Test
    void inTheBentValleyMomentumComesFurthestAndAdagradLeastFar() {
        List<String> ranked = OptimizerPath.OPTIMIZERS.stream()
                .sorted((one, other) ->
                        Float.compare(end(OptimizerPath.best(one, VALLEY)), end(OptimizerPath.best(other, VALLEY))))
                .map(Spec::name)
                .toList();
        assertThat(ranked).startsWith("momentum", "nesterov", "adam").endsWith("adagrad");
    }
}
