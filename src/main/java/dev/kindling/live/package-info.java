/**
 * Fits in the Spark UI: a tab "Training" while an application runs, and in the history server afterwards.
 *
 * <p>Internal. Imports {@code train} and what it stands on, of {@code report} what draws its curves, and spark-core,
 * private interfaces of its UI included.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A fit tells, Spark keeps.</b> {@link dev.kindling.live.LiveFit} posts events to Spark's listener bus, whose queues
 *       write them to the event log and hand them to {@code FitTracker}, which keeps fits in the application's store, in
 *       memory or on disk. Running applications and the history server differ in who posts; nothing else is written.
 *   <li><b>A fit is neither slowed nor broken.</b> To post is to put into a queue, without waiting; a queue that is full drops
 *       the event. Errors are caught on both sides of the queue, linkage errors too, as interfaces that are private to Spark
 *       may change: Spark would end the application if one came out of a listener.
 *   <li><b>The log stays small</b> however many epochs there are: after the first 256, every second is told of, after 512 every
 *       fourth, and so on, and in the end the best and the last. Steps are told of once a second, and never logged.
 *   <li><b>Epochs, not steps, make the curves</b>, those of the report, drawn by the same script.
 *   <li><b>One class differs between the Spark lines</b>, {@code TrainingPage}: 3.5 has {@code javax.servlet} and Scala 2.12's
 *       sequences in its signatures, 4.1 {@code jakarta.servlet} and 2.13's. It lies in {@code src/main/spark-3.5} and
 *       {@code src/main/spark-4.1}, of which the build compiles one. Where only the type of a sequence that is returned
 *       differs, a list is both.
 *   <li><b>The page holds its scripts</b>, Chart.js included: Spark's handler of static files knows only its own class loader,
 *       which does not see jars given to spark-submit. What it asks for while it is open is relative to its own address, so it
 *       works behind proxies and in the history server.
 *   <li><b>The tab comes with the first fit</b>, once a context: an application that does not train has none. The listener on
 *       the bus is the sign that it is there, so there is no state beside Spark's.
 *   <li><b>The history server must have the jar of its own Spark line</b>: the plugin's interface differs by a type that is
 *       returned, and Java has no way to be both. Without any jar it skips the events.
 *   <li>Figures that are no finite numbers are left out of the JSON, which has no word for them.
 * </ul>
 */
@NullMarked
package dev.kindling.live;

import org.jspecify.annotations.NullMarked;
