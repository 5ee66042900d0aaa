/** Arithmetic over {@code float[]} and offsets. Imports nothing of Kindling's and nothing of Spark's. */
@NullMarked
package dev.kindling.linalg;

import org.jspecify.annotations.NullMarked;
