package dev.kindling.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Activation;
import dev.kindling.nn.BatchNorm;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.LayerNorm;
import dev.kindling.nn.Loss;
import dev.kindling.nn.Maxout;
import dev.kindling.nn.Prelu;
import dev.kindling.nn.Residual;
import dev.kindling.nn.Spec;
import dev.kindling.nn.Standardize;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The spelling of every family, of {@code nn} as well: it lives here since {@code nn} knows nothing of optimizers. */
class SpecTest {
    private static final List<Class<?>> FAMILIES = List.of(
            Activation.class, Layer.class, Loss.class, Initializer.class, Optimizer.class, Schedule.class, Clip.class);

    /** What may be parsed, with the family it is parsed as. */
    record Member(Class<?> family, Object value) {}

    // Printing and parsing

    @Property(tries = 2000)
    void parsingWhatWasPrintedGivesAnEqualMember(@ForAll("members") Member member) {
        String text = Spec.print(member.value());
        assertThat(Spec.parse(member.family(), text)).as(text).isEqualTo(member.value());
        assertThat(Spec.print(Spec.parse(member.family(), text))).isEqualTo(text);
    }

    @Property(tries = 500)
    void blanksAndCaseDoNotMatter(@ForAll("members") Member member) {
        String text = Spec.print(member.value());
        String loose = " "
                + text.replace("(", "(\t ")
                        .replace("=", " = ")
                        .replace(",", " ,\n")
                        .replace(")", " ) ");
        assertThat(Spec.parse(member.family(), loose)).as(loose).isEqualTo(member.value());
        assertThat(Spec.parse(member.family(), text.toUpperCase(Locale.ROOT))).isEqualTo(member.value());
    }

    @Property(tries = 500)
    void listsOfLayersComeBackWithBlanksOrCommasBetween(@ForAll("layerLists") List<Layer> layers) {
        String text = Spec.printAll(layers);
        assertThat(Spec.parseAll(Layer.class, text)).isEqualTo(layers);
        String commas = String.join(", ", layers.stream().map(Spec::print).toList());
        assertThat(Spec.parseAll(Layer.class, commas)).isEqualTo(layers);
    }

    @Property(tries = 2000)
    void aStringIsParsedOrRefusedAsInvalidInput(@ForAll("strings") String text) {
        for (Class<?> family : FAMILIES) {
            Throwable thrown = catchThrowable(() -> Spec.parse(family, text));
            if (thrown != null) {
                assertThat(thrown).as("\"%s\" as %s", text, family).isInstanceOf(InvalidInput.class);
                assertThat(thrown.getMessage()).isNotBlank();
            }
            thrown = catchThrowable(() -> Spec.parseAll(family, text));
            if (thrown != null) {
                assertThat(thrown).as("\"%s\" as %s", text, family).isInstanceOf(InvalidInput.class);
            }
        }
    }

    @Test
    void thePropertiesKnowEveryMember() {
        for (Class<?> family : FAMILIES) {
            assertThat(arbitraries(family).keySet()).as("%s", family).containsAll(Spec.names(family));
        }
    }

    @Test
    void printingNamesEveryArgumentButTheRequired() {
        assertThat(Spec.print(new Optimizer.Adam())).isEqualTo("adam(beta1=0.9, beta2=0.999, epsilon=1e-8)");
        assertThat(Spec.print(new Optimizer.Sgd())).isEqualTo("sgd");
        assertThat(Spec.print(new Schedule.Warmup(500, new Schedule.Cosine(10_000, 1e-5))))
                .isEqualTo("warmup(500, then=cosine(steps=10000, floor=1e-5))");
        assertThat(Spec.printAll(List.of(new Dense(256), new Activation.Relu(), new Dropout(0.2))))
                .isEqualTo("dense(256, initializer=auto) relu dropout(0.2)");
        assertThat(Spec.print(123456789e-3)).isEqualTo("123456.789");
        assertThat(Spec.print(1e300)).isEqualTo("1e300");
        assertThat(Spec.print(2.0)).isEqualTo("2");
    }

    static Stream<Arguments> shortSpellings() {
        return Stream.of(
                Arguments.of(Optimizer.class, "adam", new Optimizer.Adam(0.9, 0.999, 1e-8)),
                Arguments.of(Optimizer.class, "adam()", new Optimizer.Adam()),
                Arguments.of(Optimizer.class, "Adam(epsilon=.5, beta1=0)", new Optimizer.Adam(0, 0.999, 0.5)),
                Arguments.of(Optimizer.class, "momentum(0.5)", new Optimizer.Momentum(0.5)),
                Arguments.of(Optimizer.class, "nesterov", new Optimizer.Nesterov(0.9)),
                Arguments.of(Layer.class, "dense(units=3)", new Dense(3)),
                Arguments.of(Layer.class, "dense(3, initializer=heNormal)", new Dense(3, new Initializer.HeNormal())),
                Arguments.of(Layer.class, "leakyrelu", new Activation.LeakyRelu(0.01)),
                Arguments.of(Schedule.class, "cosine", new Schedule.Cosine(0, 0)),
                Arguments.of(Schedule.class, "warmup(7)", new Schedule.Warmup(7, new Schedule.Constant())),
                Arguments.of(
                        Schedule.class,
                        "warmup(steps=3, then=warmup(4, then=cosine(floor=0.1)))",
                        new Schedule.Warmup(3, new Schedule.Warmup(4, new Schedule.Cosine(0, 0.1)))),
                Arguments.of(Clip.class, "globalNorm(1)", new Clip.GlobalNorm(1)),
                Arguments.of(Layer.class, "batchNorm", new BatchNorm(0.1, 1e-5)),
                Arguments.of(Layer.class, "layerNorm", new LayerNorm(1e-5)),
                Arguments.of(Layer.class, "prelu", new Prelu(0.25, false)),
                Arguments.of(Layer.class, "prelu(shared=true)", new Prelu(0.25, true)),
                Arguments.of(
                        Layer.class,
                        "residual([dense(3) maxout(2)])",
                        new Residual(List.of(new Dense(3), new Maxout(2)))));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("shortSpellings")
    void whatIsLeftOutHasItsDefault(Class<?> family, String text, Object expected) {
        assertThat(Spec.parse(family, text)).isEqualTo(expected);
    }

    @Test
    void anEmptyListIsNoMembers() {
        assertThat(Spec.parseAll(Layer.class, "")).isEmpty();
        assertThat(Spec.parseAll(Layer.class, " \n")).isEmpty();
    }

    // Refusals

    static Stream<Arguments> refusals() {
        String optimizers = "sgd, momentum, nesterov, adam";
        String adam = "beta1, beta2, epsilon";
        return Stream.of(
                refused(
                        "a wrong name, with the nearest",
                        Optimizer.class,
                        "adma",
                        "optimizer must be one of",
                        "but is \"adma\"",
                        "did you mean adam?",
                        optimizers),
                refused(
                        "a name like none, with what there is",
                        Optimizer.class,
                        "xyz",
                        "optimizer must be one of",
                        "but is \"xyz\"",
                        optimizers),
                refused(
                        "a name of another family",
                        Activation.class,
                        "dense(3)",
                        "activation must be one of",
                        "but is \"dense\"",
                        "relu"),
                refused(
                        "a wrong name inside",
                        Schedule.class,
                        "warmup(5, then=constan)",
                        "schedule must be one of",
                        "but is \"constan\"",
                        "did you mean constant?"),
                refused(
                        "a number for a member",
                        Layer.class,
                        "dense(3, initializer=3)",
                        "initializer must be one of",
                        "but is \"3\"",
                        "heNormal"),
                refused(
                        "an unknown argument",
                        Optimizer.class,
                        "adam(beta=0.9)",
                        "argument of adam must be one of",
                        "but is \"beta\"",
                        "did you mean beta1?",
                        adam),
                refused(
                        "an argument like none",
                        Optimizer.class,
                        "adam(rate=0.9)",
                        "argument of adam must be one of",
                        "but is \"rate\"",
                        adam),
                refused("an argument where none is taken", Optimizer.class, "sgd(0.1)", "sgd takes no arguments"),
                refused(
                        "a named one where none is taken",
                        Layer.class,
                        "relu(slope=0.1)",
                        "relu takes no arguments, but got slope"),
                refused("a missing argument", Layer.class, "dense", "dense needs units", "dense(units="),
                refused("a missing argument in brackets", Layer.class, "dense()", "dense needs units"),
                refused(
                        "a missing one beside a given one",
                        Schedule.class,
                        "warmup(then=constant)",
                        "warmup needs steps"),
                refused(
                        "a second without its name",
                        Optimizer.class,
                        "adam(0.8, 0.9)",
                        "name=value",
                        adam,
                        "character 11"),
                refused(
                        "one given twice",
                        Optimizer.class,
                        "adam(beta1=0.9, BETA1=0.8)",
                        "argument beta1 of adam must be given once"),
                refused(
                        "one given by place and by name",
                        Layer.class,
                        "dense(3, units=4)",
                        "argument units of dense must be given once"),
                refused(
                        "too large",
                        Optimizer.class,
                        "adam(beta1=1.5)",
                        "beta1 must be at least 0 and less than 1, but is 1.5",
                        "(in \"adam(beta1=1.5)\")"),
                refused(
                        "one itself",
                        Optimizer.class,
                        "momentum(1)",
                        "momentum must be at least 0 and less than 1, but is 1"),
                refused(
                        "negative",
                        Optimizer.class,
                        "adam(beta2=-0.1)",
                        "beta2 must be at least 0 and less than 1, but is -0.1"),
                refused(
                        "zero",
                        Optimizer.class,
                        "adam(epsilon=0)",
                        "epsilon, as a float32, must be positive, but is 0"),
                refused(
                        "zero in float32",
                        Optimizer.class,
                        "adam(epsilon=1e-46)",
                        "epsilon, as a float32, must be positive, but is 0",
                        "(in \"adam(epsilon=1e-46)\")"),
                refused(
                        "beyond double",
                        Clip.class,
                        "globalNorm(1e999)",
                        "the norm of globalNorm must be a finite number, but is Infinity"),
                refused(
                        "negative units",
                        Layer.class,
                        "dense(-1)",
                        "units of a dense layer must be positive, but is -1",
                        "(in \"dense(-1)\")"),
                refused("no units", Layer.class, "dense(0)", "must be positive, but is 0"),
                refused(
                        "half a unit",
                        Layer.class,
                        "dense(2.5)",
                        "units of dense must be a whole number, but is \"2.5\""),
                refused(
                        "too many units to count",
                        Layer.class,
                        "dense(99999999999)",
                        "units of dense must be a whole number",
                        "99999999999"),
                refused(
                        "all dropped",
                        Layer.class,
                        "dropout(1)",
                        "dropout rate must be at least 0 and less than 1, but is 1"),
                refused(
                        "a slope upwards",
                        Layer.class,
                        "leakyRelu(2)",
                        "slope of leakyRelu must be between 0 and 1",
                        "but is 2"),
                refused("no steps", Schedule.class, "warmup(0)", "steps of warmup must be positive, but is 0"),
                refused(
                        "negative steps",
                        Schedule.class,
                        "cosine(steps=-1)",
                        "steps of cosine must not be negative, but is -1"),
                refused("a floor above", Schedule.class, "cosine(floor=2)", "floor of cosine", "but is 2"),
                refused(
                        "a range inside",
                        Schedule.class,
                        "warmup(3, then=cosine(floor=2))",
                        "floor of cosine",
                        "(in \"cosine(floor=2)\")"),
                refused(
                        "not a number",
                        Optimizer.class,
                        "adam(beta1=NaN)",
                        "beta1 of adam must be a number, but is \"NaN\""),
                refused(
                        "Java's own numbers",
                        Optimizer.class,
                        "momentum(0x1p-1)",
                        "must be a number, but is \"0x1p-1\""),
                refused("Java's suffixes", Optimizer.class, "momentum(0.5d)", "must be a number, but is \"0.5d\""),
                refused(
                        "a word for a number",
                        Optimizer.class,
                        "adam(beta1=half)",
                        "must be a number, but is \"half\""),
                refused(
                        "a member for a number",
                        Optimizer.class,
                        "adam(beta1=warmup(1))",
                        "must be a number, but is \"warmup\""),
                refused("nothing for a number", Optimizer.class, "adam(beta1=)", "must be a number, but is \"\""),
                refused(
                        "nothing",
                        Optimizer.class,
                        "",
                        "the name of an optimizer, one of " + optimizers,
                        "found nothing"),
                refused("blanks", Optimizer.class, "  ", "the name of an optimizer", "found nothing"),
                refused(
                        "no name",
                        Optimizer.class,
                        "(0.9)",
                        "the name of an optimizer",
                        "character 1",
                        "found \"(0.9)\""),
                refused("no end", Optimizer.class, "adam(beta1=0.9", "a comma or )", "character 15", "found nothing"),
                refused(
                        "a comma and no more",
                        Optimizer.class,
                        "adam(beta1=0.9,)",
                        adam,
                        "character 16",
                        "found \")\""),
                refused(
                        "two brackets",
                        Optimizer.class,
                        "adam(beta1=0.9))",
                        "expected the end at character 16",
                        "found \")\""),
                refused(
                        "text behind",
                        Optimizer.class,
                        "adam and eve",
                        "expected the end at character 6",
                        "found \"and eve\""),
                refused(
                        "two members for one",
                        Optimizer.class,
                        "adam sgd",
                        "expected the end at character 6",
                        "found \"sgd\""),
                refused("no comma", Layer.class, "dense(3 4)", "a comma or ) at character 9", "found \"4)\""),
                refused("too deep", Schedule.class, nested(16), "nest at most 16 deep"),
                refused("far too deep", Schedule.class, "warmup(1, then=".repeat(600), "nest at most 16 deep"),
                refused("too long", Optimizer.class, " ".repeat(10_001), "at most 10000 characters, but has 10001"));
    }

    private static Arguments refused(String what, Class<?> family, String text, String... parts) {
        return Arguments.of(what, family, text, parts);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aBadSpecIsRefusedWithWhatMustHoldAndWhatCame(String what, Class<?> family, String text, String[] parts) {
        assertThatThrownBy(() -> Spec.parse(family, text))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void badListsAreRefused() {
        assertThatThrownBy(() -> Spec.parseAll(Layer.class, "dense(3),"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("another layer after the comma at character 10");
        assertThatThrownBy(() -> Spec.parseAll(Layer.class, "dense(3),,relu"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("the name of a layer")
                .hasMessageContaining("found \",relu\"");
        assertThatThrownBy(() -> Spec.parseAll(Layer.class, "dense(3) )"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("character 10");
        assertThatThrownBy(() -> Spec.parseAll(Layer.class, "dense(3) tanhh dense(2)"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("did you mean tanh?");
    }

    @Test
    void theDeepestNestingThatParsesIsSixteen() {
        assertThat(Spec.print(Spec.parse(Schedule.class, nested(15)))).isEqualTo(nested(15));
    }

    private static String nested(int depth) {
        return "warmup(1, then=".repeat(depth) + "constant" + ")".repeat(depth);
    }

    // Arbitrary members: one row each

    private static Map<String, Arbitrary<?>> arbitraries(Class<?> family) {
        Map<String, Arbitrary<?>> members = new LinkedHashMap<>();
        if (family == Layer.class || family == Activation.class) {
            members.put("identity", Arbitraries.just(new Activation.Identity()));
            members.put("relu", Arbitraries.just(new Activation.Relu()));
            members.put("leakyRelu", range(1, true).map(Activation.LeakyRelu::new));
            members.put("sigmoid", Arbitraries.just(new Activation.Sigmoid()));
            members.put("tanh", Arbitraries.just(new Activation.Tanh()));
        }
        if (family == Layer.class) {
            Arbitrary<Initializer> initializers = Arbitraries.oneOf(
                            List.copyOf(arbitraries(Initializer.class).values()))
                    .map(Initializer.class::cast);
            Arbitrary<Integer> units = Arbitraries.integers().greaterOrEqual(1);
            members.put("dense", Combinators.combine(units, initializers).as(Dense::new));
            members.put("dropout", range(1, false).map(Dropout::new));
            members.put("maxout", Arbitraries.integers().greaterOrEqual(2).map(Maxout::new));
            members.put(
                    "prelu",
                    Combinators.combine(range(1, true), Arbitraries.of(true, false))
                            .as(Prelu::new));
            members.put(
                    "batchNorm",
                    Combinators.combine(range(1, true).filter(x -> x > 0), normalFloat())
                            .as(BatchNorm::new));
            members.put("layerNorm", normalFloat().map(LayerNorm::new));
            members.put("standardize", Arbitraries.just(new Standardize()));
            Arbitrary<Layer> flat =
                    Arbitraries.oneOf(List.copyOf(members.values())).map(Layer.class::cast);
            Arbitrary<Layer> residual = flat.list().ofMinSize(1).ofMaxSize(4).map(Residual::new);
            members.put(
                    "residual",
                    Arbitraries.oneOf(residual, flat)
                            .list()
                            .ofMinSize(1)
                            .ofMaxSize(3)
                            .map(Residual::new));
        } else if (family == Loss.class) {
            members.put("softmaxCrossEntropy", Arbitraries.just(new Loss.SoftmaxCrossEntropy()));
            members.put("sigmoidCrossEntropy", Arbitraries.just(new Loss.SigmoidCrossEntropy()));
            members.put("squaredError", Arbitraries.just(new Loss.SquaredError()));
        } else if (family == Initializer.class) {
            members.put("auto", Arbitraries.just(new Initializer.Auto()));
            members.put("zeros", Arbitraries.just(new Initializer.Zeros()));
            members.put("glorotUniform", Arbitraries.just(new Initializer.GlorotUniform()));
            members.put("glorotNormal", Arbitraries.just(new Initializer.GlorotNormal()));
            members.put("heUniform", Arbitraries.just(new Initializer.HeUniform()));
            members.put("heNormal", Arbitraries.just(new Initializer.HeNormal()));
        } else if (family == Optimizer.class) {
            Arbitrary<Double> fraction = range(1, false);
            members.put("sgd", Arbitraries.just(new Optimizer.Sgd()));
            members.put("momentum", fraction.map(Optimizer.Momentum::new));
            members.put("nesterov", fraction.map(Optimizer.Nesterov::new));
            members.put(
                    "adam",
                    Combinators.combine(fraction, fraction, normalFloat()).as(Optimizer.Adam::new));
        } else if (family == Schedule.class) {
            members.put("constant", Arbitraries.just(new Schedule.Constant()));
            members.put("cosine", cosines());
            members.put("warmup", schedules(8));
        } else if (family == Clip.class) {
            members.put("none", Arbitraries.just(new Clip.None()));
            members.put("globalNorm", normalFloat().map(Clip.GlobalNorm::new));
        }
        return members;
    }

    private static Arbitrary<Schedule> cosines() {
        return Combinators.combine(Arbitraries.longs().greaterOrEqual(0), range(1, true))
                .as(Schedule.Cosine::new);
    }

    /** Warm-ups within warm-ups. */
    private static Arbitrary<Schedule> schedules(int deepest) {
        Arbitrary<Schedule> last = Arbitraries.oneOf(Arbitraries.just(new Schedule.Constant()), cosines());
        Arbitrary<Long> steps = Arbitraries.longs().greaterOrEqual(1);
        Arbitrary<Schedule> schedule = last;
        Arbitrary<Schedule> any = last;
        for (int depth = 0; depth < deepest; depth++) {
            schedule = Combinators.combine(steps, schedule).as(Schedule.Warmup::new);
            any = Arbitraries.oneOf(any, schedule);
        }
        return any;
    }

    /**
     * Every double in [0, high] or, where it is not closed, those that stay below high in float32; each magnitude as
     * likely as another.
     */
    private static Arbitrary<Double> range(double high, boolean closed) {
        double roundsToHigh = high * (1 - 0x1p-25);
        return Arbitraries.longs()
                .between(0, closed ? Double.doubleToLongBits(high) : Double.doubleToLongBits(roundsToHigh) - 1)
                .map(Double::longBitsToDouble);
    }

    /** Doubles that are ordinary numbers in float32 too. */
    private static Arbitrary<Double> normalFloat() {
        return Arbitraries.longs()
                .between(Double.doubleToLongBits(Float.MIN_NORMAL), Double.doubleToLongBits(Float.MAX_VALUE))
                .map(Double::longBitsToDouble);
    }

    @Provide
    Arbitrary<Member> members() {
        return Arbitraries.oneOf(FAMILIES.stream()
                .flatMap(family -> arbitraries(family).values().stream()
                        .map(values -> values.map(value -> new Member(family, value))))
                .toList());
    }

    @Provide
    Arbitrary<List<Layer>> layerLists() {
        return Arbitraries.oneOf(List.copyOf(arbitraries(Layer.class).values()))
                .map(Layer.class::cast)
                .list()
                .ofMaxSize(12);
    }

    /** Anything at all, and pieces of specs in any order. */
    @Provide
    Arbitrary<String> strings() {
        Arbitrary<String> pieces = Arbitraries.of(
                        "adam",
                        "dense",
                        "warmup",
                        "cosine",
                        "globalNorm",
                        "relu",
                        "leakyRelu",
                        "dropout",
                        "then",
                        "steps",
                        "beta1",
                        "units",
                        "initializer",
                        "heNormal",
                        "residual",
                        "layers",
                        "[",
                        "]",
                        "(",
                        ")",
                        ",",
                        "=",
                        " ",
                        "(",
                        ")",
                        "=",
                        "3",
                        "0.5",
                        "-1",
                        "1e9",
                        "1e",
                        ".",
                        "NaN",
                        "\u0000",
                        "é",
                        "\uD83D")
                .list()
                .ofMaxSize(16)
                .map(parts -> String.join("", parts));
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(40),
                Arbitraries.strings().ascii().ofMaxLength(40),
                pieces);
    }
}
