/**
 * Saved models: how a network and its weights are written and read.
 *
 * <p>Imports {@code ml.internal} and what is below it. Internal: its types are public only so that {@code ml} can use them, and
 * may change in any release. The format itself is kept compatible: see CONTRIBUTING.md.
 *
 * <p>A model without offsets is written in format 1, which earlier releases read; one with offsets in format 2, which they
 * refuse, because they would not subtract them. Several members, or a temperature, are format 3.
 */
@NullMarked
package dev.kindling.ml.persistence;

import org.jspecify.annotations.NullMarked;
