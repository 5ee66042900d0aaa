package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Numeric;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Numeric
final class ExponentialTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private interface Single {
        float at(float x);
    }

    private interface Reference {
        double at(double x);
    }

    private interface Bulk {
        void apply(int n, float[] in, int inOffset, float[] out, int outOffset);
    }

    private record Function(String name, Single single, Reference reference) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Function> functions() {
        return Stream.of(
                new Function("exp", Exponential::exp, StrictMath::exp),
                new Function("expm1", Exponential::expm1, StrictMath::expm1),
                new Function("sigmoid", Exponential::sigmoid, x -> 1 / (1 + StrictMath.exp(-x))),
                new Function("tanh", Exponential::tanh, StrictMath::tanh),
                new Function(
                        "log1pExp",
                        Exponential::log1pExp,
                        x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)))));
    }

    /** Those that fall and rise. */
    static Stream<Function> unordered() {
        return Stream.of(
                new Function("silu", Exponential::silu, x -> x / (1 + StrictMath.exp(-x))),
                new Function("gelu", Exponential::gelu, x -> x * normal(x)),
                new Function(
                        "geluTanh", Exponential::geluTanh, x -> x / (1 + StrictMath.exp(-2 * geluTanhArgument(x)))),
                new Function("mish", Exponential::mish, x -> x * StrictMath.tanh(softplus(x))));
    }

    static Stream<Function> derivatives() {
        return Stream.of(
                new Function(
                        "siluDerivative", Exponential::siluDerivative, x -> slope(x, 1 / (1 + StrictMath.exp(-x)), 1)),
                new Function(
                        "geluDerivative",
                        Exponential::geluDerivative,
                        x -> normal(x) + x * StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI)),
                new Function(
                        "geluTanhDerivative",
                        Exponential::geluTanhDerivative,
                        x -> slope(
                                x,
                                1 / (1 + StrictMath.exp(-2 * geluTanhArgument(x))),
                                2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x))),
                new Function("mishDerivative", Exponential::mishDerivative, x -> {
                    double t = StrictMath.tanh(softplus(x));
                    return t + x * (1 - t * t) / (1 + StrictMath.exp(-x));
                }));
    }

    /** The derivative of x s(u(x)), where s is the logistic function and {@code inner} is u'(x). */
    private static double slope(double x, double s, double inner) {
        return s + x * s * (1 - s) * inner;
    }

    private static double geluTanhArgument(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    /** The normal distribution function: Laplace's continued fraction far out, a series of positive terms within. */
    private static double normal(double x) {
        double density = StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        if (Math.abs(x) > 3) {
            double fraction = Math.abs(x);
            for (int k = 150; k > 0; k--) {
                fraction = Math.abs(x) + k / fraction;
            }
            return x > 0 ? 1 - density / fraction : density / fraction;
        }
        double term = x;
        double sum = 0;
        for (int k = 3; k < 120; k += 2) {
            sum += term;
            term *= x * x / k;
        }
        return 0.5 + density * sum;
    }

    /** In ascending order: every 997th float there is, and all within 1,000 of where a formula changes. */
    private static final float[] WALK = walk();

    private static float[] walk() {
        List<Integer> places = new ArrayList<>();
        int infinity = place(INFINITY);
        for (long place = -infinity; place <= infinity; place += 997) {
            places.add((int) place);
        }
        double[] seams = {
            0,
            Float.MIN_NORMAL,
            0x1p-24,
            0x1p-12,
            0.5,
            1,
            9.01,
            10,
            12,
            14.2,
            15,
            16.6,
            17.33,
            52.5,
            87.34,
            88.03,
            88.7228,
            103.28,
            103.97,
            104,
            105,
            128,
            210,
            Float.MAX_VALUE
        };
        for (double seam : seams) {
            for (int i = -1000; i <= 1000; i++) {
                int place = Math.min(place((float) seam) + i, infinity);
                places.add(place);
                places.add(-place);
            }
        }
        for (int k = 1; k < 200; k++) { // the half-way points of the range reduction
            for (int i = -5; i <= 5; i++) {
                places.add(place((float) ((k - 0.5) * Math.log(2) / 32)) + i);
                places.add(-place((float) ((k - 0.5) * Math.log(2) / 32)) + i);
                places.add(place((float) ((k - 0.5) * Math.log(2) / 64)) + i); // tanh doubles x first
            }
        }
        int[] ascending =
                places.stream().mapToInt(place -> place).sorted().distinct().toArray();
        float[] walk = new float[ascending.length];
        for (int i = 0; i < walk.length; i++) {
            walk[i] = ascending[i] < 0 ? -Float.intBitsToFloat(-ascending[i]) : Float.intBitsToFloat(ascending[i]);
        }
        return walk;
    }

    /** How many positive floats lie up to this one. */
    private static int place(float positive) {
        return Float.floatToIntBits(positive);
    }

    @ParameterizedTest
    @MethodSource({"functions", "unordered"})
    void errorStaysWithinTheStatedBound(Function function) {
        double worst = 0;
        float worstAt = 0;
        for (float x : WALK) {
            double error = error(function.single.at(x), function.reference.at(x));
            if (!(error <= worst)) {
                worst = error;
                worstAt = x;
            }
        }
        assertThat(worst).as("ulp, worst at %s", worstAt).isLessThanOrEqualTo(Exponential.MAX_ULP);
    }

    @ParameterizedTest
    @MethodSource("derivatives")
    void errorOfDerivativesStaysWithinTheStatedBound(Function function) {
        double worst = 0;
        float worstAt = 0;
        for (float x : WALK) {
            if (Math.abs(x) < 1e6) { // the references take powers of x
                double error = Math.abs(function.single.at(x) - function.reference.at(x));
                if (!(error <= worst)) {
                    worst = error;
                    worstAt = x;
                }
            } else {
                assertThat(function.single.at(x)).as("%s(%s)", function, x).isEqualTo(x > 0 ? 1f : -0f);
            }
        }
        assertThat(worst).as("worst at %s", worstAt).isLessThanOrEqualTo(Exponential.MAX_DERIVATIVE_ERROR);
    }

    private static double error(float result, double exact) {
        float nearest = (float) exact;
        if (Float.isInfinite(nearest) || Float.isInfinite(result)) {
            return nearest == result ? 0 : INFINITY;
        }
        return Math.abs(result - exact) / Math.ulp(nearest);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void largerArgumentNeverGivesASmallerResult(Function function) {
        float previous = Float.NEGATIVE_INFINITY;
        for (float x : WALK) {
            float result = function.single.at(x);
            assertThat(result >= previous).as("%s(%s)", function, x).isTrue();
            previous = result;
        }
    }

    @ParameterizedTest
    @MethodSource({"functions", "unordered", "derivatives"})
    void notANumberStaysNotANumber(Function function) {
        assertThat(function.single.at(Float.NaN)).isNaN();
        assertThat(function.single.at(Float.intBitsToFloat(0xFFC00001))).isNaN();
    }

    @Test
    void endsOfTheRangeAreExact() {
        assertThat(Exponential.exp(-INFINITY)).isEqualTo(0f);
        assertThat(Exponential.exp(INFINITY)).isEqualTo(INFINITY);
        assertThat(Exponential.exp(0)).isEqualTo(1f);
        assertThat(Exponential.exp(-0f)).isEqualTo(1f);
        assertThat(Exponential.exp(88.72283f)).isFinite();
        assertThat(Exponential.exp(88.72284f)).isEqualTo(INFINITY);
        assertThat(Exponential.exp(-103.97208f)).isEqualTo(Float.MIN_VALUE); // subnormal, not flushed
        assertThat(Exponential.exp(-103.972084f)).isEqualTo(0f);

        assertThat(Exponential.expm1(-INFINITY)).isEqualTo(-1f);
        assertThat(Exponential.expm1(INFINITY)).isEqualTo(INFINITY);
        assertThat(Exponential.expm1(0)).isEqualTo(0f);
        assertThat(Exponential.expm1(-Float.MIN_VALUE)).isEqualTo(-Float.MIN_VALUE);

        for (Function function : unordered().toList()) {
            for (float large : new float[] {1e30f, Float.MAX_VALUE, INFINITY}) {
                assertThat(function.single.at(large)).as("%s", function).isEqualTo(large);
                assertThat(function.single.at(-large)).as("%s", function).isEqualTo(-0f);
            }
            assertThat(function.single.at(0)).as("%s", function).isZero();
        }
        for (Function function : derivatives().toList()) {
            assertThat(function.single.at(INFINITY)).as("%s", function).isEqualTo(1f);
            assertThat(function.single.at(-INFINITY) == 0).as("%s", function).isTrue();
        }

        assertThat(Exponential.sigmoid(-INFINITY)).isEqualTo(0f);
        assertThat(Exponential.sigmoid(INFINITY)).isEqualTo(1f);
        assertThat(Exponential.sigmoid(0)).isEqualTo(0.5f);
        assertThat(Exponential.sigmoid(-100)).isPositive();

        assertThat(Exponential.tanh(-INFINITY)).isEqualTo(-1f);
        assertThat(Exponential.tanh(INFINITY)).isEqualTo(1f);
        assertThat(Exponential.tanh(Float.MIN_VALUE)).isEqualTo(Float.MIN_VALUE);
        assertThat(Float.floatToRawIntBits(Exponential.tanh(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));

        assertThat(Exponential.log1pExp(-INFINITY)).isEqualTo(0f);
        assertThat(Exponential.log1pExp(INFINITY)).isEqualTo(INFINITY);
        assertThat(Exponential.log1pExp(1e6f)).isEqualTo(1e6f);
        assertThat(Exponential.log1pExp(-100)).isEqualTo(Exponential.exp(-100));
        assertThat(Exponential.log1pExp(0)).isEqualTo((float) Math.log(2));
    }

    @Test
    void tanhIsOddToTheBit() {
        for (float x : WALK) {
            assertThat(Exponential.tanh(-x) == -Exponential.tanh(x))
                    .as("tanh(%s)", x)
                    .isTrue();
        }
    }

    @Test
    void sigmoidsOfOppositesAddToOne() {
        for (float x : WALK) {
            // Half an ulp of the larger, which is below 1, and at most as much of the smaller.
            double sum = (double) Exponential.sigmoid(x) + Exponential.sigmoid(-x);
            assertThat(Math.abs(sum - 1) <= 0x1.04p-24).as("sigmoid(±%s)", x).isTrue();
        }
    }

    /** Golden: compiled or interpreted, on any CPU. */
    @Test
    void bitsAreThoseOfTheFirstRelease() {
        int hash = 0;
        for (int round = 0; round < 30; round++) { // the first rounds are interpreted, the last compiled
            int once = 1;
            for (int i = 0; i < 4000; i++) {
                float x = (i - 2000) * 0.05123f;
                once = 31 * once + Float.floatToIntBits(Exponential.exp(x));
                once = 31 * once + Float.floatToIntBits(Exponential.sigmoid(x));
                once = 31 * once + Float.floatToIntBits(Exponential.tanh(x / 16));
                once = 31 * once + Float.floatToIntBits(Exponential.log1pExp(x));
            }
            assertThat(round == 0 || once == hash).isTrue();
            hash = once;
        }
        assertThat(hash).isEqualTo(1038530473);
    }

    /** Golden: those that came later. */
    @Test
    void bitsOfLaterFunctionsAreThoseOfTheirFirstRelease() {
        List<Function> later = Stream.concat(
                        Stream.of(new Function("expm1", Exponential::expm1, StrictMath::expm1)),
                        Stream.concat(unordered(), derivatives()))
                .toList();
        int hash = 0;
        for (int round = 0; round < 30; round++) {
            int once = 1;
            for (int i = 0; i < 4000; i++) {
                for (Function function : later) {
                    once = 31 * once + Float.floatToIntBits(function.single.at((i - 2000) * 0.01023f));
                }
            }
            assertThat(round == 0 || once == hash).isTrue();
            hash = once;
        }
        assertThat(hash).isEqualTo(1210888658);
    }

    @Test
    void bulkFormsEqualSingleOnesAlsoInPlace() {
        bulkEqualsSingle(Exponential::exp, Exponential::exp);
        bulkEqualsSingle(Exponential::sigmoid, Exponential::sigmoid);
        bulkEqualsSingle(Exponential::tanh, Exponential::tanh);
    }

    private static void bulkEqualsSingle(Bulk bulk, Single single) {
        float[] in = new float[50];
        float[] expected = new float[50];
        for (int i = 0; i < 50; i++) {
            in[i] = (i - 25) * 0.7f;
            expected[i] = i >= 3 && i < 43 ? single.at(in[i]) : in[i];
        }
        float[] elsewhere = new float[60];
        bulk.apply(40, in, 3, elsewhere, 10);
        for (int i = 0; i < 60; i++) {
            assertThat(elsewhere[i]).isEqualTo(i >= 10 && i < 50 ? expected[i - 7] : 0);
        }
        bulk.apply(40, in, 3, in, 3);
        assertThat(in).containsExactly(expected);
        assertThatThrownBy(() -> bulk.apply(51, in, 0, elsewhere, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bulk.apply(50, in, 0, elsewhere, 11)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bulk.apply(-1, in, 0, elsewhere, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
