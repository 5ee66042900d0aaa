/**
 * The arithmetic of embeddings over arrays that the caller owns: which inputs are embedded ({@link
 * dev.kindling.nn.embedding.Runs}), waves of numbers ({@link dev.kindling.nn.embedding.NumberWaves}) and their bins ({@link
 * dev.kindling.nn.embedding.PiecewiseLinear}).
 *
 * <p>Internal. Imports {@code linalg} only; {@code nn} uses it. It is a room of its own because {@code nn} is full, and what is
 * here knows nothing of layers, which are sealed and stay there.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A number's rows lie next to each other in scratch, {@code (frequencies, rows)}, not its frequencies: the matrix products
 *       are then long where backends are fast, although a number has few frequencies and fewer units.
 *   <li>The weights of all numbers are one block, {@code (waves, numbers · units)}: a column is a unit, as max-norm and plots
 *       take it. A pass copies each number's few weights out of it.
 *   <li>Sine and cosine are kept from the forward to the backward pass, where both are needed.
 * </ul>
 */
@NullMarked
package dev.kindling.nn.embedding;

import org.jspecify.annotations.NullMarked;
