/**
 * What everything else counts with: matrix products and loops over {@code float[]}, exponentials and random numbers
 * that give the same bits everywhere, and the checks that refuse bad input. It knows nothing of networks.
 *
 * <p>Internal, but for {@link dev.kindling.linalg.InvalidInput}, which tells users what to mend. May import: the JDK, and the native linear algebra behind the matrix products (netlib, bytedeco). Nothing of ours.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A matrix is a {@code float[]}, an offset and sizes, row-major: no matrix class, so that a layer's weights are a
 *       slice of the one flat parameter vector and nothing is copied. Bounds are checked once at the entry of a call;
 *       the loop inside is bare. Products of sizes are taken in {@code long}.
 *   <li>{@link dev.kindling.linalg.Gemm} has three providers: OpenBLAS, the JDK's Vector API, plain Java. They are tried
 *       in that fixed order by what the JVM can do, never by a timing, for the bits of a result depend on the choice.
 *       It is also the order of speed where measured: 81, 75 and 33 GFLOP/s in the large products of a 784-256-128-10
 *       network at 128 rows, on a core whose multiply-adds peak at 102. {@link dev.kindling.linalg.GemmSpeed} is for
 *       people to read.
 *   <li>Randomness is a {@link dev.kindling.linalg.RandomKey}: derived, never advanced. A task that runs again, or
 *       elsewhere, draws the same numbers. Only code that needs a sequence makes a
 *       {@link dev.kindling.linalg.SplitMix64} from a key, and it does not outlive the method that made it.
 *   <li>{@link java.util.Random} and its kin are not used: their algorithms and their Gaussian are the JDK's to change.
 *   <li>{@link dev.kindling.linalg.Exponential} has its own polynomials because {@link Math#exp} may differ in the last
 *       bit between JVMs, CPUs, and interpreted and compiled code. Results are computed in {@code double} and rounded
 *       once, and {@code Math.fma} is not used: it is slow where the CPU lacks it.
 *   <li>What a user must mend is an {@link dev.kindling.linalg.InvalidInput}; an array too short for its sizes is a bug
 *       of the caller and stays an {@link IndexOutOfBoundsException}.
 * </ul>
 */
@NullMarked
package dev.kindling.linalg;

import org.jspecify.annotations.NullMarked;
