package dev.kindling.engine;

import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Slots;

/** The parameters, slots and gradient of a shard's own steps. */
final class LocalState {
    final float[] parameters;
    final Slots slots;
    final GradientSum gradient;

    LocalState(Optimizer optimizer, int parameters) {
        this.parameters = new float[parameters];
        this.slots = new Slots(optimizer, parameters);
        this.gradient = new GradientSum(parameters);
    }

    /** @param start the parameters, then the slots */
    void begin(float[] start) {
        System.arraycopy(start, 0, parameters, 0, parameters.length);
        for (int slot = 0; slot < slots.names().size(); slot++) {
            System.arraycopy(start, (1 + slot) * parameters.length, slots.vector(slot), 0, parameters.length);
        }
    }

    /** Writes how far the parameters moved, then the slots, both times {@code weight}. */
    void end(float[] start, float weight, float[] to) {
        for (int i = 0; i < parameters.length; i++) {
            to[i] = weight * (parameters[i] - start[i]);
        }
        for (int slot = 0; slot < slots.names().size(); slot++) {
            float[] vector = slots.vector(slot);
            int base = (1 + slot) * parameters.length;
            for (int i = 0; i < vector.length; i++) {
                to[base + i] = weight * vector[i];
            }
        }
    }
}
