package dev.kindling.ml.internal;

import dev.kindling.ml.params.MlpParams;

/** A model's params together with its trained network. */
public interface HasNetwork extends MlpParams {

    /** The trained network. Not for callers. */
    NetworkWeights trained();
}
