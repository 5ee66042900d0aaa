package dev.kindling.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Block;
import dev.kindling.spec.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Numeric
class UpdateRuleTest {
    /** Two weights and a bias. */
    private static final List<Block> LAYOUT = List.of(
            new Block("dense1.weight", Block.Role.WEIGHT, 0, 2, 1), new Block("dense1.bias", Block.Role.BIAS, 2, 1, 1));

    private static final Optimizer SGD = new FirstOrder.Sgd();
    private static final Horizon HUNDRED = new Horizon(10, 100);
    private static final Schedule CONSTANT = new Schedule.Constant();

    /** Takes one step and returns the norm. */
    private static double apply(UpdateRule rule, double weight, long step, float[] parameters, float... gradient) {
        return rule.apply(
                LAYOUT,
                weight,
                rule.rate(step, HUNDRED),
                step,
                HUNDRED,
                parameters,
                gradient,
                new Slots(rule.optimizer(), parameters.length));
    }

    @Test
    void meanThenPenaltyOnWeightsThenClipThenStep() {
        float[] parameters = {2f, -4f, 1f};
        UpdateRule rule = new UpdateRule(SGD, 0.5, CONSTANT, new Penalty(0.25, 0.5), new Clip.GlobalNorm(2.5), 0);

        double norm = apply(rule, 4, 0, parameters, 7f, 9f, 16f);

        // sums (7, 9, 16) / 4 = (1.75, 2.25, 4); + 0.5 w + 0.25 sign(w) = (3, 0, 4), of norm 5;
        // clipped to 2.5: (1.5, 0, 2); times the rate: (0.75, 0, 1)
        assertThat(norm).as("before clipping").isEqualTo(5);
        assertThat(parameters).containsExactly(1.25f, -4f, 0f);
    }

    @Test
    void aNormWithinTheBoundLeavesTheGradientToTheBit() {
        float[] clipped = {2f, -4f, 1f};
        float[] free = clipped.clone();
        double norm = apply(
                new UpdateRule(SGD, 0.1, CONSTANT, Penalty.NONE, new Clip.GlobalNorm(5), 0),
                1,
                0,
                clipped,
                3f,
                0f,
                -4f);
        assertThat(norm).isEqualTo(5);
        assertThat(apply(new UpdateRule(SGD, 0.1), 1, 0, free, 3f, 0f, -4f)).isEqualTo(5);
        assertThat(clipped).containsExactly(free);
    }

    @Test
    void clippingKeepsTheDirection() {
        float[] gradient = {30f, -40f, 120f};
        new Clip.GlobalNorm(6.5).apply(130, gradient);
        assertThat(gradient).containsExactly(new float[] {1.5f, -2f, 6f}, within(1e-6f));
    }

    @Test
    void theNormOfADivergedGradientSaysSo() {
        UpdateRule rule = new UpdateRule(SGD, 0.1, CONSTANT, Penalty.NONE, new Clip.GlobalNorm(1), 0);
        assertThat(apply(rule, 1, 0, new float[3], 1f, Float.NaN, 0f)).isNaN();
        assertThat(apply(rule, 1, 0, new float[3], 1f, Float.POSITIVE_INFINITY, 0f))
                .isInfinite();
    }

    @Test
    void theNormOfLargeValuesDoesNotOverflow() {
        float[] parameters = new float[3];
        UpdateRule rule = new UpdateRule(SGD, 1, CONSTANT, Penalty.NONE, new Clip.GlobalNorm(5), 0);
        assertThat(apply(rule, 1, 0, parameters, 3e30f, 4e30f, 0f)).isCloseTo(5e30, within(1e24));
        assertThat(parameters).containsExactly(new float[] {-3f, -4f, 0f}, within(1e-5f));
    }

    @Test
    void thePenaltySparesBiasesAndZeroWeights() {
        float[] gradient = {0f, 0f, 0f};
        new Penalty(0.25, 0.5).accumulate(LAYOUT, new float[] {0f, -3f, 8f}, gradient);
        assertThat(gradient).containsExactly(0f, -1.75f, 0f);
    }

    @Test
    void thePenaltyIsRescaledByAdamRatherThanDecoupled() {
        // Adam's first step is the rate in the direction of the gradient, whatever its size: here the penalty's alone
        float[] parameters = {2f, -4f, 1f};
        UpdateRule rule =
                new UpdateRule(new FirstOrder.Adam(), 0.01, CONSTANT, new Penalty(0, 1e-3), new Clip.None(), 0);
        apply(rule, 1, 0, parameters, 0f, 0f, 0f);
        assertThat(parameters).containsExactly(new float[] {1.99f, -3.99f, 1f}, within(1e-6f));
    }

    @Test
    void adamLeavesAParameterThatNeverHadAGradient() {
        float[] parameters = {2f, -4f, 1f};
        UpdateRule rule = new UpdateRule(new FirstOrder.Adam(0.9, 0.999, Float.MIN_VALUE), 0.01);
        apply(rule, 1, 0, parameters, 0f, 0f, 3f);
        assertThat(parameters[0]).isEqualTo(2f);
        assertThat(parameters[1]).isEqualTo(-4f);
        assertThat(parameters[2]).isCloseTo(0.99f, within(1e-6f));
    }

    @Test
    void theRateIsTheLearningRateTimesTheScheduleOfThisStep() {
        UpdateRule rule = new UpdateRule(
                SGD,
                0.5,
                new Schedule.Warmup(new Span.Steps(4), new Schedule.Cosine()),
                Penalty.NONE,
                new Clip.None(),
                0);
        assertThat(rule.rate(0, HUNDRED)).isEqualTo(0.125);
        assertThat(rule.rate(3, HUNDRED)).isEqualTo(0.5);
        assertThat(rule.rate(52, HUNDRED)).as("half way down").isCloseTo(0.25, within(1e-12));
        assertThat(rule.rate(100, HUNDRED)).isZero();
        float[] parameters = new float[3];
        apply(rule, 2, 1, parameters, 2f, 4f, -8f);
        assertThat(parameters).containsExactly(-0.25f, -0.5f, 1f);
    }

    @Test
    void momentumRemembersAcrossSteps() {
        UpdateRule rule = new UpdateRule(new FirstOrder.Momentum(0.5), 1);
        float[] parameters = new float[3];
        Slots slots = new Slots(rule.optimizer(), 3);
        rule.apply(LAYOUT, 1, 1, 0, HUNDRED, parameters, new float[] {1f, 0f, 4f}, slots);
        rule.apply(LAYOUT, 1, 1, 1, HUNDRED, parameters, new float[] {1f, 2f, 0f}, slots);
        assertThat(slots.names()).containsExactly("v");
        assertThat(slots.vector(0)).containsExactly(1.5f, 2f, 2f);
        assertThat(parameters).containsExactly(-2.5f, -2f, -6f);
    }

    @Test
    void elasticNetSplitsAsSparkDoes() {
        assertThat(Penalty.elasticNet(0.5, 0.25)).isEqualTo(new Penalty(0.125, 0.375));
        assertThat(Penalty.elasticNet(0.5, 0)).isEqualTo(new Penalty(0, 0.5));
        assertThat(Penalty.elasticNet(0.5, 1)).isEqualTo(new Penalty(0.5, 0));
        assertThatThrownBy(() -> Penalty.elasticNet(0.1, 1.5))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("elasticNetParam")
                .hasMessageContaining("1.5");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void penaltiesThatCannotBeAreRefused(double value) {
        assertThatThrownBy(() -> new Penalty(value, 0))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the l1 penalty must be non-negative and finite, but is " + value);
        assertThatThrownBy(() -> new Penalty(0, value))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the l2 penalty must be non-negative and finite, but is " + value);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 'positive, but is 0'",
        "-0.5, 'positive, but is -0.5'",
        "NaN, 'a finite number, but is NaN'",
        "Infinity, 'a finite number, but is Infinity'",
    })
    void learningRatesThatCannotBeAreRefused(double rate, String why) {
        assertThatThrownBy(() -> new UpdateRule(SGD, rate))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the learning rate must be " + why);
    }

    @Test
    void itPrintsAsItsSpecs() {
        assertThat(new UpdateRule(new FirstOrder.Momentum(), 0.01)).hasToString("momentum at 0.01 × constant");
    }

    @Test
    void theDecoupledDecayActsOnWeightsBeforeTheStep() {
        float[] parameters = {2f, -4f, 1f};
        UpdateRule rule = new UpdateRule(new FirstOrder.Lion(0.9, 0.99, 0.5), 0.5);
        apply(rule, 1, 0, parameters, 3f, 0f, -2f);
        // weights times 1 - 0.5·0.5, then a step of 0.5 against the sign
        assertThat(parameters).containsExactly(1f, -3f, 1.5f);
    }

    @Test
    void theBoundOnNormsActsOnEachUnitsWeightsAfterTheStep() {
        List<Block> layout = List.of(
                new Block("dense1.weight", Block.Role.WEIGHT, 0, 2, 2),
                new Block("dense1.bias", Block.Role.BIAS, 4, 1, 2));
        UpdateRule rule = new UpdateRule(SGD, 1, CONSTANT, Penalty.NONE, new Clip.None(), 2.5);
        float[] parameters = {0f, 1f, 0f, 2f, 7f, 8f};
        rule.apply(layout, 1, 1, 0, HUNDRED, parameters, new float[] {-3f, 0f, -4f, 0f, 0f, 0f}, new Slots(SGD, 6));
        // unit 0 has come to (3, 4), of norm 5; unit 1, (1, 2), is shorter than the bound
        assertThat(parameters).containsExactly(1.5f, 1f, 2f, 2f, 7f, 8f);
    }

    @Test
    void unitsAreBoundedWhereverTheirBlockLies() {
        List<Block> layout = List.of(
                new Block("dense1.bias", Block.Role.BIAS, 0, 1, 1),
                new Block("dense1.weight", Block.Role.WEIGHT, 1, 3, 2),
                new Block("prelu1.slope", Block.Role.GAIN, 7, 1, 1));
        float[] parameters = {90f, 2f, 1f, 4f, 2f, 4f, 2f, 80f};
        new UpdateRule(SGD, 1, CONSTANT, Penalty.NONE, new Clip.None(), 3)
                .apply(layout, 1, 1, 0, HUNDRED, parameters, new float[8], new Slots(SGD, 8));
        // columns (2, 4, 4), of norm 6, and (1, 2, 2), of norm 3: not above the bound, and so the same bits
        assertThat(parameters).containsExactly(90f, 1f, 1f, 2f, 2f, 2f, 2f, 80f);
    }

    @Test
    void valuesAreClippedAfterThePenaltyAndDecayedWeightsAreStepped() {
        List<Block> layout = List.of(
                new Block("dense1.weight", Block.Role.WEIGHT, 0, 2, 1),
                new Block("dense1.bias", Block.Role.BIAS, 2, 1, 1),
                new Block("batchNorm1.mean", Block.Role.STATISTIC, 3, 1, 1));
        UpdateRule rule = new UpdateRule(
                new FirstOrder.Adamw(0, 0, 1e-30, 0.5), 0.5, CONSTANT, new Penalty(0, 1), new Clip.Value(2), 4);
        float[] parameters = {8f, 4f, 8f, 8f};
        double norm = rule.apply(
                layout, 2, 0.5, 0, HUNDRED, parameters, new float[] {-4f, 4f, 4f, 6f}, new Slots(rule.optimizer(), 4));

        // means (-2, 2, 2 | 3): the statistic is 8 - 3. + w: (6, 6, 2), of norm √76; clipped (2, 2, 2).
        // Without memory Adam steps by the sign: (8, 4)·(1 - 0.5·0.5) = (6, 3), less 0.5: (5.5, 2.5); 8 - 0.5.
        // The bound of 4 then scales the unit's (5.5, 2.5)
        assertThat(norm).isCloseTo(Math.sqrt(76), within(1e-6));
        double scale = 4 / Math.hypot(5.5, 2.5);
        assertThat(parameters)
                .containsExactly(new float[] {(float) (5.5 * scale), (float) (2.5 * scale), 7.5f, 5f}, within(1e-6f));
    }

    /** Weights may decay; what has neither gradient nor state must else stay to the bit. */
    @Test
    void withoutGradientOrStateNoOptimizerMovesAnythingButDecayingWeights() {
        List<Block> layout = List.of(
                new Block("dense1.weight", Block.Role.WEIGHT, 0, 2, 1),
                new Block("dense1.bias", Block.Role.BIAS, 2, 1, 1),
                new Block("batchNorm1.gain", Block.Role.GAIN, 3, 1, 1),
                new Block("batchNorm1.mean", Block.Role.STATISTIC, 4, 1, 1));
        for (String name : Spec.names(FirstOrder.class)) {
            FirstOrder optimizer = Spec.parse(FirstOrder.class, name);
            Slots slots = new Slots(optimizer, 5);
            float[] parameters = {0.1f, -0f, 1e-30f, 3e30f, -0.3f};
            float[] before = parameters.clone();
            for (long step : new long[] {0, 1, 1_000_000, Long.MAX_VALUE - 1}) {
                optimizer.step(0.1, step, layout, parameters, new float[5], slots);
            }
            boolean decays = name.equals("lamb"); // inside of its step; others leave the decay to the rule
            for (int i = decays ? 2 : 0; i < 5; i++) {
                assertThat(Float.floatToRawIntBits(parameters[i]))
                        .as("%s, parameter %d", name, i)
                        .isEqualTo(Float.floatToRawIntBits(before[i]));
            }
            if (decays) {
                assertThat(parameters[0]).isPositive().isLessThan(before[0]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            floats = {
                0f,
                -0f,
                Float.MIN_VALUE,
                Float.MIN_NORMAL,
                1e-20f,
                0.5f,
                1f,
                3e30f,
                Float.MAX_VALUE,
                Float.POSITIVE_INFINITY,
                Float.NaN
            })
    void theSignIsSignumToTheBit(float x) {
        assertThat(Float.floatToIntBits(Sign.of(x))).isEqualTo(Float.floatToIntBits(Math.signum(x)));
        assertThat(Float.floatToIntBits(Sign.of(-x))).isEqualTo(Float.floatToIntBits(Math.signum(-x)));
    }

    @Test
    void valuesAreClippedOneByOne() {
        float[] gradient = {3f, -0.25f, -7f};
        new Clip.Value(0.5).apply(100, gradient);
        assertThat(gradient).containsExactly(0.5f, -0.25f, -0.5f);
    }

    @Test
    void statisticsTakeTheirNewValueAndNothingElseTouchesThem() {
        List<Block> layout = List.of(
                new Block("dense1.weight", Block.Role.WEIGHT, 0, 1, 1),
                new Block("batchNorm1.mean", Block.Role.STATISTIC, 1, 1, 2));
        for (String name : Spec.names(FirstOrder.class)) {
            FirstOrder optimizer = Spec.parse(FirstOrder.class, name);
            UpdateRule rule = new UpdateRule(optimizer, 0.1, CONSTANT, new Penalty(1, 1), new Clip.Value(0.1), 0.1);
            Slots slots = new Slots(optimizer, 3);
            float[] parameters = {1f, 5f, -8f};
            for (int step = 0; step < 3; step++) {
                double norm = rule.apply(
                        layout, 2, 0.1, step, HUNDRED, parameters, new float[] {0f, 2f * (step + 1), -2f}, slots);
                assertThat(norm).as("%s: without the statistics", name).isLessThan(3);
            }
            assertThat(parameters[1]).as(name).isEqualTo(5f - 1f - 2f - 3f);
            assertThat(parameters[2]).as(name).isEqualTo(-5f);
        }
    }

    /** As PyTorch's ReduceLROnPlateau(mode="max", factor=0.5, patience=0, threshold=0.1): 0.5, 0.54, 0.56, 0.6, 0.7. */
    @Test
    void aPlateauThatSeesAMetricsNegativeWaitsForItToRise() {
        Plateau plateau = new Plateau.Reduce(0.5, 0, 0.1, 0, 0);
        Plateau.State state = new Plateau.State();
        double[] metric = {0.5, 0.54, 0.56, 0.6, 0.7};
        double[] factors = {1, 0.5, 0.5, 0.25, 0.25};
        for (int i = 0; i < metric.length; i++) {
            plateau.observe(-metric[i], state);
            assertThat(state.factor).as("after %s", metric[i]).isEqualTo(factors[i]);
        }
    }

    @Test
    void aPlateauForgetsALossThatIsNoNumber() {
        Plateau plateau = new Plateau.Reduce(0.5, 1, 1, 0, 0);
        Plateau.State state = new Plateau.State();
        plateau.observe(Double.NaN, state);
        assertThat(state.best).isInfinite();
        plateau.observe(3, state);
        assertThat(state.best).isEqualTo(3);
        assertThat(state.epochs).isZero();
        assertThat(state.factor).isEqualTo(1);
    }

    @Test
    void weightsThatAreZeroStillMoveUnderTrustRatios() {
        for (FirstOrder optimizer : List.of(new FirstOrder.Lamb(), new FirstOrder.Lars())) {
            float[] parameters = new float[3];
            apply(new UpdateRule(optimizer, 0.5), 1, 0, parameters, 1f, 1f, 1f);
            assertThat(parameters)
                    .as("%s", optimizer)
                    .containsExactly(new float[] {-0.5f, -0.5f, -0.5f}, within(1e-5f));
        }
    }

    @Test
    void aRestartBeginsAtItsStepWhereTheLogarithmFallsShort() {
        // log 9^5 / log 9 is a little less than 5
        Schedule growing = Spec.parse(Schedule.class, "cosineRestarts(steps(1), growth=9)");
        assertThat(growing.at(7381, HUNDRED)).isEqualTo(1);
    }

    @Test
    void largerBatchesTakeProportionallyLargerRates() {
        assertThat(UpdateRule.scaledRate(0.1, 1024, 256)).isEqualTo(0.4);
        assertThatThrownBy(() -> UpdateRule.scaledRate(0.1, 0, 256))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the batch size must be positive, but is 0");
        assertThatThrownBy(() -> UpdateRule.scaledRate(0.1, 256, -1))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the reference batch size must be positive, but is -1");
    }

    @Test
    void thePenaltysValueIsWhatItsGradientIsOf() {
        float[] parameters = {2f, -4f, 1f};
        assertThat(new Penalty(0.25, 0.5).of(LAYOUT, parameters)).isEqualTo(0.25 * 6 + 0.25 * 20);
    }
}
