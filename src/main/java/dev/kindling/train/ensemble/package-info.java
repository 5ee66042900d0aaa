/**
 * What is trained around single networks: several at once, and the temperature of their probabilities.
 *
 * <p>Imports {@code train} and what it stands on. Internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Members are runs of the trainer that share rounds</b>, as trials of a search are: each has the bits of a run alone
 *       and checkpoints of its own. Member k, from 0, has the seed of the run plus k.
 *   <li><b>Each member is validated on rows of its own</b> where rows are few: the 15 % that choose the best epoch would else be
 *       lost to all members, and one row in seven is missed most where there are few.
 *   <li><b>Listeners hear of the first member only.</b> Members go through their epochs side by side, and a curve of one of
 *       them is a curve of a real run; a mean of curves is not. Only a failure is told whichever member had it first.
 *   <li><b>The temperature is fitted by Newton's method in passes over the validation rows</b>: the loss is convex in its
 *       inverse, and some six passes find it to seven digits. Targets are smoothed, as Platt's are, so that there is a
 *       best one even if all rows are predicted right.
 * </ul>
 */
@NullMarked
package dev.kindling.train.ensemble;

import org.jspecify.annotations.NullMarked;
