/**
 * What training does, on problems small enough to be seen whole: {@code kindling demo}.
 *
 * <p>Internal. Imports {@code linalg}, {@code nn}, {@code optim} and, for the page, {@code report}; nothing of Spark. Everything
 * shown is computed by the classes that train on a cluster: networks are {@link dev.kindling.nn.Network}s, their steps are
 * {@link dev.kindling.optim.UpdateRule}'s, the paths on surfaces are those of each {@link dev.kindling.optim.FirstOrder}
 * over two parameters, first weights are an {@link dev.kindling.nn.Initializer}'s, gradients a {@link
 * dev.kindling.nn.GradientSource}'s.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>No Spark job</b>: a few hundred points are one batch, and a step of all of them takes less than a job's start.
 *   <li><b>The plain Java products</b>, whatever else the JVM has: fast enough here, and one seed then gives the same page
 *       everywhere, but for milliseconds, which come from a clock that is passed in.
 *   <li><b>No learning rate is chosen by taste</b> where optimizers are compared: each has, of the rates 1, 2 and 5 times
 *       powers of ten, the one whose path lies lowest on average over its steps.
 *   <li><b>The three ways to a gradient have equal budgets</b> of passes through the network, a forward or a backward
 *       pass counting 1, and the same first weights. Random search is that of {@code train}, which there is bound to shards: a
 *       perturbation is kept where it lowers the loss. Here all steps see the same rows, so that the loss to beat is known
 *       and a try costs one pass.
 *   <li><b>Initialisers appear as their papers have them</b>: Xavier's with gain 1 and He's with relu's √2, behind either
 *       function. As a layer's initializer {@code glorotNormal} takes the gain of the function that follows, and between
 *       layers of one width would not differ from {@code heNormal}.
 *   <li>What the page draws are records, written as JSON component by component: the page's script reads their names.
 * </ul>
 */
@NullMarked
package dev.kindling.teach;

import org.jspecify.annotations.NullMarked;
