/**
 * A trained model without Spark: what describes its network, what it makes of a row's features, and the one file that holds
 * all of it.
 *
 * <p>Imports {@code linalg}, {@code spec}, {@code loss}, {@code nn}, {@code nn.ensemble} and {@code safetensors}, and Jackson; no
 * Spark. Internal: {@code ml} stands on it inside of Spark and {@code score} outside, so that both predict with the same bits.
 *
 * <p>A model without offsets is written in format 1, which earlier releases read; one with offsets in format 2, which they
 * refuse, because they would not subtract them. Several members, or a temperature, are format 3.
 */
@NullMarked
package dev.kindling.model;

import org.jspecify.annotations.NullMarked;
