/**
 * float32 arithmetic over arrays, randomness, and checks: what everything else stands on.
 *
 * <p>Imports only the JDK, and the libraries that carry the OpenBLAS provider. No Spark.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>{@link dev.kindling.linalg.Gemm} has three providers: OpenBLAS, the JDK's Vector API, plain Java. They are tried
 *       in that fixed order by what the JVM can do, never by a timing, since the bits of a result depend on the choice.
 *   <li>Keys of randomness are derived, never advanced ({@link dev.kindling.linalg.RandomKey}), and permutations are
 *       computed place by place ({@link dev.kindling.linalg.Permutation}): a task can be repeated anywhere without
 *       knowing what was drawn before it.
 *   <li>{@link dev.kindling.linalg.Exponential} is our own, as the JDK's functions are either not the same on every JVM
 *       or slow.
 *   <li>What a user must mend is an {@link dev.kindling.linalg.InvalidInput} wherever it is found; what a caller's code
 *       does wrong is one of the JDK's exceptions.
 * </ul>
 */
@NullMarked
package dev.kindling.linalg;

import org.jspecify.annotations.NullMarked;
