/**
 * Saved models: how a network and its weights are written and read, in Spark's format, ONNX and safetensors.
 *
 * <p>Imports {@code ml.internal} and what is below it. Internal: its types are public only so that {@code ml} can use them, and
 * may change in any release. The format itself is kept compatible: see CONTRIBUTING.md.
 */
@NullMarked
package dev.kindling.ml.persistence;

import org.jspecify.annotations.NullMarked;
