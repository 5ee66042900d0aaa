/**
 * The numeric primitives: matrix products and loops over {@code float[]}, exponentials and random numbers that give the
 * same bits everywhere, and the checks that refuse bad input. This package knows nothing of networks.
 *
 * <p>Internal, except for {@link dev.kindling.linalg.InvalidInput}, which tells users what to fix. Imports: the JDK and
 * the native linear algebra libraries behind the matrix products (netlib, bytedeco); no other package of Kindling.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A matrix is a row-major {@code float[]} with an offset and sizes. There is no matrix class, so a layer's
 *       weights are a slice of the one flat parameter vector and nothing is copied. Each call checks its bounds once,
 *       at the entry; the loop inside has no checks. Products of sizes are computed in {@code long}.
 *   <li>{@link dev.kindling.linalg.Gemm} has three backends: OpenBLAS, the JDK's Vector API and plain Java. A JVM uses
 *       the first one that it supports, in that fixed order. A timing never decides, because the bits of a result
 *       depend on the backend. The order is also the order of speed where it was measured: 81, 75 and 33 GFLOP/s in the
 *       large products of a 784-256-128-10 network at 128 rows, on a core whose multiply-adds peak at 102.
 *       {@link dev.kindling.linalg.GemmSpeed} reports speed to people; no code depends on it.
 *   <li>Randomness is a {@link dev.kindling.linalg.RandomKey}: keys are derived, never advanced. A task that runs
 *       again, or on another machine, draws the same numbers. Code that needs a sequence creates a
 *       {@link dev.kindling.linalg.SplitMix64} from a key and drops it before the method returns.
 *   <li>{@link java.util.Random} and similar classes are not used: a new JDK may change their algorithms and their
 *       Gaussian.
 *   <li>{@link dev.kindling.linalg.Exponential} has its own polynomials because {@link Math#exp} may differ in the last
 *       bit between JVMs, CPUs, and interpreted and compiled code. Results are computed in {@code double} and rounded
 *       once. {@code Math.fma} is not used: it is slow on CPUs without the instruction.
 *   <li>User errors are {@link dev.kindling.linalg.InvalidInput}. An array that is too short for its sizes is a bug of
 *       the caller and stays an {@link IndexOutOfBoundsException}.
 * </ul>
 */
@NullMarked
package dev.kindling.linalg;

import org.jspecify.annotations.NullMarked;
