package dev.kindling.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Hostile;
import dev.kindling.Numeric;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.spec.Spec;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Specs from anyone, and the networks that they describe. */
@Numeric
class HostileSpecTest {
    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void aDamagedSpecIsAMemberOrRefused(@ForAll long seed) {
        List<byte[]> valid = Hostile.bytes(
                "adam(beta1=0.9, beta2=0.999, epsilon=1e-8)",
                "warmup(epochs(2), then=cosine(floor=0.01))",
                "factors([1 5.5, 2])",
                "nesterov(learningRate=0.7, momentum=0.9)",
                "globalNorm(1)",
                "reduce(factor=0.1, patience=10)",
                "dense(units=256, initializer=heNormal) batchNorm relu dropout(0.2), residual([dense(256) maxout(2)"
                        + " dense(256)])");
        Hostile.damage(valid, seed, Hostile.share(120, 10), 64, input -> {
            String text = Hostile.text(input);
            InvalidInput refused = null;
            int members = 0;
            for (Class<?> family : SpecTest.FAMILIES) {
                try {
                    assertThat(Spec.parseAll(family, text)).allMatch(family::isInstance);
                    members++;
                } catch (InvalidInput e) {
                    refused = e;
                }
            }
            if (members == 0) {
                throw refused;
            }
        });
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void aDamagedArchitectureIsANetworkOrRefused(@ForAll long seed) {
        List<byte[]> valid = Hostile.bytes(
                "dense(64) relu dense(10)",
                "standardize dense(64) batchNorm relu dropout(0.2) dense(10)",
                "embed(dim=8, oneHotUpTo=9, starts=[0 20], widths=[12 40]) standardize dense(8)",
                "standardize pbld(frequencies=16, dim=4, sigma=0.1, starts=[0 20], widths=[12 40]) dense(8)",
                "dense(64) residual([layerNorm relu dense(64) residual([dense(32) maxout(2) dense(64)])]) prelu dense(3)");
        Hostile.damage(valid, seed, Hostile.share(150, 10), 64, input -> {
            Network network = Network.of(64, Spec.parseAll(Layer.class, Hostile.text(input)));
            assertThat(network.parameterCount()).isNotNegative();
            assertThat(network.toString()).isNotBlank();
        });
    }

    @Test
    void nestedShapesDoNotMultiplyTheWork() {
        String text = "dense(8)";
        for (int depth = 0; depth < 7; depth++) {
            text = "residual([" + text + " relu " + text + "])";
            network(text);
        }
        network("residual([".repeat(7) + "relu ".repeat(1900) + "])".repeat(7));
        assertRefused("residual([".repeat(900) + "dense(8)" + "])".repeat(400));
        assertRefused("(".repeat(10_000));
        assertRefused("relu ".repeat(3000));
        network("relu ".repeat(2000));
        assertRefused("dense(1" + "0".repeat(9000) + ")");
        assertRefused("dropout(0." + "1".repeat(9000) + "x)");
    }

    @Test
    void networksTooLargeForAnArrayAreRefusedBeforeAnyIsMade() {
        assertRefused("dense(99999999) dense(99999999)");
        assertRefused("dense(2147483647)");
        assertRefused("dense(99999999) residual([dense(99999999)])");
        assertRefused("dense(300000000) layerNorm");
        assertRefused("embed(dim=2147483647, starts=[0], widths=[8]) dense(1)");
        assertRefused("embed(dim=300000000, starts=[0], widths=[8])");
        assertRefused("embed(starts=[0 1], widths=[1 2147483647])");
        assertRefused("plr(frequencies=2147483647, starts=[0], widths=[8])");
        assertRefused("plr(frequencies=1048576, dim=1048576, starts=[0], widths=[8])");
        assertRefused("ple(bins=1048576, starts=[0], widths=[8192])");
        assertRefused("ple(bins=1048576, starts=[0], widths=[2147483647])");
        assertRefused("pbld(dim=1048576, starts=[0 1], widths=[1 2147483647])");
    }

    private static void network(String text) {
        Network.of(8, Spec.parseAll(Layer.class, text));
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> network(text)).isInstanceOf(InvalidInput.class);
    }
}
