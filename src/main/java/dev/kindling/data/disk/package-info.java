/**
 * What of packed rows lies on disk where a heap cannot hold them: a file that is written once and mapped into memory.
 *
 * <p>Imports {@code linalg} and spark-core. Internal: {@code data} packs into it.
 *
 * <p>Why not Spark's storage on disk: it gives a block back as a whole, and each step of training looks at a few rows of every
 * block. A mapped file gives single rows, and the operating system keeps as much of it in memory as is free.
 */
@NullMarked
package dev.kindling.data.disk;

import org.jspecify.annotations.NullMarked;
