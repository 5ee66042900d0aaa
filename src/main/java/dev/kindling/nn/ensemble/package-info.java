/**
 * Several networks of one architecture that predict together.
 *
 * <p>Imports {@code linalg}, {@code loss} and {@code nn}. Internal.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Predictions are averaged, and told as logits</b>: the logits whose link gives the mean of the members' predictions
 *       ({@code Loss.average}). So metrics, evaluation and raw predictions need not know of members.
 *   <li><b>The parameters are one array</b>, member after member, as a network's are: it is broadcast and saved as they are.
 *   <li><b>The temperature divides the averaged logits</b>, not each member's: an average of calibrated members is not
 *       calibrated (Rahaman and Thiery, <a href="https://arxiv.org/abs/2007.08792">Uncertainty quantification and deep
 *       ensembles</a>, NeurIPS 2021).
 * </ul>
 */
@NullMarked
package dev.kindling.nn.ensemble;

import org.jspecify.annotations.NullMarked;
