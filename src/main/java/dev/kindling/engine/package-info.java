/**
 * Sums over shards: one request goes to every shard, and the answers are added in a fixed order. Spark jobs compute
 * them, or threads of this JVM; the bits are the same.
 *
 * <p>Imports {@code data}, {@code optim}, {@code nn} and what they stand on, and spark-core. Internal: its types are
 * public only so that the packages above can use them, and may change in any release.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The shape of a sum is fixed.</b> The sums of shards are added by index within groups of ⌈√shards⌉, then the
 *       groups. The driver adds them. Where they exceed 128 MB, executors add one slice each of all shards (a
 *       reduce-scatter), so that the driver receives the length of one sum: {@code aggregationDepth} moves work, not
 *       bits. Spark's {@code treeAggregate} adds in order of arrival and gives other bits from run to run.
 *   <li><b>Batches without replacement.</b> At step s of S, a shard of n rows takes positions {@code [n·s/S,
 *       n·(s+1)/S)} of its permutation for the epoch. The permutation is a keyed bijection evaluated where it is
 *       needed: nothing is stored or advanced.
 *   <li><b>Local masters need no job per step.</b> The cached shards are in the driver's own JVM, and its threads add
 *       up the same sums in the same order ({@code ShardThreads}). One Spark job stands for the run, so that it shows
 *       in the UI and can be cancelled.
 *   <li><b>Small parameters ride in the task closure</b>, which Spark broadcasts anyway. Larger ones are broadcast, and
 *       destroyed after the step.
 *   <li><b>No rehearsal of steps before the first.</b> A cluster's first epoch is slower because JVMs compile a job's path through
 *       scheduler, messages, serializers and tasks. Only jobs warm that up. While rows are packed, packing has the executors'
 *       slots; before or after it, made-up steps would take as long as the first real ones that they replace. What helps is to
 *       compile less: the JVM options in {@code conf/spark-defaults.conf}.
 *   <li><b>Configuration and computation are apart.</b> {@code RunSetup} is what every task of a run needs; it travels in
 *       closures and stays one instance per run and JVM. {@code ShardRequest} is what is asked. {@code
 *       ShardComputation} is one thread that answers, with its arrays.
 *   <li><b>Threads keep their arrays</b> between steps ({@code ShardComputation}), threads of executors too: fresh arrays of
 *       some megabytes cost more than computing in them. They are softly referenced, and nothing depends on their
 *       contents.
 *   <li><b>Local steps are stateless tasks</b> ({@code LocalSteps}): within a round, the steps of a shard depend only
 *       on its rows and on what the round began with, so the bits are the same on any executors. Optimizer slots are
 *       averaged with the parameters; kept per shard they would be state that Spark cannot rebuild. Shards return
 *       differences, because differences lose less to rounding than parameters.
 *   <li><b>Concurrent runs share rounds</b> ({@code SharedRounds}). Each run trains in a thread of its own, whatever
 *       its optimizer, and only its sums are requested together. So its bits are those of a fit alone. A round waits
 *       for all runs; a job takes as long for one step as for a dozen small ones.
 *   <li><b>Of a wide sparse network, a step sees the part that its rows touch</b> ({@code TouchedPart}). Where the first weights
 *       have a row for each input, {@code dense} or {@code embed}, the rows of inputs that are 0 in the whole batch are neither
 *       read nor get a gradient. The driver learns from the shards which inputs the next steps have ({@code Touched}, one
 *       request for up to 64 steps), takes those rows out of all vectors, and asks for the gradient of a network with those
 *       inputs alone. So the message out, the gradient, its sum and the memory for them have the length of what is touched, and
 *       sums, local steps and update rule are the code that whole networks have. Executors keep nothing: a copy of all
 *       parameters that only changes are sent to would be state that Spark cannot rebuild. Rows and columns stay in order, so
 *       the bits are those of the whole network.
 *   <li><b>The GEMM backend is chosen by what a JVM can do</b> ({@link dev.kindling.engine.GemmBackend}), never by a
 *       timing. The driver chooses, executors follow, the model records it.
 * </ul>
 */
@NullMarked
package dev.kindling.engine;

import org.jspecify.annotations.NullMarked;
