package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

@Numeric
final class SplitMix64Test {
    private static final int DRAWS = 1_000_000;

    /** The sequence of Vigna's splitmix64.c that Rosetta Code publishes under "Pseudo-random numbers/Splitmix64". */
    @Test
    void sequenceIsThePublishedOne() {
        SplitMix64 generator = new SplitMix64(1234567);
        String[] published = {
            "6457827717110365317",
            "3203168211198807973",
            "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821"
        };
        for (String number : published) {
            assertThat(Long.toUnsignedString(generator.nextLong())).isEqualTo(number);
        }
    }

    @Test
    void derivedDrawsAreThoseOfTheFirstRelease() {
        SplitMix64 generator = new SplitMix64(1234567);
        assertThat(generator.nextInt(1000)).isEqualTo(350); // 6457827717110365317 / 2^64 = 0.35008
        assertThat(generator.nextDouble()).isEqualTo((3203168211198807973L >>> 11) * 0x1p-53);
        assertThat(generator.nextFloat()).isEqualTo((0x883EBCE5A3F27C77L >>> 40) * 0x1p-24f);
        assertThat(generator.nextGaussian()).isEqualTo(-0.29871808995590404);
        assertThat(generator.nextGaussian()).isEqualTo(0.4635978301390206);
        assertThat(generator.nextGaussian()).isEqualTo(-1.5508415101293445);
    }

    @Property
    void boundedIntsStayInside(@ForAll long seed, @ForAll @IntRange(min = 1) int bound) {
        SplitMix64 generator = new SplitMix64(seed);
        for (int i = 0; i < 20; i++) {
            assertThat(generator.nextInt(bound)).isBetween(0, bound - 1);
        }
    }

    @Test
    void boundedIntsAreEquallyLikely() {
        // Of 3 · 2^29 values, multiplication without rejection would draw each third twice as often.
        int bound = 3 << 29;
        int[] thirds = new int[3];
        int[] remainders = new int[3];
        SplitMix64 generator = new SplitMix64(1);
        for (int i = 0; i < DRAWS; i++) {
            int drawn = generator.nextInt(bound);
            thirds[drawn / (1 << 29)]++;
            remainders[drawn % 3]++;
        }
        assertThat(chiSquare(thirds)).isLessThan(CHI_SQUARE_2);
        assertThat(chiSquare(remainders)).isLessThan(CHI_SQUARE_2);
    }

    @Test
    void nonPositiveBoundIsRefused() {
        assertThatThrownBy(() -> new SplitMix64(1).nextInt(0))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("bound must be positive, but is 0");
    }

    @Test
    void fractionsFillTheUnitIntervalEvenly() {
        int[] doubles = new int[64];
        int[] floats = new int[64];
        SplitMix64 generator = new SplitMix64(2);
        for (int i = 0; i < DRAWS; i++) {
            doubles[(int) (generator.nextDouble() * 64)]++;
            floats[(int) (generator.nextFloat() * 64)]++;
        }
        assertThat(chiSquare(doubles)).isLessThan(CHI_SQUARE_63);
        assertThat(chiSquare(floats)).isLessThan(CHI_SQUARE_63);
    }

    @Test
    void gaussiansHaveTheMomentsAndTailsOfTheNormalDistribution() {
        SplitMix64 generator = new SplitMix64(3);
        double[] moments = new double[5];
        double previous = 0;
        double product = 0;
        int withinOne = 0;
        int beyondThree = 0;
        for (int i = 0; i < DRAWS; i++) {
            double x = generator.nextGaussian();
            for (int power = 1; power <= 4; power++) {
                moments[power] += Math.pow(x, power) / DRAWS;
            }
            product += x * previous / DRAWS;
            previous = x;
            withinOne += Math.abs(x) < 1 ? 1 : 0;
            beyondThree += Math.abs(x) > 3 ? 1 : 0;
        }
        // Five standard errors each: sqrt(1, 2, 15, 96, 1) / 1000, and binomial ones.
        assertThat(moments[1]).isCloseTo(0, within(0.005));
        assertThat(moments[2]).isCloseTo(1, within(0.0071));
        assertThat(moments[3]).isCloseTo(0, within(0.0195));
        assertThat(moments[4]).isCloseTo(3, within(0.049));
        assertThat(product).isCloseTo(0, within(0.005));
        assertThat(withinOne).isCloseTo(682_689, within(2330));
        assertThat(beyondThree).isCloseTo(2_700, within(260));
    }

    private static double chiSquare(int[] counts) {
        double expected = (double) Arrays.stream(counts).sum() / counts.length;
        return Arrays.stream(counts)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }

    // What chi-square exceeds once in 100,000 draws, at 2 and 63 degrees of freedom
    private static final double CHI_SQUARE_2 = 23.0;
    private static final double CHI_SQUARE_63 = 120.0;
}
