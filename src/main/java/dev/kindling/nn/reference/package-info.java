/**
 * The networks of {@code nn} in naive double arithmetic, against which tests and the gradient check before training measure
 * the float32 core.
 *
 * <p>Imports {@code nn}, {@code loss} and {@code linalg}: their configuration records and, for dropout, the random draws. It
 * is main code, because {@code check} needs a reference that shares no arithmetic with what it checks, and a room of its own
 * for the same reason.
 */
@NullMarked
package dev.kindling.nn.reference;

import org.jspecify.annotations.NullMarked;
