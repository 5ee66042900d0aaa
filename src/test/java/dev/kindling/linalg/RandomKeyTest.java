package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Numeric;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

@Numeric
final class RandomKeyTest {
    /** A change here changes every result a user has with a seed: say so in the release notes. */
    @Test
    void keysAreThoseOfTheFirstRelease() {
        assertThat(RandomKey.of(0).bits()).isEqualTo(0xE220A8397B1DCDAFL); // the reference's first output for seed 0
        assertThat(RandomKey.of(42).fold(RandomKey.DROPOUT).fold(3).fold(1).bits())
                .isEqualTo(0x9EE827DED30A9BCAL);
        assertThat(RandomKey.of(42).fold(RandomKey.DROPOUT).fold(1).fold(3).bits())
                .isEqualTo(0xAD3DF4D88B49A56CL);
        assertThat(RandomKey.of(42).generator().nextLong()).isEqualTo(0x57E1FABA65107204L);
    }

    @Property
    void differentDataGiveDifferentKeys(@ForAll long seed, @ForAll long one, @ForAll long other) {
        RandomKey key = RandomKey.of(seed);
        assertThat(key.fold(one).equals(key.fold(other))).isEqualTo(one == other);
    }

    @Property
    void theOrderOfFoldsMatters(@ForAll long seed, @ForAll long one, @ForAll long other) {
        RandomKey key = RandomKey.of(seed);
        assertThat(key.fold(one).fold(other).equals(key.fold(other).fold(one))).isEqualTo(one == other);
    }

    @Test
    void smallSeedsStreamsAndStepsNeverMeet() {
        Set<Long> keys = new HashSet<>();
        long[] streams = {RandomKey.INITIALIZE, RandomKey.SPREAD, RandomKey.SHUFFLE, RandomKey.DROPOUT, RandomKey.SPLIT
        };
        for (int seed = 0; seed < 20; seed++) {
            for (long stream : streams) {
                for (int step = 0; step < 50; step++) {
                    for (int shard = 0; shard < 20; shard++) {
                        keys.add(RandomKey.of(seed)
                                .fold(stream)
                                .fold(step)
                                .fold(shard)
                                .bits());
                    }
                }
            }
        }
        assertThat(keys).hasSize(20 * streams.length * 50 * 20);
    }

    @Test
    void oneBitOfDataFlipsHalfOfTheKey() {
        RandomKey key = RandomKey.of(5);
        for (int bit = 0; bit < 64; bit++) {
            int flipped = 0;
            for (int data = 0; data < 1000; data++) {
                flipped += Long.bitCount(
                        key.fold(data).bits() ^ key.fold(data ^ (1L << bit)).bits());
            }
            // Binomial(64,000, 1/2): mean 32,000, standard deviation 126
            assertThat(flipped).as("bit %d", bit).isBetween(32_000 - 6 * 126, 32_000 + 6 * 126);
        }
    }

    @Test
    void foldingAndDrawingLeaveTheKeyAlone() {
        RandomKey key = RandomKey.of(9);
        long first = key.generator().nextLong();
        key.fold(1).generator().nextLong();
        assertThat(key.generator().nextLong()).isEqualTo(first);
        assertThat(key).isEqualTo(RandomKey.of(9)).hasSameHashCodeAs(RandomKey.of(9));
        assertThat(key).isNotEqualTo(RandomKey.of(10)).hasToString("RandomKey[" + Long.toHexString(key.bits()) + "]");
    }

    @Test
    void serialisedKeyIsTheSameKey() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(RandomKey.of(3).fold(4));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(RandomKey.of(3).fold(4));
        }
    }
}
