/**
 * What training minimises and what it reports: batches of labelled rows, losses, metrics.
 *
 * <p>Imports {@code linalg} and {@code spec}. Users may name the losses in specs and construct their records.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A loss owns its link</b> from logits to predictions, softmax with cross-entropy for example, so that a wrong
 *       pair cannot be built.
 *   <li><b>Losses and metrics are weighted sums</b> over rows. Sums of shards add up; whoever holds all of them divides
 *       once.
 *   <li><b>{@code loss} lies below {@code nn}</b>: a loss needs logits and labels, not a network. Together they would
 *       be a room of 30 files.
 * </ul>
 *
 * <p>CONTRIBUTING.md lists the files to touch to add a loss or a metric.
 */
@NullMarked
package dev.kindling.loss;

import org.jspecify.annotations.NullMarked;
