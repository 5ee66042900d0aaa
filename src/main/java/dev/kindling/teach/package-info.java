/**
 * Shows what training does, on problems small enough to see whole: {@code kindling demo}.
 *
 * <p>Internal. Imports {@code linalg}, {@code spec}, {@code loss}, {@code nn}, {@code optim} and, for the page,
 * {@code report}; nothing of Spark. The classes that train on a cluster compute everything on the page: networks are
 * {@link dev.kindling.nn.Network}s, their steps are taken by {@link dev.kindling.optim.UpdateRule}, the paths on
 * surfaces are {@link dev.kindling.optim.FirstOrder} optimizers over two parameters, initial weights come from an
 * {@link dev.kindling.nn.Initializer}, and gradients from a {@link dev.kindling.optim.GradientSource}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>No Spark job.</b> A few hundred points are one batch, and a step over all of them takes less time than
 *       starting a job.
 *   <li><b>The plain Java GEMM backend</b>, even if the JVM has a faster one. It is fast enough here, and one seed
 *       gives the same page everywhere, except for milliseconds, which come from a clock that the caller passes in.
 *   <li><b>No learning rate is chosen by taste</b> when optimizers are compared. Each optimizer gets the rate whose
 *       path has the lowest mean height, out of 1, 2 and 5 times powers of ten.
 *   <li><b>The three ways to get a gradient have equal budgets</b> of passes through the network (a forward pass and a
 *       backward pass count 1 each) and the same initial weights. Random search is the one of {@code train}, whose code
 *       works on shards: it keeps a perturbation if the loss is lower. Here all steps see the same rows, so the loss to
 *       beat is known and a try costs one pass.
 *   <li><b>Initialisers appear as in their papers</b>: Xavier with gain 1 and He with relu's √2, in front of either
 *       activation. In a layer, {@code glorotNormal} takes the gain of the activation that follows, and between layers
 *       of equal width it would not differ from {@code heNormal}.
 *   <li>The page draws records, written to JSON component by component; the page's script reads their names.
 * </ul>
 */
@NullMarked
package dev.kindling.teach;

import org.jspecify.annotations.NullMarked;
