/**
 * Benchmarks that a stranger can rerun: {@code submit/benchmark}. Each is a class with a {@code main} that measures both
 * sides of its ratios in one run, by turns, and prints a table; medians, because machines are noisy.
 *
 * <p>Each runs in a JVM of its own, as one benchmark's compiled code must not slow the next. {@link
 * dev.kindling.bench.Benchmarks} names them all.
 */
@NullMarked
package dev.kindling.bench;

import org.jspecify.annotations.NullMarked;
