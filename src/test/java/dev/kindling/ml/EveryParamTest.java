package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.TableVectorizer;
import dev.kindling.table.TableVectorizerModel;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.MLWritable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each param of the estimators, whatever it is: explained, set and got, kept in files, checked. */
final class EveryParamTest {
    /** Of the params that hold specs or words a value that is not the default, as it is printed. */
    private static final Map<String, String> SPECS = Map.ofEntries(
            Map.entry("activation", "tanh"),
            Map.entry("optimizer", "sgd"),
            Map.entry("schedule", "exponential(factor=0.5, every=steps(10))"),
            Map.entry("dropoutSchedule", "flatCosine"),
            Map.entry("weightDecaySchedule", "flatCosine"),
            Map.entry("rateFactors", "byKind(bias=0.5)"),
            Map.entry("gradientClip", "value(limit=2)"),
            Map.entry("initializer", "zeros"),
            Map.entry("classWeights", "balanced"),
            Map.entry("plateau", "reduce(factor=0.5, patience=3)"),
            Map.entry("outerOptimizer", "nesterov"),
            Map.entry("gradientSource", "centralDifferences"),
            Map.entry("architecture", "dense(3) tanh"),
            Map.entry("embedding", "embed"),
            Map.entry("numberEmbedding", "pbld"),
            Map.entry("calibration", "temperature"),
            Map.entry("output", "weights"),
            Map.entry("loss", ""));

    private static final Set<String> ANY_TEXT = Set.of(
            "featuresCol",
            "labelCol",
            "predictionCol",
            "predictionsCol",
            "probabilityCol",
            "rawPredictionCol",
            "weightCol",
            "validationIndicatorCol",
            "embeddingCol",
            "embeddingLayer",
            "checkpointDir");

    @TempDir
    private Path folder;

    @BeforeAll
    static void startSpark() {
        LocalSpark.session();
    }

    static List<Params> estimators() {
        return List.of(new MlpClassifier(), new MlpRegressor());
    }

    private static Object other(Params owner, Param<?> param) {
        Object value =
                owner.getDefault(param).isDefined() ? owner.getDefault(param).get() : "none";
        if (param instanceof IntParam) {
            return value.equals(1) ? 2 : 1;
        } else if (param instanceof DoubleParam) {
            return 0.5;
        } else if (param instanceof LongParam) {
            return 7L;
        } else if (param instanceof BooleanParam) {
            return !(Boolean) value;
        } else if (param instanceof IntArrayParam) {
            return new int[] {3, 2};
        } else if (param instanceof DoubleArrayParam) {
            return new double[] {0.25, 0.75};
        } else if (param instanceof StringArrayParam) {
            return new String[] {"a", "b"};
        } else if (param.name().equals("vectorizer")) {
            return new TableVectorizer("some").setScale("robust").setIdCols("a");
        } else if (param.name().equals("vectorizerModel")) {
            return new TableVectorizerModel("some").setUnseen("error");
        } else if (param.name().equals("initialWeights") || param.name().equals("initialOffsets")) {
            return Vectors.dense(1, -2.5);
        } else if (param.name().equals("handleInvalid")) {
            return "keep";
        } else if (param.name().equals("preset")) {
            return "default"; // it alone says how the others are left
        } else if (param.name().equals("monitor")) {
            return owner instanceof MlpClassifier ? "auc" : "mape";
        } else if (param.name().equals("loss")) {
            return owner instanceof MlpClassifier ? "multiclassHinge" : "absoluteError";
        } else if (ANY_TEXT.contains(param.name())) {
            return "a text";
        }
        return SPECS.get(param.name());
    }

    private static Method method(Params owner, String name, int parameters, Class<?> type) {
        return Arrays.stream(owner.getClass().getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == parameters)
                .filter(method -> !method.isBridge())
                .filter(method -> parameters == 0 || method.getParameterTypes()[0].equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is missing"));
    }

    private static String bean(Param<?> param) {
        return Character.toUpperCase(param.name().charAt(0)) + param.name().substring(1);
    }

    private static Class<?> plain(Object value) {
        return value instanceof Integer
                ? int.class
                : value instanceof Double
                        ? double.class
                        : value instanceof Long
                                ? long.class
                                : value instanceof Boolean
                                        ? boolean.class
                                        : value instanceof Vector ? Vector.class : value.getClass();
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void isExplainedWithItsDefault(Params owner) {
        String all = owner.explainParams();
        for (Param<?> param : owner.params()) {
            assertThat(param.doc()).as(param.name()).hasSizeGreaterThan(10);
            assertThat(all.lines()).as(param.name()).anyMatch(line -> line.startsWith(param.name() + ": "));
            if (!(param instanceof IntArrayParam) && owner.getDefault(param).isDefined()) {
                assertThat(owner.explainParam(param))
                        .isEqualTo(param.name() + ": " + param.doc() + " (default: "
                                + owner.getDefault(param).get() + ")");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void hasASetterThatReturnsTheEstimatorAndAGetterThatTells(Params owner) throws ReflectiveOperationException {
        for (Param<?> param : owner.params()) {
            Object value = other(owner, param);
            assertThat(value).as("a value for " + param.name()).isNotNull();
            Params set =
                    (Params) method(owner, "set" + bean(param), 1, plain(value)).invoke(owner, value);
            assertThat(set).as(param.name()).isSameAs(owner);
            Object got = method(owner, "get" + bean(param), 0, void.class).invoke(owner);
            if (SPECS.containsKey(param.name())) {
                assertThat((String) got).startsWith(((String) value).replaceAll("\\(.*", ""));
            } else {
                assertThat(told(param, got)).as(param.name()).isEqualTo(told(param, value));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void isKeptInFilesAndCopies(Params owner) throws IOException {
        for (Param<?> param : owner.params()) {
            owner.set(param.name(), other(owner, param));
        }
        String path = folder.resolve("estimator").toString();
        ((MLWritable) owner).save(path);
        Params loaded = owner instanceof MlpClassifier ? MlpClassifier.load(path) : MlpRegressor.load(path);
        Params copied = owner.copy(new ParamMap());
        assertThat(owner.params()).hasSizeGreaterThan(40);
        for (Param<?> param : owner.params()) {
            Object value = told(param, other(owner, param));
            assertThat(told(param, loaded.get(loaded.getParam(param.name())).get()))
                    .as(param.name())
                    .isEqualTo(value);
            assertThat(told(param, copied.get(copied.getParam(param.name())).get()))
                    .as(param.name())
                    .isEqualTo(value);
        }
    }

    /** What can be compared: of a stage, which has no equals, its uid and params. */
    private static <V> Object told(Param<V> param, Object value) {
        @SuppressWarnings("unchecked") // it is of that param
        V own = (V) value;
        return value instanceof PipelineStage ? param.jsonEncode(own) : value;
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void isRefusedWhereItIsSet(Params owner) {
        for (Param<?> param : owner.params()) {
            if (SPECS.containsKey(param.name())) {
                for (String bad : List.of("nonsense", "relu(", "adam(beta1=2)")) {
                    assertThatThrownBy(() -> owner.set(param.name(), bad))
                            .as(param.name() + " = " + bad)
                            .isInstanceOf(InvalidInput.class);
                }
                assertThatThrownBy(() -> put(param, "nonsense"))
                        .isInstanceOf(InvalidInput.class)
                        .hasMessageContaining("must be one of ")
                        .hasMessageContaining("\"nonsense\"");
            } else if (param instanceof IntParam) {
                assertThatThrownBy(() -> owner.set(param.name(), -1))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(owner.uid() + " parameter " + param.name() + " given invalid value -1.");
            } else if (param instanceof DoubleParam) {
                for (double bad : new double[] {-1, Double.NaN}) {
                    assertThatThrownBy(() -> owner.set(param.name(), bad))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage(
                                    owner.uid() + " parameter " + param.name() + " given invalid value " + bad + ".");
                }
            }
        }
    }

    /** As ParamGridBuilder does. */
    @SuppressWarnings("unchecked")
    private static void put(Param<?> param, String value) {
        new ParamMap().put((Param<String>) param, value);
    }

    @Test
    void ofTheEstimatorIsOneOfTheModel() throws IOException {
        MlpClassifier estimator =
                new MlpClassifier().setPreset("none").setMaxIter(1).setHiddenLayers(2);
        MlpClassificationModel model = estimator.fit(Flowers.clusters(20, 2, 1));
        for (Param<?> param : estimator.params()) {
            assertThat(model.hasParam(param.name())).as(param.name()).isTrue();
        }
        assertThat(model.getMaxIter()).isEqualTo(1);
    }
}
