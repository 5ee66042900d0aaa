package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Numeric;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Numeric
final class RequireTest {
    private static final List<String> OPTIMIZERS = List.of("sgd", "adam", "adamw", "adamax", "rmsprop", "lion");

    @Test
    void goodValuesComeBack() {
        assertThat(Require.positive(1, "x")).isEqualTo(1);
        assertThat(Require.positive(1L << 40, "x")).isEqualTo(1L << 40);
        assertThat(Require.positive(Double.MIN_VALUE, "x")).isEqualTo(Double.MIN_VALUE);
        assertThat(Require.nonNegative(0, "x")).isZero();
        assertThat(Require.nonNegative(0L, "x")).isZero();
        assertThat(Require.nonNegative(0.0, "x")).isZero();
        assertThat(Require.finite(-Double.MAX_VALUE, "x")).isEqualTo(-Double.MAX_VALUE);
        assertThat(Require.inRange(2, 2, 3, "x")).isEqualTo(2);
        assertThat(Require.inRange(3, 2, 3, "x")).isEqualTo(3);
        assertThat(Require.fraction(0, "x")).isZero();
        assertThat(Require.fraction(Math.nextDown(1.0), "x")).isLessThan(1);
        assertThat(Require.oneOf("adam", OPTIMIZERS, "optimizer")).isEqualTo("adam");
        Require.that(true, "never seen");
    }

    @Test
    void refusalsSayWhatMustHoldAndWhatCame() {
        refuses(() -> Require.positive(-3, "batch size"), "batch size must be positive, but is -3");
        refuses(() -> Require.positive(0L, "rows"), "rows must be positive, but is 0");
        refuses(() -> Require.positive(-0.5, "rate"), "rate must be positive, but is -0.5");
        refuses(() -> Require.positive(-0.0, "rate"), "rate must be positive, but is 0");
        refuses(
                () -> Require.positive(Double.POSITIVE_INFINITY, "rate"),
                "rate must be a finite number, but is Infinity");
        refuses(() -> Require.nonNegative(-1, "seed"), "seed must not be negative, but is -1");
        refuses(() -> Require.nonNegative(-1L, "step"), "step must not be negative, but is -1");
        refuses(() -> Require.nonNegative(-1e-9, "decay"), "decay must not be negative, but is -1.0E-9");
        refuses(() -> Require.nonNegative(Double.NaN, "decay"), "decay must be a finite number, but is NaN");
        refuses(() -> Require.finite(Double.NaN, "label"), "label must be a finite number, but is NaN");
        refuses(() -> Require.inRange(1.5, 0, 1, "mix"), "mix must be between 0 and 1, but is 1.5");
        refuses(() -> Require.inRange(Double.NaN, 0, 1, "mix"), "mix must be between 0 and 1, but is NaN");
        refuses(() -> Require.fraction(1, "dropout"), "dropout must be at least 0 and less than 1, but is 1");
        refuses(
                () -> Require.fraction(Double.NaN, "dropout"),
                "dropout must be at least 0 and less than 1, but is NaN");
        refuses(() -> Require.that(false, "the whole sentence"), "the whole sentence");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnesAndTheNearest() {
        refuses(
                () -> Require.oneOf("admaw", OPTIMIZERS, "optimizer"),
                "optimizer must be one of sgd, adam, adamw, adamax, rmsprop, lion, but is \"admaw\"; did you mean adamw?");
        refuses(
                () -> Require.oneOf("newton", OPTIMIZERS, "optimizer"),
                "optimizer must be one of sgd, adam, adamw, adamax, rmsprop, lion, but is \"newton\"");
    }

    @ParameterizedTest
    @CsvSource({"ADAM, adam", "adma, adam", "adm, adam", "rms-prop, rmsprop", "sdg, sgd", "lin, lion", "adammax, adamax"
    })
    void aSlipFindsItsName(String slip, String name) {
        assertThat(Require.nearest(slip, OPTIMIZERS)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "cosine", "momentum", "leon-adamw"})
    void whatIsFarFindsNone(String name) {
        assertThat(Require.nearest(name, OPTIMIZERS)).isEmpty();
    }

    @Test
    void theFewestEditsWin() {
        assertThat(Require.nearest("adamv", List.of("adam", "adamw", "adamv2", "ADAMV")))
                .contains("ADAMV");
        assertThat(Require.nearest("a", List.of("b", "A"))).contains("A");
        assertThat(Require.nearest("a", List.of("b"))).isEmpty();
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(InvalidInput.class).hasMessage(message);
    }
}
