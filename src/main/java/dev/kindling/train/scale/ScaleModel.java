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

    /** The same over a part of the network: copied out of the whole and back, too. */
    private static final int PASSES_OF_PART = 5;

    /** With a shard for each core. */
    Prediction of(int executors, int localSteps) {
        return of(executors, executors * cores, localSteps);
    }

    /** The same, with so many shards. An epoch's last round has the steps that are left. */
    Prediction of(int executors, int shards, int localSteps) {
        long steps = run.steps();
        int whole = (int) Math.min(localSteps, steps);
        Prediction round = round(executors, shards, whole, localSteps);
        long rounds = steps / whole;
        double epoch = rounds * round.round();
        int left = (int) (steps % whole);
        if (left > 0) {
            epoch += round(executors, shards, left, localSteps).round();
        }
        return round.withEpoch(epoch);
    }

    /** @param steps of the round */
    private Prediction round(int executors, int shards, int steps, int localSteps) {
        int members = run.members();
        int slots = executors * cores;
        double rows = Math.max(1, run.stepRows() / shards); // of a shard in a step
        boolean part = run.isPart(localSteps);
        double length = run.floats(steps, localSteps); // of a sum
        double answer = run.answered(steps, localSteps, shards); // what a shard sends of it
        double bytes = Float.BYTES * answer * members;
        int waves = (shards + slots - 1) / slots;
        double step = localSteps > 1 ? compute.localStep(rows) : compute.step(rows);
        double update = localSteps > 1 ? (part ? PASSES_OF_PART : PASSES) * compute.pass() * length : compute.update();
        double schedule = wire.schedule(shards);
        double returned;
        double added = compute.pass() * length * (shards - 1);
        if (ShardEngine.addsOnDriver(shards, run.aggregationDepth(), (long) length)) {
            returned = wire.returned(bytes, shards);
        } else { // each executor adds a slice of all, and the driver receives one sum
            double others = (executors - 1.0) / executors * shards / executors;
            returned = wire.returned(Float.BYTES * length * members, 1)
                    + bytes * wire.back().each() * others;
            added /= Math.min(shards, slots);
            schedule += wire.schedule(slots);
        }
        Prediction round = new Prediction(
                executors,
                localSteps,
                schedule,
                wire.sent(Float.BYTES * run.sent(steps, localSteps) * members, executors),
                returned,
                waves * steps * step * members,
                (added + update) * members,
                0);
        return part ? round.plus(asking(executors, shards, steps)) : round;
    }

    /** A round's share of the job that asks what some rounds to come touch. */
    private Prediction asking(int executors, int shards, int steps) {
        Touches touches = run.touches();
        int members = run.members();
        double rows = steps * run.stepRows();
        double rounds = Math.min(touches.ahead(rows), Math.ceil((double) run.steps() / steps));
        double numbers = touches.numbers(rows / shards); // of a shard
        int waves = (shards + executors * cores - 1) / (executors * cores);
        return new Prediction(
                executors,
                steps,
                wire.schedule(shards) / rounds,
                0,
                wire.returned(Integer.BYTES * numbers * rounds * members, shards) / rounds,
                waves * touches.marking(rows / shards) * members,
                touches.joining(numbers * shards) * members,
                0);
    }
}
