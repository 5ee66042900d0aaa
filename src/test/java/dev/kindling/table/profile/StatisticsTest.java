package dev.kindling.table.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.table.value.NumberStyle;
import dev.kindling.table.value.ShortDecimal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;

/** Sums without rounding, and counts that know when they are not all. */
final class StatisticsTest {
    private static final BigDecimal UNIT = new BigDecimal(Double.MIN_VALUE);

    @Test
    void aSumIsThatOfTheExactNumbers() {
        Random random = new Random(1);
        List<Double> values =
                new ArrayList<>(List.of(Double.MIN_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE, -0.0, 1e-310));
        for (int i = 0; i < 5000; i++) {
            values.add(random.nextGaussian() * Math.pow(10, random.nextInt(300) - 150));
        }
        BigDecimal expected = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        for (int order = 0; order < 3; order++) {
            Collections.shuffle(values, random);
            ExactSum left = new ExactSum();
            ExactSum right = new ExactSum();
            values.forEach(value -> (random.nextBoolean() ? left : right).add(value));
            left.add(right);
            assertThat(new BigDecimal(left.digits()).multiply(UNIT)).isEqualByComparingTo(expected);
            assertThat(left.value()).isEqualTo(expected.doubleValue());
        }
    }

    @Test
    void numbersThatAreAddedTogetherAreAddedExactly() {
        Random random = new Random(3);
        for (int trial = 0; trial < 400; trial++) {
            double[] values = new double[random.nextInt(trial % 50 == 0 ? 10_000 : 60)];
            int scale = random.nextInt(640) - 320;
            int spread = List.of(1, 3, 30, 300).get(trial % 4);
            for (int i = 0; i < values.length; i++) {
                double size = Math.pow(10, Math.min(307, scale + random.nextInt(spread)));
                values[i] = random.nextInt(20) == 0 ? 0 : (random.nextDouble() - 0.5 * (trial % 3)) * size;
            }
            int added = values.length == 0 ? 0 : random.nextInt(values.length + 1);
            ExactSum together = new ExactSum();
            ExactSum single = new ExactSum();
            together.add(values, added);
            BigDecimal expected = BigDecimal.ZERO;
            for (int i = 0; i < added; i++) {
                single.add(values[i]);
                expected = expected.add(new BigDecimal(values[i]));
            }
            assertThat(new BigDecimal(together.digits()).multiply(UNIT)).isEqualByComparingTo(expected);
            assertThat(together.digits()).isEqualTo(single.digits());
        }
    }

    @Test
    void sumsAndScattersAreRoundedOnce() {
        Random random = new Random(2);
        for (int trial = 0; trial < 300; trial++) {
            ExactSum sum = new ExactSum();
            ExactSum squares = new ExactSum();
            BigDecimal total = BigDecimal.ZERO;
            BigDecimal ofSquares = BigDecimal.ZERO;
            double middle = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            int count = 2 + random.nextInt(5);
            for (int i = 0; i < count; i++) {
                double value = (float) (middle + random.nextGaussian()); // so that its square is exact
                sum.add(value);
                squares.add(value * value);
                total = total.add(new BigDecimal(value));
                ofSquares = ofSquares.add(new BigDecimal(value * value));
            }
            BigDecimal scatter = ofSquares.multiply(BigDecimal.valueOf(count)).subtract(total.multiply(total));
            assertThat(sum.value()).isEqualTo(total.doubleValue());
            assertThat(sum.scatter(squares, count)).isEqualTo(scatter.doubleValue());
        }
    }

    @Test
    void theDeviationOfNumbersFarFromZeroIsExact() {
        NumberStats stats = new NumberStats(0);
        for (int i = 0; i < 1000; i++) {
            stats.add(1e15 + i % 2);
        }
        assertThat(stats.deviation()).isEqualTo(0.5);
        assertThat(stats.mean()).isEqualTo(1e15 + 0.5);
    }

    @Test
    void joinedNumbersAreThoseOfAllTogether() {
        List<List<Double>> parts = List.of(
                List.of(0.0, 1.0),
                List.of(0.5),
                List.of(),
                List.of(2.0),
                List.of(-7.0),
                List.of(1e15, 3.0),
                List.of(0.1, 2.0));
        for (List<Double> one : parts) {
            for (List<Double> other : parts) {
                NumberStats joined = numbers(one);
                joined.add(numbers(other));
                List<Double> both = new ArrayList<>(one);
                both.addAll(other);
                NumberStats together = numbers(both);
                assertThat(joined.count).isEqualTo(both.size());
                assertThat(joined.min).isEqualTo(together.min);
                assertThat(joined.max).isEqualTo(together.max);
                assertThat(joined.whole).isEqualTo(both.stream().allMatch(value -> value == Math.rint(value)));
                assertThat(joined.isIndicator()).isEqualTo(both.stream().allMatch(value -> value == 0 || value == 1));
                assertThat(joined.mean()).isEqualTo(together.mean());
                assertThat(joined.deviation()).isEqualTo(together.deviation());
            }
        }
    }

    private static NumberStats numbers(List<Double> values) {
        NumberStats stats = new NumberStats(0);
        values.forEach(stats::add);
        return stats;
    }

    @Test
    void countsOfFewValuesAreAllOfThem() {
        ValueCounts<String> one = new TextCounts(3);
        ValueCounts<String> other = new TextCounts(3);
        List.of("a", "b", "a").forEach(one::add);
        List.of("b", "c").forEach(other::add);
        one.add(other);
        assertThat(one.isComplete()).isTrue();
        assertThat(one.distinct()).isEqualTo(3);
        assertThat(one.sorted()).extracting(ValueCounts.Count::value).containsExactly("a", "b", "c");
        assertThat(one.sorted()).extracting(ValueCounts.Count::rows).containsExactly(2L, 2L, 1L);
    }

    @Test
    void countsOfManyValuesAreTheSameInAnyOrder() {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            values.add((double) (i % 20_000));
        }
        List<ValueCounts.Count<Double>> first = null;
        List<Long> estimates = new ArrayList<>();
        for (int order = 0; order < 4; order++) {
            Collections.shuffle(values, new Random(order));
            NumberCounts left = new NumberCounts(1000);
            NumberCounts right = new NumberCounts(1000);
            double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
            left.add(all, 3_000); // fewer than are entered at once
            right.add(Arrays.copyOfRange(all, 3_000, all.length), all.length - 3_000);
            if (order % 2 == 1) {
                right.pack();
            }
            if (order > 1) {
                left.pack();
            }
            left.add(right);
            assertThat(left.isComplete()).isFalse();
            estimates.add(left.distinct());
            assertThat((double) left.distinct()).isCloseTo(20_000, within(2_000.0));
            assertThat(left.sorted()).hasSize(1000).allSatisfy(count -> assertThat(count.rows())
                    .isEqualTo(count.value() < 10_000 ? 3 : 2));
            first = first == null ? left.sorted() : first;
            assertThat(left.sorted()).isEqualTo(first);
            assertThat(estimates).containsOnly(estimates.get(0));
        }
    }

    @Test
    void countsThatWereSentAreTheSame() {
        double[] numbers = new Random(6).doubles(5_000).toArray();
        for (int most : List.of(10, 1000, 10_000)) {
            NumberCounts counts = new NumberCounts(most);
            NumberCounts others = new NumberCounts(most);
            counts.add(numbers, 4_000);
            others.add(Arrays.copyOfRange(numbers, 3_000, 5_000), 2_000);
            NumberCounts sent = SerializationUtils.clone(counts); // some are not entered yet, and the table has gaps
            sent.add(SerializationUtils.clone(others));
            counts.add(others);
            assertThat(sent.sorted()).isEqualTo(counts.sorted()).hasSize(Math.min(most, 5_000));
            assertThat(sent.distinct()).isEqualTo(counts.distinct());
        }
    }

    @Test
    void whatAPartHasLeftOutIsKnownAfterTheJoin() {
        ValueCounts<String> many = new TextCounts(3);
        List.of("a", "b", "c", "d", "e", "f", "g").forEach(many::add); // the seventh leaves it with three
        ValueCounts<String> none = new TextCounts(3);
        none.add(many);
        assertThat(none.sorted()).hasSize(3);
        assertThat(none.isComplete()).isFalse();
        assertThat(none.distinct()).isGreaterThan(3);
    }

    @Test
    void plainNumbersHaveTheBitsOfParseDouble() {
        Random random = new Random(4);
        List<String> texts = new ArrayList<>(List.of(
                "0",
                "-0",
                "-0.0",
                "+5",
                ".5",
                "5.",
                "-.25",
                "9007199254740993",
                "0.1",
                "123456789012345678901234567890",
                "0.00000000000000000000000000000000012",
                "1e400",
                "4.9e-324",
                "2.5E+3",
                "1e22",
                "9007199254740991.5"));
        for (int i = 0; i < 20_000; i++) {
            texts.add(String.valueOf(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20)));
            texts.add(BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(25))
                    .toPlainString());
        }
        int decimals = 0;
        for (String text : texts) {
            long bits = Double.doubleToRawLongBits(Double.parseDouble(text));
            assertThat(Double.doubleToRawLongBits(NumberStyle.PLAIN.parse(text)))
                    .as(text)
                    .isEqualTo(bits);
            double number = decimal(text);
            assertThat(Double.isNaN(number) || Double.doubleToRawLongBits(number) == bits)
                    .as(text)
                    .isTrue();
            decimals += Double.isNaN(number) ? 0 : 1;
        }
        assertThat(decimals).isGreaterThan(texts.size() / 8);
        for (String text : List.of("", "-", ".", "+.", "1d", "0x1p3", "Infinity", "NaN", "1e", "1e+", "1 2", "1.2.3")) {
            assertThat(NumberStyle.PLAIN.parse(text)).as(text).isNaN();
            assertThat(decimal(text)).as(text).isNaN();
        }
        for (String code : List.of("01", "007", "00.5", "-01")) {
            assertThat(decimal(code)).as(code).isNaN();
        }
    }

    /** Read from the middle of other texts, as blocks have them; it comes back as it was. */
    private static double decimal(String text) {
        byte[] bytes = ("7" + text + "7").getBytes(StandardCharsets.UTF_8);
        long decimal = ShortDecimal.of(bytes, 1, bytes.length - 1);
        if (decimal != ShortDecimal.NONE) {
            byte[] written = new byte[ShortDecimal.LONGEST];
            int start = ShortDecimal.write(decimal, written);
            assertThat(new String(written, start, written.length - start, StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }
        return ShortDecimal.number(decimal);
    }
}
