/**
 * The spelling of configurations: {@code adam(beta1=0.9)}, {@code dense(256) relu}. One parser and one printer serve
 * Spark ML params, the command line, model files and checkpoints.
 *
 * <p>Imports {@code linalg}, for its argument checks. Users may call {@link dev.kindling.spec.Spec}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A family is a sealed interface of records.</b> The parser finds names, arguments and defaults in the records
 *       themselves, so a new member needs no entry anywhere.
 *   <li><b>Parsing undoes printing.</b> {@code parse(print(x))} equals {@code x}; a property test checks it for every
 *       family. What is printed into files names every argument, so that a file keeps its meaning when a default
 *       changes.
 * </ul>
 */
@NullMarked
package dev.kindling.spec;

import org.jspecify.annotations.NullMarked;
