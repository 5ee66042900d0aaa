/**
 * The distributed training loop: rows packed into cached shards, and steps over them as Spark jobs.
 *
 * <p>Imports {@code optim}, {@code nn}, {@code linalg} and spark-core; no spark-sql.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A row's place follows from its contents.</b> Its shard, its order there and its side of the validation split
 *       come from a keyed hash of its values. Spark gives rows no lasting order: it changes with the number of cores that
 *       read a file and, after a shuffle, from run to run, and a lost partition may come back in another one. So spreading
 *       by position could not give the same bits twice; spreading by contents does, for the same set of rows. The price:
 *       shards are even to within chance (√(rows per shard)), and copies of one row share a shard.
 *   <li><b>One pass over the source.</b> Checks, packing and spreading share it. A row that cannot be used travels to the
 *       driver as data: a task that throws would be tried four times and bury the sentence under stack traces.
 *   <li><b>No shuffle within one JVM.</b> Writing the rows to a shuffle's files and reading them costs more than packing
 *       them. So local masters cache the pieces, and each shard picks its own, if all are in memory and as much is left; if
 *       not, and on clusters, they are shuffled. Shards sort their rows, so their bits are the same either way.
 *   <li><b>Batches without replacement.</b> At step s of S a shard of n rows takes positions {@code [n·s/S, n·(s+1)/S)} of
 *       its permutation for the epoch, a keyed bijection evaluated where it is needed: nothing is stored or advanced.
 *   <li><b>The shape of a sum is fixed.</b> Shards' sums are added in index order within groups of ⌈√shards⌉, then the
 *       groups. The driver adds them; where they are more than 128 MB, executors add a slice each, all shards' of it (a
 *       reduce-scatter), so that the driver receives the length of one: {@code aggregationDepth} moves work, not bits.
 *       {@code treeAggregate} adds in order of arrival.
 *   <li><b>Local masters need no job a step.</b> There the cached shards are in the driver's own JVM, and its threads add
 *       up the same sums in the same order ({@code ShardThreads}). One Spark job stands for the run, so that it shows in
 *       the UI and can be cancelled like any other.
 *   <li><b>Small parameters ride in the task's closure</b>, which Spark broadcasts anyway; larger ones are broadcast
 *       and destroyed after the step. Both, and the gradients, write themselves to the wire in bulk ({@code OnWire}), as
 *       serializers take floats one by one.
 *   <li><b>Threads keep their arrays</b> from one step to the next ({@code Scratch}), executors' threads too: fresh ones of
 *       some megabytes cost more than computing in them. They are softly held and follow from nothing but sizes.
 *   <li><b>Local steps are a mode of their own</b>, not a relaxed one: within a round a shard's steps depend on its rows
 *       and what the round began with alone, so tasks stay stateless and the bits are the same on any executors. Slots are
 *       averaged with the parameters; kept per shard they would be state that Spark cannot rebuild. What crosses is how far
 *       each shard went, times its weight: differences lose less to rounding than parameters.
 *   <li>A {@code Run} is the epochs and what is judged after each; a {@code Descent} is how an epoch
 *       moves the parameters; {@code ShardWork} are the sums over shards that both ask for, and a {@code ShardEngine} computes
 *       them. L-BFGS is Breeze's, which Spark
 *       carries; its line search evaluates the loss of all rows, so an epoch may take several jobs.
 *   <li><b>A checkpoint is all of {@code TrainState}</b>, and what run it is of ({@code Identity}), in one file with a
 *       checksum ({@code TensorFile}), which is also what says that it is whole: no commit marker besides. It may lie
 *       between any two steps. What L-BFGS remembers is Breeze's; its parts are kept as arrays ({@code Curvature}) and
 *       handed back to it, as nothing read from disk is deserialised.
 *   <li><b>A checkpoint that cannot be written ends the run</b>: one who asked for them should not lose hours later what
 *       could have been saved now. While one is being written, training goes on.
 *   <li>The first parameters follow from the seed and from the {@code Moments} of the shards, which are joined in shard
 *       order: what {@code standardize} needs, and the bias of the outputs.
 *   <li>Class weights multiply the weights of training rows, in the loss and in the metric; validation rows keep theirs,
 *       as in Keras.
 *   <li>Training loss and metric are those of the batches as they were trained on (dropout on, before the update), as
 *       Keras reports them; validation is a pass of its own. A pass over all training rows would cost a third of an epoch.
 *   <li><b>Metrics are the trainer's own</b> ({@code RunMetrics}), not a listener's: they need each step, of which listeners
 *       are not told. Their names are the same for every run, so runs at once
 *       share a source: Spark's metrics system takes one away by the beginning of its name.
 *   <li><b>Runs at once share rounds</b> ({@code SharedRounds}), not a loop of their own: each trains in its own thread as it
 *       would alone, whatever its optimizer, and only its sums are asked for together. So its bits are those of a fit alone. A
 *       round waits for all, which costs nothing where rounds do: a job takes as long for one step as for a dozen small ones.
 *   <li><b>A fold is a view</b> of the cached shards: each shard's rows stand in the order of their hashes, so that a part of
 *       them is one at random, found by two numbers. Nothing is packed again or copied, and copies of a row, side by side,
 *       stay in one fold but at a cut.
 *   <li>Records do not cross the wire as data: the Kryo that Spark ships cannot write them. They travel in closures.
 * </ul>
 */
@NullMarked
package dev.kindling.train;

import org.jspecify.annotations.NullMarked;
