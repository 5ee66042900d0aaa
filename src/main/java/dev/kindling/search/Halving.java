package dev.kindling.search;

import dev.kindling.linalg.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * Successive halving: when trials are compared, and how many of them continue. Jamieson and Talwalkar, <a
 * href="https://arxiv.org/abs/1502.07943">Non-stochastic best arm identification and hyperparameter optimization</a>,
 * AISTATS 2016. Comparisons happen in rounds, so the result does not depend on which trials are fast. <a
 * href="https://arxiv.org/abs/1810.05934">ASHA</a> (Li et al., MLSys 2020) does not wait for slow trials, so each
 * search gives a different result.
 *
 * @param rungs the numbers of epochs after which trials are compared, in ascending order; trials end after the last
 * @param reduction the best one in this many trials at a rung continues; always at least one trial does
 */
public record Halving(List<Integer> rungs, int reduction) {
    /** The most comparisons before the end, unless the first rung is given: earlier ones say little. */
    private static final int MOST = 2;

    public Halving {
        rungs = List.copyOf(rungs);
        Require.that(!rungs.isEmpty(), "trials must end after some epoch");
        for (int i = 0; i < rungs.size(); i++) {
            Require.that(
                    rungs.get(i) > (i == 0 ? 0 : rungs.get(i - 1)),
                    "rungs must be ascending numbers of epochs, but are " + rungs);
        }
        Require.that(reduction >= 2, "the reduction must be at least 2, but is " + reduction);
    }

    /** Compares trials only at the end. */
    public static Halving none(int epochs) {
        return new Halving(List.of(epochs), 2);
    }

    /**
     * Each rung has {@code reduction} times the epochs of the one before.
     *
     * @param epochs the epochs of the trials that continue to the end
     * @param least the least epochs of the first rung; 0: at most {@value #MOST} rungs before the end
     */
    public static Halving of(int epochs, int reduction, int least, int trials) {
        Require.that(reduction >= 2, "the reduction must be at least 2, but is " + reduction);
        List<Integer> rungs = new ArrayList<>(List.of(epochs));
        long alive = trials; // at the first rung so far
        double rung = (double) epochs / reduction;
        while (alive >= reduction
                && Math.round(rung) >= Math.max(1, least)
                && (least > 0 || rungs.size() <= MOST)
                && Math.round(rung) < rungs.get(0)) {
            rungs.add(0, (int) Math.round(rung));
            rung /= reduction;
            alive /= reduction;
        }
        return new Halving(rungs, reduction);
    }

    int epochs() {
        return rungs.get(rungs.size() - 1);
    }

    /** How many of the trials that reach a rung continue. */
    int goOn(int alive) {
        return Math.max(1, alive / reduction);
    }
}
