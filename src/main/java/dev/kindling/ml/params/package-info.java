/**
 * The params of Kindling's estimators and models: names, documentation, defaults and bounds.
 *
 * <p>Imports {@code optim}, {@code nn}, {@code train} for the families that params name, and spark-mllib. Users meet
 * these interfaces as the supertypes of estimators and models in {@code ml}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Params are shared by interfaces</b> with default methods over a {@link dev.kindling.ml.params.ParamSet} that
 *       each instance makes lazily. Spark finds params by reflection on public methods. Params hold plain values:
 *       specs, numbers, arrays.
 * </ul>
 */
@NullMarked
package dev.kindling.ml.params;

import org.jspecify.annotations.NullMarked;
