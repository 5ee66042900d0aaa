/**
 * The params of Kindling's estimators and models: names, documentation, defaults, bounds, and options on the command line.
 *
 * <p>To add a param: state it in {@link dev.kindling.ml.params.ParamSet}; add its accessor and getter to {@link
 * dev.kindling.ml.params.MlpParams} and its setter to {@code ml.MlpEstimatorParams}; read it in {@code ml.internal.ParsedParams}.
 * The command line, its help and the search derive the rest.
 *
 * <p>Imports {@code optim}, {@code nn}, {@code train}, {@code table} for the families that params name, and spark-mllib. Users meet
 * these interfaces as the supertypes of estimators and models in {@code ml}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Params are shared by interfaces</b> whose default methods read a {@link dev.kindling.ml.params.ParamSet},
 *       which each instance creates lazily. Spark finds params by reflection on public methods. Params hold plain
 *       values: specs, numbers, arrays; or a stage of which setters and getters copy ({@code StageParam}).
 *   <li><b>The uid.</b> Spark's Scala traits build their params inside {@code super()}, and read {@code uid()} before
 *       the body of a Java constructor runs. So the field has no initialiser, {@link
 *       dev.kindling.ml.params.UidAndParams} is made at first use, and a uid given to a constructor is stashed there
 *       before {@code super()}.
 *   <li><b>Presets are sets of defaults, not of values</b> ({@code Preset}). What the user sets wins in any order, and Spark's own
 *       {@code explainParams}, copies and files know which is which. {@code ParamSet} states the preset {@code default}; the others
 *       list differences. Where a default does not go with what the user sets, it gives way ({@code ml.internal.ParsedParams}).
 *   <li><b>The command line's option is a property of the param</b>, so that name, type, default and help cannot differ
 *       between the two. One text serves both: references in braces become param names or options.
 * </ul>
 */
@NullMarked
package dev.kindling.ml.params;

import org.jspecify.annotations.NullMarked;
