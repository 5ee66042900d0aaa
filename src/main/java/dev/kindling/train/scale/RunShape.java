package dev.kindling.train.scale;

import dev.kindling.train.RunConfig;

/**
 * The sizes of a run.
 *
 * @param rows to train on
 * @param batch rows in a step
 * @param parameters in floats
 * @param vectors of the optimizer's state, each as long as the parameters
 * @param localSteps that the run takes
 * @param aggregationDepth as in the run's options
 * @param members networks that are trained at once
 */
record RunShape(long rows, int batch, int parameters, int vectors, int localSteps, int aggregationDepth, int members) {

    static RunShape of(RunConfig run, long rows, int members) {
        return new RunShape(
                rows,
                run.options().batchSize(),
                run.network().parameterCount(),
                run.rule().optimizer().vectors(),
                run.options().localSteps(),
                run.options().aggregationDepth(),
                members);
    }

    /** The steps of an epoch. */
    long steps() {
        return (rows + batch - 1) / batch;
    }

    /** The floats that a round moves each way, for each member: with local steps, the optimizer's state too. */
    long floats(int steps) {
        return (long) parameters * (steps > 1 ? 1 + vectors : 1);
    }

    RunShape withBatch(int value) {
        return new RunShape(rows, value, parameters, vectors, localSteps, aggregationDepth, members);
    }

    RunShape withMembers(int value) {
        return new RunShape(rows, batch, parameters, vectors, localSteps, aggregationDepth, value);
    }
}
