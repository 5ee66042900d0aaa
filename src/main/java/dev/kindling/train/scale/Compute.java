package dev.kindling.train.scale;

/**
 * What computing costs.
 *
 * @param step seconds that a core takes for a step's gradient, however few rows it has
 * @param row seconds that a core takes for each row of a step
 * @param warm a local step's share of that time, at most 1: its arrays are in the caches, after a job's start they are not
 * @param local seconds that a core takes beyond that to end a local step: the optimizer's step, and its share of the round's
 *     copies
 * @param update seconds that the driver takes to update the parameters
 * @param pass seconds a float that the driver takes to add one array to another
 */
record Compute(double step, double row, double warm, double local, double update, double pass) {

    /**
     * The line through two measured steps. Noise may give it a negative slope or start, which is then 0.
     *
     * @param few rows of a core, and {@code many}, which are more; with the seconds that each took
     */
    static Compute of(double few, double ofFew, double many, double ofMany) {
        double row = Math.min(Math.max(0, (ofMany - ofFew) / (many - few)), ofMany / many);
        return new Compute(ofMany - row * many, row, 1, 0, 0, 0);
    }

    /**
     * The same with the rest.
     *
     * @param gradient measured seconds of a core for a step's gradient
     * @param ofLocal measured seconds of a core for a local step over as many rows; 0: not measured
     */
    Compute with(double gradient, double ofLocal, double driverUpdate, double driverPass) {
        boolean known = ofLocal > 0;
        return new Compute(
                step,
                row,
                known ? Math.min(1, ofLocal / gradient) : 1,
                known ? Math.max(0, ofLocal - gradient) : 0,
                driverUpdate,
                driverPass);
    }

    /** Seconds of a core for a step over so many rows. */
    double step(double rows) {
        return step + row * rows;
    }

    /** Seconds of a core for a local step over so many rows. */
    double localStep(double rows) {
        return warm * step(rows) + local;
    }
}
