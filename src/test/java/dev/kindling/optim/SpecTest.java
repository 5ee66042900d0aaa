package dev.kindling.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kindling.Numeric;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.BatchNorm;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.Embed;
import dev.kindling.nn.Embedding;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.LayerNorm;
import dev.kindling.nn.Maxout;
import dev.kindling.nn.NumberEmbedding;
import dev.kindling.nn.Prelu;
import dev.kindling.nn.Residual;
import dev.kindling.nn.Scale;
import dev.kindling.nn.Standardize;
import dev.kindling.nn.embedding.Runs;
import dev.kindling.spec.Spec;
import dev.kindling.train.ClassWeights;
import java.util.ArrayList;
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
@Numeric
class SpecTest {
    static final List<Class<?>> FAMILIES = List.of(
            Activation.class,
            Layer.class,
            Loss.class,
            Initializer.class,
            Optimizer.class,
            Schedule.class,
            Span.class,
            Embedding.class,
            NumberEmbedding.class,
            Clip.class,
            Plateau.class,
            GradientSource.class,
            OuterOptimizer.class,
            RateFactors.class,
            ClassWeights.class);

    /** What may be parsed, with the family it is parsed as. */
    record Member(Class<?> family, Object value) {}

    // Printing and parsing

    @Property(tries = 2000)
    void parsingWhatWasPrintedGivesAnEqualMember(@ForAll("members") Member member) {
        String text = Spec.print(member.value());
        assertThat(Spec.parse(member.family(), text)).as(text).isEqualTo(member.value());
        assertThat(Spec.print(Spec.parse(member.family(), text))).isEqualTo(text);
    }

    @Property(tries = 1000)
    void whatIsBriefMeansTheSame(@ForAll("members") Member member) {
        String text = Spec.brief(member.value());
        assertThat(Spec.parse(member.family(), text)).as(text).isEqualTo(member.value());
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
        assertThat(Spec.print(new FirstOrder.Adam())).isEqualTo("adam(beta1=0.9, beta2=0.999, epsilon=1e-8)");
        assertThat(Spec.print(new FirstOrder.Sgd())).isEqualTo("sgd");
        assertThat(Spec.print(
                        new Schedule.Warmup(new Span.Steps(500), new Schedule.Cosine(new Span.Epochs(2.5), 1e-5))))
                .isEqualTo("warmup(steps(500), then=cosine(length=epochs(2.5), floor=1e-5))");
        assertThat(Spec.printAll(List.of(new Dense(256), new Activation.Relu(), new Dropout(0.2))))
                .isEqualTo("dense(256, initializer=auto) relu dropout(0.2)");
        assertThat(Spec.briefAll(List.of(new Dense(256), new Residual(List.of(new BatchNorm(0.1, 1e-3))))))
                .isEqualTo("dense(256) residual([batchNorm(epsilon=0.001)])");
        assertThat(Spec.print(123456789e-3)).isEqualTo("123456.789");
        assertThat(Spec.print(1e300)).isEqualTo("1e300");
        assertThat(Spec.print(2.0)).isEqualTo("2");
    }

    static Stream<Arguments> shortSpellings() {
        return Stream.of(
                Arguments.of(Optimizer.class, "adam", new FirstOrder.Adam(0.9, 0.999, 1e-8)),
                Arguments.of(Optimizer.class, "adam()", new FirstOrder.Adam()),
                Arguments.of(Optimizer.class, "Adam(epsilon=.5, beta1=0)", new FirstOrder.Adam(0, 0.999, 0.5)),
                Arguments.of(Optimizer.class, "momentum(0.5)", new FirstOrder.Momentum(0.5)),
                Arguments.of(Optimizer.class, "nesterov", new FirstOrder.Nesterov(0.9)),
                Arguments.of(Layer.class, "dense(units=3)", new Dense(3)),
                Arguments.of(Layer.class, "dense(3, initializer=heNormal)", new Dense(3, new Initializer.HeNormal())),
                Arguments.of(Layer.class, "leakyrelu", new Activation.LeakyRelu(0.01)),
                Arguments.of(Activation.class, "elu", new Activation.Elu(1)),
                Arguments.of(Loss.class, "softmaxCrossEntropy", new Loss.SoftmaxCrossEntropy(0)),
                Arguments.of(Loss.class, "multiclassHinge", new Loss.MulticlassHinge(1)),
                Arguments.of(Loss.class, "focal", new Loss.Focal(2)),
                Arguments.of(Loss.class, "huber", new ValueLoss.Huber(1)),
                Arguments.of(Loss.class, "quantile", new ValueLoss.Quantile(0.5)),
                Arguments.of(Initializer.class, "normal", new Initializer.Normal(0.01)),
                Arguments.of(Initializer.class, "constant(-2)", new Initializer.Constant(-2)),
                Arguments.of(Schedule.class, "cosine", new Schedule.Cosine(new Span.Rest(), 0)),
                Arguments.of(
                        Schedule.class,
                        "warmup(epochs(7))",
                        new Schedule.Warmup(new Span.Epochs(7), new Schedule.Constant())),
                Arguments.of(
                        Schedule.class,
                        "piecewise([epochs(1), epochs(2)] , factors=[1 .1, 0])",
                        new Schedule.Piecewise(
                                List.of(new Span.Epochs(1), new Span.Epochs(2)), List.of(1.0, 0.1, 0.0))),
                Arguments.of(Optimizer.class, "rmsprop(centered=TRUE)", new FirstOrder.Rmsprop(0.99, 1e-8, 0, true)),
                Arguments.of(
                        Schedule.class,
                        "warmup(length=steps(3), then=warmup(steps(4), then=cosine(floor=0.1)))",
                        new Schedule.Warmup(
                                new Span.Steps(3),
                                new Schedule.Warmup(new Span.Steps(4), new Schedule.Cosine(new Span.Rest(), 0.1)))),
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
        String optimizers = "sgd, momentum, nesterov, adagrad, adadelta, rmsprop, adam, adamw";
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
                        "warmup(steps(5), then=constan)",
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
                        "warmup needs length, as in warmup(length=steps)"),
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
                refused(
                        "no alpha",
                        Activation.class,
                        "elu(0)",
                        "the alpha of elu, as a float32, must be positive, but is 0"),
                refused(
                        "all smoothed",
                        Loss.class,
                        "softmaxCrossEntropy(labelSmoothing=1)",
                        "labelSmoothing of softmaxCrossEntropy must be at least 0 and less than 1, but is 1"),
                refused(
                        "no margin",
                        Loss.class,
                        "multiclassHinge(margin=0)",
                        "margin of multiclassHinge, as a float32, must be positive, but is 0"),
                refused("gamma below", Loss.class, "focal(-1)", "gamma of focal must not be negative, but is -1"),
                refused("no delta", Loss.class, "huber(0)", "delta of huber, as a float32, must be positive, but is 0"),
                refused(
                        "the lowest quantile",
                        Loss.class,
                        "quantile(0)",
                        "tau of quantile must be greater than 0 and less than 1, but is 0"),
                refused("two means", Loss.class, "standardized(huber, means=[1 2])", "has 2 and 1"),
                refused("no deviation", Loss.class, "standardized(means=[1], deviations=[0])", "must be positive"),
                refused("a link", Loss.class, "standardized(poisson)", "but not for poisson"),
                refused("classes", Loss.class, "standardized(focal)", "squaredError"),
                refused("the highest quantile", Loss.class, "quantile(1)", "greater than 0 and less than 1, but is 1"),
                refused(
                        "no deviation",
                        Initializer.class,
                        "normal(0)",
                        "deviation of normal, as a float32, must be positive, but is 0"),
                refused(
                        "a constant beyond float32",
                        Initializer.class,
                        "constant(1e39)",
                        "value of constant, as a float32, must be a finite number, but is Infinity"),
                refused("a constant of what", Initializer.class, "constant", "constant needs value"),
                refused("no steps", Schedule.class, "warmup(steps(0))", "number of steps must be positive, but is 0"),
                refused(
                        "steps without their unit",
                        Schedule.class,
                        "warmup(5)",
                        "span must be one of steps, epochs, rest"),
                refused(
                        "boundaries that fall",
                        Schedule.class,
                        "piecewise([steps(5) steps(3)], [1 2 3])",
                        "boundaries of piecewise must rise"),
                refused(
                        "boundaries of two units",
                        Schedule.class,
                        "piecewise([steps(5) epochs(9)], [1 2 3])",
                        "must rise and have one unit"),
                refused(
                        "too few factors",
                        Schedule.class,
                        "piecewise([steps(5)], [1])",
                        "one factor more than boundaries, but has 1 boundaries and 1 factors"),
                refused("growth that shrinks", Schedule.class, "cosineRestarts(steps(1), growth=0.5)", "growth", "0.5"),
                refused("no warming", Schedule.class, "oneCycle(warm=0)", "warm of oneCycle", "0"),
                refused("no list", Schedule.class, "piecewise(3, [1])", "[ for boundaries of piecewise"),
                refused("a factor of 1", Plateau.class, "reduce(factor=1)", "factor of reduce must be between 0 and 1"),
                refused("no memory", Optimizer.class, "lbfgs(memory=0)", "memory of lbfgs must be positive"),
                refused("negative decay", Optimizer.class, "adamw(weightDecay=-1)", "weightDecay must not be negative"),
                refused("no limit", Clip.class, "value(0)", "limit of value, as a float32, must be positive"),
                refused("a word for a truth", Optimizer.class, "rmsprop(centered=yes)", "must be one of true, false"),
                refused(
                        "no weights",
                        ClassWeights.class,
                        "factors([0 0])",
                        "at least one class weight must be above 0"),
                refused("a floor above", Schedule.class, "cosine(floor=2)", "each end of cosine", "but is 2"),
                refused(
                        "a range inside",
                        Schedule.class,
                        "warmup(steps(3), then=cosine(floor=2))",
                        "each end of cosine",
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
                        "adam(beta1=warmup(steps(1)))",
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
                refused("far too deep", Schedule.class, "warmup(steps(1), then=".repeat(400), "nest at most 16 deep"),
                refused(
                        "too long",
                        Optimizer.class,
                        " ".repeat(1_000_001),
                        "at most 1000000 characters, but has 1000001"));
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
        assertThatThrownBy(() -> Spec.parseAll(Layer.class, "relu ".repeat(2001)))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("a spec must have at most 2000 parts, but has more");
        assertThatThrownBy(() -> Spec.parseAll(Layer.class, "dense(3) tanhh dense(2)"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("did you mean tanh?");
    }

    @Test
    void theDeepestNestingThatParsesIsSixteen() {
        assertThat(Spec.print(Spec.parse(Schedule.class, nested(15)))).isEqualTo(nested(15));
    }

    private static String nested(int depth) {
        return "warmup(steps(1), then=".repeat(depth) + "constant" + ")".repeat(depth);
    }

    // Arbitrary members: one row each

    private static Map<String, Arbitrary<?>> arbitraries(Class<?> family) {
        Map<String, Arbitrary<?>> members = new LinkedHashMap<>();
        if (family == Layer.class || family == Activation.class) {
            members.put("identity", Arbitraries.just(new Activation.Identity()));
            members.put("relu", Arbitraries.just(new Activation.Relu()));
            members.put("leakyRelu", range(1, true).map(Activation.LeakyRelu::new));
            members.put("elu", normalFloat().map(Activation.Elu::new));
            members.put("selu", Arbitraries.just(new Activation.Selu()));
            members.put("sigmoid", Arbitraries.just(new Activation.Sigmoid()));
            members.put("hardSigmoid", Arbitraries.just(new Activation.HardSigmoid()));
            members.put("tanh", Arbitraries.just(new Activation.Tanh()));
            members.put("softplus", Arbitraries.just(new Activation.Softplus()));
            members.put("silu", Arbitraries.just(new Activation.Silu()));
            members.put("gelu", Arbitraries.just(new Activation.Gelu()));
            members.put("geluTanh", Arbitraries.just(new Activation.GeluTanh()));
            members.put("mish", Arbitraries.just(new Activation.Mish()));
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
            members.put("scale", Arbitraries.just(new Scale()));
            members.put("embed", embeds());
            members.put("plr", periodic(NumberEmbedding.Plr::new));
            members.put("pbld", periodic(NumberEmbedding.Pbld::new));
            members.put(
                    "ple",
                    Combinators.combine(Arbitraries.integers().between(1, 1 << 20), runs())
                            .as((bins, runs) -> new NumberEmbedding.Ple(bins, runs.starts(), runs.widths())));
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
            members.put("softmaxCrossEntropy", range(1, false).map(Loss.SoftmaxCrossEntropy::new));
            members.put("sigmoidCrossEntropy", Arbitraries.just(new Loss.SigmoidCrossEntropy()));
            members.put("multiclassHinge", normalFloat().map(Loss.MulticlassHinge::new));
            members.put("focal", range(100, true).map(Loss.Focal::new));
            members.put("squaredError", Arbitraries.just(new ValueLoss.SquaredError()));
            members.put("absoluteError", Arbitraries.just(new ValueLoss.AbsoluteError()));
            members.put("huber", normalFloat().map(ValueLoss.Huber::new));
            members.put(
                    "quantile",
                    range(1, false).filter(tau -> tau >= Float.MIN_NORMAL).map(ValueLoss.Quantile::new));
            members.put("poisson", Arbitraries.just(new ValueLoss.Poisson()));
            members.put("squaredLogError", Arbitraries.just(new ValueLoss.SquaredLogError()));
            members.put(
                    "standardized",
                    Combinators.combine(
                                    Arbitraries.doubles().list().ofSize(3),
                                    range(1e300, false)
                                            .filter(x -> x > 0)
                                            .list()
                                            .ofSize(3))
                            .as((means, deviations) ->
                                    new ValueLoss.Standardized(new ValueLoss.Huber(2), means, deviations)));
        } else if (family == Initializer.class) {
            members.put("auto", Arbitraries.just(new Initializer.Auto()));
            members.put("zeros", Arbitraries.just(new Initializer.Zeros()));
            members.put("constant", normalFloat().map(value -> new Initializer.Constant(-value)));
            members.put("normal", normalFloat().map(Initializer.Normal::new));
            members.put("uniform", Arbitraries.just(new Initializer.Uniform()));
            members.put("lecunNormal", Arbitraries.just(new Initializer.LecunNormal()));
            members.put("lecunUniform", Arbitraries.just(new Initializer.LecunUniform()));
            members.put("orthogonal", Arbitraries.just(new Initializer.Orthogonal()));
            members.put("glorotUniform", Arbitraries.just(new Initializer.GlorotUniform()));
            members.put("glorotNormal", Arbitraries.just(new Initializer.GlorotNormal()));
            members.put("heUniform", Arbitraries.just(new Initializer.HeUniform()));
            members.put("heNormal", Arbitraries.just(new Initializer.HeNormal()));
        } else if (family == Optimizer.class) {
            Arbitrary<Double> fraction = range(1, false);
            Arbitrary<Double> decay = range(10, true);
            Arbitrary<Boolean> truth = Arbitraries.of(true, false);
            members.put("sgd", Arbitraries.just(new FirstOrder.Sgd()));
            members.put("momentum", fraction.map(FirstOrder.Momentum::new));
            members.put("nesterov", fraction.map(FirstOrder.Nesterov::new));
            members.put("adagrad", normalFloat().map(FirstOrder.Adagrad::new));
            members.put("adadelta", Combinators.combine(fraction, normalFloat()).as(FirstOrder.Adadelta::new));
            members.put(
                    "rmsprop",
                    Combinators.combine(fraction, normalFloat(), fraction, truth)
                            .as(FirstOrder.Rmsprop::new));
            var adams = Combinators.combine(fraction, fraction, normalFloat());
            members.put("adam", adams.as(FirstOrder.Adam::new));
            members.put("lazyAdam", adams.as(FirstOrder.LazyAdam::new));
            members.put("adamax", adams.as(FirstOrder.Adamax::new));
            members.put("nadam", adams.as(FirstOrder.Nadam::new));
            members.put("amsgrad", adams.as(FirstOrder.Amsgrad::new));
            var decaying = Combinators.combine(fraction, fraction, normalFloat(), decay);
            members.put("adamw", decaying.as(FirstOrder.Adamw::new));
            members.put("lamb", decaying.as(FirstOrder.Lamb::new));
            members.put("lion", Combinators.combine(fraction, fraction, decay).as(FirstOrder.Lion::new));
            members.put(
                    "lars", Combinators.combine(fraction, normalFloat(), decay).as(FirstOrder.Lars::new));
            members.put(
                    "lbfgs",
                    Combinators.combine(Arbitraries.integers().greaterOrEqual(1), decay)
                            .as(Optimizer.Lbfgs::new));
            members.put("randomSearch", Arbitraries.just(new Optimizer.RandomSearch()));
        } else if (family == Span.class) {
            members.put("steps", Arbitraries.longs().greaterOrEqual(1).map(Span.Steps::new));
            members.put("epochs", normalFloat().map(Span.Epochs::new));
            members.put("rest", Arbitraries.just(new Span.Rest()));
        } else if (family == Schedule.class) {
            Arbitrary<Double> end = range(1, true);
            Arbitrary<Double> inside = end.filter(x -> x > 0 && x < 1);
            members.put("constant", Arbitraries.just(new Schedule.Constant()));
            members.put("stepDecay", Combinators.combine(spans(), end).as(Schedule.StepDecay::new));
            members.put("exponential", Combinators.combine(spans(), end).as(Schedule.Exponential::new));
            members.put(
                    "inverseTime", Combinators.combine(spans(), normalFloat()).as(Schedule.InverseTime::new));
            members.put(
                    "polynomial",
                    Combinators.combine(spans(), normalFloat(), end).as(Schedule.Polynomial::new));
            members.put("cosine", cosines());
            members.put(
                    "flatCosine", Combinators.combine(spans(), range(1, true)).as(Schedule.FlatCosine::new));
            members.put(
                    "cosLog",
                    Combinators.combine(spans(), Arbitraries.integers().between(1, 30))
                            .as(Schedule.CosLog::new));
            members.put(
                    "cosineRestarts",
                    Combinators.combine(spans(), range(9, true).map(x -> 1 + x), end, end)
                            .as(Schedule.CosineRestarts::new));
            members.put("warmup", schedules(8));
            members.put(
                    "oneCycle", Combinators.combine(spans(), inside, end, end).as(Schedule.OneCycle::new));
            members.put(
                    "piecewise",
                    Arbitraries.longs().between(1, 1_000_000).set().ofMaxSize(5).flatMap(ends -> normalFloat()
                            .list()
                            .ofSize(ends.size() + 1)
                            .map(factors -> new Schedule.Piecewise(
                                    ends.stream()
                                            .sorted()
                                            .<Span>map(Span.Steps::new)
                                            .toList(),
                                    factors))));
        } else if (family == Embedding.class) {
            members.put("none", Arbitraries.just(new Embedding.None()));
            members.put("embed", embeds());
        } else if (family == NumberEmbedding.class) {
            members.put("none", Arbitraries.just(new NumberEmbedding.None()));
            members.put("auto", Arbitraries.just(new NumberEmbedding.Auto()));
            members.put("plr", periodic(NumberEmbedding.Plr::new));
            members.put("pbld", periodic(NumberEmbedding.Pbld::new));
            members.put(
                    "ple",
                    Combinators.combine(Arbitraries.integers().between(1, 1 << 20), runs())
                            .as((bins, runs) -> new NumberEmbedding.Ple(bins, runs.starts(), runs.widths())));
        } else if (family == Clip.class) {
            members.put("none", Arbitraries.just(new Clip.None()));
            members.put("globalNorm", normalFloat().map(Clip.GlobalNorm::new));
            members.put("value", normalFloat().map(Clip.Value::new));
        } else if (family == Plateau.class) {
            Arbitrary<Integer> epochs = Arbitraries.integers().greaterOrEqual(0);
            Arbitrary<Double> end = range(1, true);
            members.put("none", Arbitraries.just(new Plateau.None()));
            members.put(
                    "reduce",
                    Combinators.combine(end.filter(x -> x > 0 && x < 1), epochs, end, epochs, end)
                            .as(Plateau.Reduce::new));
        } else if (family == GradientSource.class) {
            members.put("backpropagation", Arbitraries.just(new GradientSource.Backpropagation()));
            members.put("centralDifferences", normalFloat().map(GradientSource.CentralDifferences::new));
        } else if (family == RateFactors.class) {
            Arbitrary<Double> factor = range(10, true);
            members.put("none", Arbitraries.just(new RateFactors.None()));
            members.put(
                    "byKind",
                    Combinators.combine(factor, factor, factor, factor, factor).as(RateFactors.ByKind::new));
        } else if (family == OuterOptimizer.class) {
            members.put("average", Arbitraries.just(new OuterOptimizer.Average()));
            members.put(
                    "nesterov",
                    Combinators.combine(normalFloat(), range(1, false)).as(OuterOptimizer.Nesterov::new));
        } else if (family == ClassWeights.class) {
            members.put("none", Arbitraries.just(new ClassWeights.None()));
            members.put("balanced", Arbitraries.just(new ClassWeights.Balanced()));
            members.put(
                    "byClass",
                    normalFloat().list().ofSize(3).map(factors -> new ClassWeights.ByClass(List.of(4, 0, 7), factors)));
            members.put(
                    "factors", normalFloat().list().ofMinSize(1).ofMaxSize(5).map(ClassWeights.Factors::new));
        }
        return members;
    }

    private static Arbitrary<Schedule> cosines() {
        return Combinators.combine(spans(), range(1, true)).as(Schedule.Cosine::new);
    }

    private static Arbitrary<Span> spans() {
        return Arbitraries.oneOf(List.copyOf(arbitraries(Span.class).values())).map(Span.class::cast);
    }

    /** Warm-ups within warm-ups. */
    private static Arbitrary<Schedule> schedules(int deepest) {
        Arbitrary<Schedule> last = Arbitraries.oneOf(Arbitraries.just(new Schedule.Constant()), cosines());
        Arbitrary<Schedule> schedule = last;
        Arbitrary<Schedule> any = last;
        for (int depth = 0; depth < deepest; depth++) {
            schedule = Combinators.combine(spans(), schedule).as(Schedule.Warmup::new);
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

    private static Arbitrary<Embed> embeds() {
        Arbitrary<Integer> positive = Arbitraries.integers().greaterOrEqual(1);
        return Combinators.combine(positive, positive, runs())
                .as((dim, upTo, runs) -> new Embed(dim, upTo, runs.starts(), runs.widths()));
    }

    private static Arbitrary<Runs> runs() {
        return Arbitraries.integers().between(1, 100_000).list().ofMaxSize(5).map(widths -> {
            List<Integer> starts = new ArrayList<>();
            int next = 3;
            for (int width : widths) {
                starts.add(next);
                next += width + (width % 2);
            }
            return new Runs(starts, widths);
        });
    }

    private interface PeriodicConstructor {
        NumberEmbedding.Periodic make(
                int frequencies, int dim, double sigma, List<Integer> starts, List<Integer> widths);
    }

    private static Arbitrary<NumberEmbedding.Periodic> periodic(PeriodicConstructor constructor) {
        Arbitrary<Integer> sizes = Arbitraries.integers().between(2, 1 << 20);
        return Combinators.combine(sizes, sizes, normalFloat(), runs())
                .as((frequencies, dim, sigma, runs) ->
                        constructor.make(frequencies, dim, sigma, runs.starts(), runs.widths()));
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
