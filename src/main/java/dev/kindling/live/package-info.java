/**
 * Shows fits in the Spark UI: a tab "Training" while an application runs, and in the history server afterwards.
 *
 * <p>Internal. Imports {@code train} and what it imports, the script of {@code report} that draws curves, and
 * spark-core including private interfaces of its UI.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A fit posts events, Spark stores them.</b> {@link dev.kindling.live.LiveFit} posts events to Spark's
 *       listener bus. The bus writes them to the event log and passes them to {@code FitTracker}, which keeps fits in
 *       the application's store, in memory or on disk. In a running application the fit posts the events, in the
 *       history server the event log is replayed; nothing else is written.
 *   <li><b>The tab neither slows nor breaks a fit.</b> Posting puts an event into a queue without waiting; a full queue
 *       drops it. Errors are caught on both sides of the queue, including linkage errors, because Spark's private
 *       interfaces may change: Spark would end the application if a listener threw one.
 *   <li><b>The log stays small</b> however many epochs there are: after the first 256, every second epoch is posted,
 *       after 512 every fourth, and so on, and at the end the best and the last. A step is posted once a second, and
 *       never logged.
 *   <li><b>Curves show epochs, not steps</b>, as in the report, and are drawn by the same script.
 *   <li><b>One class differs between the Spark lines</b>, {@code TrainingPage}: 3.5 has {@code javax.servlet} and its
 *       json4s in its signatures, 4 has {@code jakarta.servlet} and another json4s. It lies in {@code src/main/spark-3.5}
 *       and {@code src/main/spark-4.1}, and the build compiles one of them. Where only the sequence type of a return value
 *       differs, a {@code List} of Scala is both.
 *   <li><b>What Spark puts around the page is looked up</b> ({@link dev.kindling.spark.PageFrame}), because that method
 *       takes other arguments in each few versions. Where it is gone, the page stands without Spark's head.
 *   <li><b>The page contains its scripts</b>, including Chart.js: Spark's handler of static files uses a class loader
 *       that does not see jars given to spark-submit. The page requests updates relative to its own address, so it
 *       works behind proxies and in the history server.
 *   <li><b>The first fit adds the tab</b>, once per context: an application that does not train has none. The listener
 *       on the bus shows that the tab exists, so there is no state outside Spark's.
 *   <li><b>The history server must have the jar of its own Spark line</b>: a return type in the plugin's interface
 *       differs, and no Java class can implement both. Without a jar it skips the events.
 *   <li>Figures that are not finite are left out, because JSON cannot represent them.
 * </ul>
 */
@NullMarked
package dev.kindling.live;

import org.jspecify.annotations.NullMarked;
