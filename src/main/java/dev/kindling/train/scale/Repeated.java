package dev.kindling.train.scale;

import java.util.function.DoubleSupplier;

/** A figure that is measured again and again. */
final class Repeated {
    private static final int LEAST = 3; // turns
    private static final int IN_A_ROW = 3; // so that most find their arrays in the caches, as in training

    private final DoubleSupplier figure;
    private final Sample figures = new Sample();

    private Repeated(DoubleSupplier figure) {
        this.figure = figure;
    }

    static Repeated of(DoubleSupplier figure) {
        return new Repeated(figure);
    }

    /** The seconds that some work takes. */
    static Repeated seconds(Runnable work) {
        return new Repeated(() -> {
            long start = System.nanoTime();
            work.run();
            return since(start);
        });
    }

    /**
     * Measures all by turns, so that what else the machine does meets all alike.
     *
     * @param seconds to go on for; three turns at least
     */
    static void byTurns(double seconds, Repeated... all) {
        long start = System.nanoTime();
        for (int turn = 0; turn < LEAST || since(start) < seconds; turn++) {
            for (Repeated each : all) {
                for (int again = 0; again < IN_A_ROW; again++) {
                    each.once();
                }
            }
        }
    }

    void once() {
        figures.add(figure.getAsDouble());
    }

    void forget() {
        figures.forget();
    }

    double median() {
        return figures.median();
    }

    double least() {
        return figures.least();
    }

    static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
