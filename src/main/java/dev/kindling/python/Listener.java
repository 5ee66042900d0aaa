package dev.kindling.python;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.ExecutionMode;
import dev.kindling.train.RunConfig;
import dev.kindling.train.Step;
import dev.kindling.train.TrainListener;

/** Passes a run's progress on to Python. What goes wrong there ends the run, as an exception of any listener does. */
public final class Listener implements TrainListener {
    private final Callback python;
    private final boolean hearsSteps;

    public Listener(Callback python) {
        this.python = python;
        hearsSteps = python.hearsSteps();
    }

    @Override
    public void started(RunConfig run, Shards shards, ExecutionMode place) {
        require(python.started(
                run.network().toString(), shards.rows(), run.options().epochs()));
    }

    @Override
    public void stepped(Step step) {
        if (hearsSteps) {
            require(python.stepped(step.number(), step.loss(), step.learningRate(), step.gradientNorm()));
        }
    }

    @Override
    public void ended(Epoch epoch) {
        require(python.ended(
                epoch.number(),
                epoch.trainingLoss(),
                epoch.trainingMetric(),
                epoch.validationLoss(),
                epoch.validationMetric(),
                epoch.learningRate(),
                epoch.gradientNorm(),
                epoch.steps(),
                epoch.trainingSeconds(),
                epoch.seconds()));
    }

    @Override
    public void finished(TrainState state) {
        require(python.finished());
    }

    @Override
    public void failed(Throwable cause) {
        String unused = python.failed(String.valueOf(cause.getMessage())); // the run has failed already
    }

    private static void require(String fault) {
        if (!fault.isEmpty()) {
            throw new IllegalStateException("the listener in Python failed: " + fault);
        }
    }
}
