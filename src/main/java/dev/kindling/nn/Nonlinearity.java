package dev.kindling.nn;

/** A function between dense layers, which decides how wide the initial weights are. */
public sealed interface Nonlinearity extends Layer permits Activation, Maxout, Prelu {

    /**
     * The factor that widens the initial weights before this function, so that the variance stays the same through
     * layers.
     */
    double gain();

    /** Whether the slope tends to 0 on both sides, so that units with large inputs hardly learn. */
    default boolean saturates() {
        return false;
    }

    /** The initialiser that {@link Initializer.Auto} picks for a dense layer before this function. */
    default Initializer initializer() {
        return saturates() ? new Initializer.GlorotUniform() : new Initializer.HeNormal();
    }
}
