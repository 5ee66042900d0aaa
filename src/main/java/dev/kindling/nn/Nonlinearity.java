package dev.kindling.nn;

/** What comes between dense layers and decides how wide their weights begin. */
public sealed interface Nonlinearity extends Layer permits Activation, Maxout, Prelu {

    /** The factor by which weights before this function are drawn wider, so that variance keeps through layers. */
    double gain();

    /** Whether its slope tends to 0 on both sides, so that units with large inputs hardly learn. */
    boolean saturates();

    /** What {@link Initializer.Auto} stands for in a dense layer that this function follows. */
    default Initializer initializer() {
        return new Initializer.GlorotUniform();
    }
}
