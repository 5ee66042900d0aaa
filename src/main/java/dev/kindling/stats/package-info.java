/**
 * Statistics of the columns of cached rows, which checks judge.
 *
 * <p>Imports {@code data}, {@code spark} and spark-core. Internal: its types are public only so that the packages above can use
 * them, and may change in any release.
 */
@NullMarked
package dev.kindling.stats;

import org.jspecify.annotations.NullMarked;
