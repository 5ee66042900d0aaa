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
 * @param touches what its rows touch of the first weights
 */
record RunShape(
        long rows,
        int batch,
        int parameters,
        int vectors,
        int localSteps,
        int aggregationDepth,
        int members,
        Touches touches) {

    static RunShape of(RunConfig run, long rows, int members, Touches touches) {
        return new RunShape(
                rows,
                run.options().batchSize(),
                run.network().parameterCount(),
                run.rule().optimizer().vectors(),
                run.options().localSteps(),
                run.options().aggregationDepth(),
                members,
                touches);
    }

    /** The steps of an epoch. */
    long steps() {
        return (rows + batch - 1) / batch;
    }

    /** The rows of a step, on average. */
    double stepRows() {
        return (double) rows / steps();
    }

    /** Whether rounds take only the part of the network that their rows touch. */
    boolean isPart(int localSteps) {
        return touches.isPart(batch, localSteps);
    }

    /** The floats of a round's sum, for each member: with local steps, the optimizer's state too. */
    double floats(int steps, int localSteps) {
        return network(steps * stepRows(), localSteps) * (localSteps > 1 ? 1 + vectors : 1);
    }

    /** What a round sends, in floats, for each member: of a part, the numbers of its rows too. */
    double sent(int steps, int localSteps) {
        return floats(steps, localSteps) + (isPart(localSteps) ? touches.numbers(steps * stepRows()) : 0);
    }

    /**
     * The floats of a shard's answer, for each member. Of a part, weights that the shard's own rows do not touch have not
     * moved, and are left out; the optimizer's state is returned as it is.
     */
    double answered(int steps, int localSteps, int shards) {
        double rows = steps * stepRows();
        double state = localSteps > 1 ? vectors * network(rows, localSteps) : 0;
        return network(rows / shards, localSteps) + state;
    }

    /** The parameters that so many rows take. */
    private double network(double rows, int localSteps) {
        return parameters - (isPart(localSteps) ? touches.untouchedFloats(rows) : 0);
    }

    RunShape withBatch(int value) {
        return new RunShape(rows, value, parameters, vectors, localSteps, aggregationDepth, members, touches);
    }

    RunShape withMembers(int value) {
        return new RunShape(rows, batch, parameters, vectors, localSteps, aggregationDepth, value, touches);
    }
}
