/**
 * Messages of Protocol Buffers, written by hand: TensorBoard's events and ONNX's graphs need a few dozen fields, and protobuf's
 * runtime would have to match the version that Spark's other jars bring. Imports nothing. Internal.
 */
@NullMarked
package dev.kindling.protobuf;

import org.jspecify.annotations.NullMarked;
