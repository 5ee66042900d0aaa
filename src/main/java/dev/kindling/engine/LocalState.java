package dev.kindling.engine;

import dev.kindling.nn.embedding.TouchedRows;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Slots;
import org.jspecify.annotations.Nullable;

/** The parameters, slots and gradient of a shard's own steps. */
final class LocalState {
    final float[] parameters;
    final Slots slots;
    final GradientSum gradient;

    private LocalState(Optimizer optimizer, int parameters) {
        this.parameters = new float[parameters];
        this.slots = new Slots(optimizer, parameters);
        this.gradient = new GradientSum(parameters);
    }

    /** Arrays for so many parameters, with anything in them: those of {@code kept} if they fit. */
    static LocalState of(Optimizer optimizer, int parameters, @Nullable LocalState kept) {
        return kept != null && kept.parameters.length == parameters ? kept : new LocalState(optimizer, parameters);
    }

    /** @param start the parameters, then the slots */
    void begin(float[] start) {
        System.arraycopy(start, 0, parameters, 0, parameters.length);
        for (int slot = 0; slot < slots.names().size(); slot++) {
            System.arraycopy(start, (1 + slot) * parameters.length, slots.vector(slot), 0, parameters.length);
        }
    }

    /** Copies what another state has of these rows. */
    void gather(TouchedRows rows, LocalState whole) {
        rows.gather(whole.parameters, parameters);
        slots.gather(rows, whole.slots);
    }

    /** Copies the state of these rows to where it comes from. */
    void scatter(TouchedRows rows, LocalState whole) {
        rows.scatter(parameters, whole.parameters);
        slots.scatter(rows, whole.slots);
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
