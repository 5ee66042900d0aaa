package dev.kindling.train.scale;

import dev.kindling.engine.ShardEngine;

/**
 * Predicts a run's epochs.
 *
 * @param cores of each executor, all its own
 */
record ScaleModel(Wire wire, Compute compute, RunShape run, int cores) {
    /** Times that the driver passes over what a round of local steps returns: joined before it, scaled and copied after it. */
    private static final int PASSES = 3;

    /** With a shard for each core. */
    Prediction of(int executors, int localSteps) {
        return of(executors, executors * cores, localSteps);
    }

    /** The same, with so many shards. An epoch's last round has the steps that are left. */
    Prediction of(int executors, int shards, int localSteps) {
        long steps = run.steps();
        int whole = (int) Math.min(localSteps, steps);
        Prediction round = round(executors, shards, whole, localSteps, 0);
        long rounds = steps / whole;
        double epoch = rounds * round.round();
        int left = (int) (steps % whole);
        if (left > 0) {
            epoch += round(executors, shards, left, localSteps, 0).round();
        }
        return round(executors, shards, whole, localSteps, epoch);
    }

    /** @param steps of the round */
    private Prediction round(int executors, int shards, int steps, int localSteps, double epoch) {
        int members = run.members();
        long floats = run.floats(localSteps);
        double bytes = (double) Float.BYTES * floats * members;
        boolean onDriver = ShardEngine.addsOnDriver(shards, run.aggregationDepth(), floats);
        int waves = (shards + executors * cores - 1) / (executors * cores);
        double rows = Math.max(1, (double) run.rows() / run.steps() / shards);
        double step = localSteps > 1 ? compute.localStep(rows) : compute.step(rows);
        double update = localSteps > 1 ? PASSES * compute.pass() * floats : compute.update();
        double schedule = wire.schedule(shards);
        double returned;
        double added = compute.pass() * floats * (shards - 1);
        if (onDriver) {
            returned = wire.returned(bytes, shards);
        } else { // each executor adds a slice of all, and the driver receives one sum
            double others = (executors - 1.0) / executors * shards / executors;
            returned = wire.returned(bytes, 1) + bytes * wire.back().each() * others;
            added /= Math.min(shards, executors * cores);
            schedule += wire.schedule(executors * cores);
        }
        return new Prediction(
                executors,
                localSteps,
                schedule,
                wire.sent(bytes, executors),
                returned,
                waves * steps * step * members,
                (added + update) * members,
                epoch);
    }
}
