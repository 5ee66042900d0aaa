/**
 * The arithmetic of embeddings over arrays that the caller owns: which inputs are embedded ({@link
 * dev.kindling.nn.embedding.Runs}), looking them up ({@link dev.kindling.nn.embedding.Tables}), waves of numbers ({@link
 * dev.kindling.nn.embedding.NumberWaves}) and their bins ({@link dev.kindling.nn.embedding.PiecewiseLinear}).
 *
 * <p>Internal. Imports {@code linalg} only; {@code nn} uses it, and what moves parts of its vectors: {@code optim},
 * {@code engine} and {@code train}. It is a room of its own because {@code nn} is full, and what is
 * here knows nothing of layers, which are sealed and stay there.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A number's rows lie next to each other in scratch, {@code (frequencies, rows)}, not its frequencies: the matrix products
 *       are then long where backends are fast, although a number has few frequencies and fewer units.
 *   <li>The weights of all numbers are one block, {@code (waves, numbers · units)}: a column is a unit, as max-norm and plots
 *       take it. A pass copies each number's few weights out of it.
 *   <li>The rows of an embedding or of a first dense layer that a batch touches are a matrix of their own ({@link
 *       dev.kindling.nn.embedding.TouchedRows}). Its number of rows is rounded up, because arrays of many megabytes that fit the
 *       next step too cost less than fresh ones.
 *   <li>Sine and cosine are kept from the forward to the backward pass, where both are needed.
 * </ul>
 */
@NullMarked
package dev.kindling.nn.embedding;

import org.jspecify.annotations.NullMarked;
