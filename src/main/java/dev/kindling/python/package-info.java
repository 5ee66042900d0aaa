/**
 * What the Python package {@code kindling} needs of Java beyond the public types, in forms that Py4J passes. Internal: only {@code
 * src/main/python} calls it.
 *
 * <ul>
 *   <li>A Python object implements {@link dev.kindling.python.Callback}, not {@link dev.kindling.train.TrainListener}: through a proxy
 *       default methods are calls to Python too, and each would cost a step a millisecond.
 *   <li>Arrays travel as bytes. Py4J fetches an array of floats one by one.
 * </ul>
 */
@NullMarked
package dev.kindling.python;

import org.jspecify.annotations.NullMarked;
