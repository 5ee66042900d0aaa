/**
 * Packs rows into cached shards, and computes moments and cross-validation folds from those shards.
 *
 * <p>Imports {@code data.disk}, {@code spark}, {@code loss}, {@code spec}, {@code linalg} and spark-core; no spark-sql. Internal: its
 * types are public only so that the packages above can use them, and may change in any release.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A row's contents decide where it goes.</b> A keyed hash of its values decides its shard, its order there
 *       and its side of the validation split. Spark gives rows no lasting order: the order changes with the number of
 *       cores that read a file and, after a shuffle, from run to run, and a lost partition may come back in another
 *       order. Spreading rows by position could not give the same bits twice; spreading by contents does. The price:
 *       shards are even only to within chance (√(rows per shard)), and copies of a row share a shard.
 *   <li><b>One pass over the source.</b> Checking, packing and spreading share it. A row that cannot be used travels to
 *       the driver as data: a task that throws would be tried four times and bury the message under stack traces.
 *   <li><b>An offset where float32 would lose the values</b> ({@link dev.kindling.linalg.Offsets}). A column of Unix
 *       seconds, or a target of 1e9 + [0, 10], is destroyed by rounding before anything could centre it. So packing
 *       watches the least and the largest value of each column in double, and packs again, less the middle of the range,
 *       if that is more than 256 times half the range: then float32 rounds to more than 2⁻¹⁶ of it. Only the extremes
 *       decide, so the bits do not depend on the rows' order. Rows that need no offset have the bits they had before
 *       there were any, and are read once. Offsets belong to the model, which subtracts them in double.
 *   <li><b>No shuffle within one JVM.</b> Writing rows to shuffle files and reading them back costs more than packing
 *       them. So local masters cache the pieces and each shard picks its own, if all pieces are in memory and as much
 *       memory again is free; otherwise, and on clusters, pieces are shuffled. Shards sort their rows, so their bits
 *       are the same either way.
 *   <li><b>From disk at almost the speed of memory.</b> Where the rows do not fit into a local master's memory, shards are merged
 *       one at a time from pieces in a mapped file into another, and steps copy rows from there. Only eight bytes a row are
 *       sorted on the heap. Rows stored sparsely stay on the heap, or in Spark's storage on disk.
 *   <li><b>A fold is a view</b> of the cached shards. The rows of a shard are ordered by hash, so any contiguous part
 *       of them is a random one, given by two numbers. Nothing is packed again, and nothing copied unless rows were set
 *       aside: those are joined with the others once in each JVM. Copies of a row lie side by side and stay in one
 *       fold, except at a cut.
 *   <li><b>Moments are joined in shard order</b> ({@link dev.kindling.data.Moments}), so that their bits do not vary.
 *   <li><b>Records do not cross the wire as data</b>: the Kryo that Spark ships cannot write them. They travel in
 *       closures.
 * </ul>
 */
@NullMarked
package dev.kindling.data;

import org.jspecify.annotations.NullMarked;
