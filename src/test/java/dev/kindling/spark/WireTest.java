package dev.kindling.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.engine.GradientSum;
import dev.kindling.ml.KryoClasses;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** What crosses the wire arrives as it left, in four bytes a float. */
class WireTest {
    static Stream<SerializerInstance> serializers() {
        SparkConf registered = new SparkConf()
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.kryo.registrator", KryoClasses.class.getName());
        return Stream.of(
                new JavaSerializer(new SparkConf()).newInstance(),
                new KryoSerializer(new SparkConf()).newInstance(),
                new KryoSerializer(registered).newInstance());
    }

    private static float[] values(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = Float.intBitsToFloat(i * 0x9E3779B9);
        }
        return values;
    }

    private static <T> T sent(SerializerInstance serializer, T value, long most) {
        @SuppressWarnings("unchecked")
        ClassTag<T> type = ClassTag$.MODULE$.apply((Class<T>) value.getClass());
        ByteBuffer bytes = serializer.serialize(value, type);
        assertThat((long) bytes.remaining()).isLessThan(most);
        return serializer.deserialize(bytes, type);
    }

    @ParameterizedTest
    @MethodSource("serializers")
    void floats(SerializerInstance serializer) {
        for (int length : new int[] {0, 1, 8191, 8192, 8193, 100_000}) {
            float[] values = values(length);
            Floats arrived = sent(serializer, new Floats(values), 200 + 4L * length + length / 50);
            assertThat(bits(arrived.values())).isEqualTo(bits(values));
        }
    }

    @ParameterizedTest
    @MethodSource("serializers")
    void zerosStayAtHome(SerializerInstance serializer) {
        float[] values = new float[100_000];
        values[0] = 1;
        values[40_000] = -0f;
        System.arraycopy(values(9000), 0, values, 50_000, 9000);
        for (int length : new int[] {100_000, 45_000, 31, 1}) {
            float[] some = Arrays.copyOf(values, length);
            long most = length == 100_000 ? 400 + 4 * 9100 : 800;
            assertThat(bits(sent(serializer, new Floats(some), most).values())).isEqualTo(bits(some));
        }
        assertThat(sent(serializer, new Floats(new float[33]), 300).values()).isEqualTo(new float[33]);
    }

    @ParameterizedTest
    @MethodSource("serializers")
    void sums(SerializerInstance serializer) {
        GradientSum sum = new GradientSum(20_000);
        System.arraycopy(values(20_000), 0, sum.gradient, 0, 20_000);
        sum.loss = 0.1;
        sum.setMetric(new double[] {2, 0.7, -1, 4, 5}, 1);
        sum.weight = 3;
        sum.norm = 4;
        sum.fingerprint = 7;
        sum.nanos = 6;
        sum.longestNanos = 5;
        GradientSum arrived = sent(serializer, sum, 300 + 80_000 + 400);
        assertThat(bits(arrived.gradient)).isEqualTo(bits(sum.gradient));
        assertThat(new double[] {arrived.loss, arrived.weight, arrived.norm}).containsExactly(0.1, 3, 4);
        assertThat(arrived.metric).containsExactly(2, 0.7, -1, 4, 5);
        assertThat(arrived.moments).isEqualTo(1);
        assertThat(new long[] {arrived.fingerprint, arrived.nanos, arrived.longestNanos})
                .containsExactly(7, 6, 5);
    }

    @ParameterizedTest
    @MethodSource("serializers")
    void slicesMakeTheWhole(SerializerInstance serializer) {
        GradientSum sum = new GradientSum(10);
        System.arraycopy(values(10), 0, sum.gradient, 0, 10);
        sum.loss = 0.1;
        sum.weight = 3;
        sum.fingerprint = 7;
        sum.setMetric(new double[] {2}, 0);
        GradientSum[] slices = {
            sent(serializer, sum.slice(0, 3), 400),
            sent(serializer, sum.slice(3, 3), 400),
            sent(serializer, sum.slice(3, 10), 400)
        };
        GradientSum joined = GradientSum.joined(slices);
        assertThat(bits(joined.gradient)).isEqualTo(bits(sum.gradient));
        assertThat(joined.loss).isEqualTo(0.1);
        assertThat(joined.weight).isEqualTo(3);
        assertThat(joined.fingerprint).isEqualTo(7);
        assertThat(joined.metric).containsExactly(2);
    }

    @ParameterizedTest
    @MethodSource("serializers")
    void whatSeveralRunsAskAndAreAnsweredAtOnce(SerializerInstance serializer) {
        Floats[] parameters = sent(serializer, new Floats[] {new Floats(values(9)), new Floats(values(3))}, 600);
        assertThat(bits(parameters[1].values())).isEqualTo(bits(values(3)));
        GradientSum[] sums = sent(serializer, new GradientSum[] {new GradientSum(4), new GradientSum(0)}, 900);
        assertThat(sums).hasSize(2);
        assertThat(sums[0].gradient).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.RowCheck$Verdict", "input.LibsvmLines$Verdict"})
    void kryoKnowsWhatTheJobsReadersAnswer(String name) throws Exception {
        Class<?> type = Class.forName("dev.kindling.job." + name);
        SparkConf conf = new SparkConf().set("spark.kryo.registrator", KryoClasses.class.getName());
        assertThat(new KryoSerializer(conf).newKryo().getClassResolver().getRegistration(type))
                .isNotNull();
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
