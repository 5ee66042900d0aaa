/**
 * Places that commands read and write: paths of any file system, the outputs that may be replaced, failures as sentences, and
 * the end of the JVM while a command writes.
 *
 * <p>Internal: its types are public only so that the packages above can use them, and may change in any release.
 * Imports {@code linalg}, {@code spark}, {@code train}, {@code job.input}, spark-sql and Hadoop's file systems. It was part of {@code
 * job.io}, which grew too large, and knows nothing of models.
 */
@NullMarked
package dev.kindling.job.storage;

import org.jspecify.annotations.NullMarked;
