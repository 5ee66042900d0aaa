/**
 * Trained networks as graphs of <a href="https://onnx.ai">ONNX</a>, for other runtimes to score with.
 *
 * <p>Imports {@code linalg}, {@code spec}, {@code protobuf}, {@code loss}, {@code nn} and {@code nn.ensemble}; no Spark. Internal: users call
 * {@code exportOnnx} of a model, or the command {@code export}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The numbers of ONNX's fields</b> are those of <a
 *       href="https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto">onnx.proto</a>; {@code protobuf} encodes them.
 *   <li><b>IR 8, operators of version 17, {@code ai.onnx.ml} 2 for text</b>: ONNX Runtime 1.12 and later read them. What is
 *       younger, such as Gelu and Mish, is composed of older operators.
 *   <li><b>Double where the model has double</b>: offsets, a table's columns, layer norm, angles of waves. Elsewhere float32, so
 *       that runtimes have their fast kernels.
 *   <li><b>A row that the model refuses has no numbers</b>: NaN, and a label that no class has. A graph cannot throw, and a
 *       plausible number for a row with NaN in it would be wrong.
 *   <li><b>What a layer or loss becomes is stated here, by its class</b>, not in {@code nn} and {@code loss}, which know nothing
 *       of formats. {@code ComponentsTest} goes through all members of both families, so that none can be forgotten.
 * </ul>
 */
@NullMarked
package dev.kindling.export;

import org.jspecify.annotations.NullMarked;
