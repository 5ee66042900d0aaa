package dev.kindling.search;

import dev.kindling.linalg.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * When trials are compared, and how many go on: successive halving, Jamieson and Talwalkar, <a
 * href="https://arxiv.org/abs/1502.07943">Non-stochastic best arm identification and hyperparameter optimization</a>, AISTATS
 * 2016, in rounds, so that what goes on does not depend on what is fast. Li et al., <a
 * href="https://arxiv.org/abs/1810.05934">ASHA</a>, MLSys 2020, do not wait for the others, and get other results each time.
 *
 * @param rungs after how many epochs trials are compared, growing; after the last they end
 * @param reduction of the trials that come to a rung one in so many goes on, the best ones; at least one does
 */
public record Halving(List<Integer> rungs, int reduction) {
    /** So many comparisons before the end at most, unless it is said from when on: earlier ones tell little. */
    private static final int MOST = 2;

    public Halving {
        rungs = List.copyOf(rungs);
        Require.that(!rungs.isEmpty(), "trials must end after some epoch");
        for (int i = 0; i < rungs.size(); i++) {
            Require.that(
                    rungs.get(i) > (i == 0 ? 0 : rungs.get(i - 1)), "rungs must be growing epochs, but are " + rungs);
        }
        Require.that(reduction >= 2, "one in at least 2 trials must go on, but it is one in " + reduction);
    }

    /** No comparison before the end. */
    public static Halving none(int epochs) {
        return new Halving(List.of(epochs), 2);
    }

    /**
     * Each rung after {@code reduction} times the epochs of the one before.
     *
     * @param epochs of the trials that go on to the end
     * @param least epochs of the first rung; 0: as few as make two rungs before the end
     */
    public static Halving of(int epochs, int reduction, int least, int trials) {
        Require.that(reduction >= 2, "one in at least 2 trials must go on, but it is one in " + reduction);
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

    /** How many of those that come to a rung go on. */
    int goOn(int alive) {
        return Math.max(1, alive / reduction);
    }
}
