/**
 * Files of named tensors in the format of <a href="https://huggingface.co/docs/safetensors">safetensors</a>: a header in JSON,
 * then plain numbers. Nothing in such a file is code. Checkpoints and exported models are such files.
 *
 * <p>Imports {@code linalg}, and Jackson. Internal: users call {@code exportSafetensors} of a model, or the command {@code export}.
 *
 * <p>{@code TensorFile} reads what Kindling wrote, byte by byte, by its checksum; {@code ForeignTensors} what others wrote.
 */
@NullMarked
package dev.kindling.safetensors;

import org.jspecify.annotations.NullMarked;
