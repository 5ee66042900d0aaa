package dev.kindling.train.scale;

/**
 * What computing costs.
 *
 * @param step seconds that a core takes for a step's gradient, however few rows it has
 * @param row seconds that a core takes for each row of a step
 * @param local seconds that a core takes to end a local step: the optimizer's step, and its share of the round's copies
 * @param update seconds that the driver takes to update the parameters
 * @param pass seconds a float that the driver takes to add one array to another
 */
record Compute(double step, double row, double local, double update, double pass) {

    /**
     * The line through two measured steps. Noise may give it a negative slope or start, which is then 0.
     *
     * @param few rows of a core, and {@code many}, which are more; with the seconds that each took
     */
    static Compute of(double few, double ofFew, double many, double ofMany, double local, double update, double pass) {
        double row = Math.min(Math.max(0, (ofMany - ofFew) / (many - few)), ofMany / many);
        return new Compute(ofMany - row * many, row, local, update, pass);
    }

    /** Seconds of a core for a step over so many rows. */
    double step(double rows) {
        return step + row * rows;
    }
}
