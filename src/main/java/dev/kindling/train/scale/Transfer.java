package dev.kindling.train.scale;

/**
 * How long bytes take between the driver and its executors, in one direction.
 *
 * @param once seconds a byte, however many receivers or senders there are
 * @param each seconds a byte, for each of them: the driver's link, which all share
 * @param indirect seconds that a message above {@code direct} takes beyond its bytes, because it is fetched in a step of its own
 * @param direct the largest number of bytes that travel within a task or its answer
 */
record Transfer(double once, double each, double indirect, long direct) {

    /**
     * What two sizes of a message took, with one peer and with some. Where noise hides what more peers cost, all counts as the
     * link's.
     *
     * @param small a message above {@code direct}, and {@code large} a larger one, in bytes
     * @param none seconds of the job without a message, with one peer
     * @param ofSmall seconds of the job with the small message, with one peer and with {@code peers}
     * @param ofLarge the same with the large message
     */
    static Transfer of(long direct, long small, long large, int peers, double none, Pair ofSmall, Pair ofLarge) {
        double one = Math.max(0, (ofLarge.one - ofSmall.one) / (large - small));
        double some = Math.max(0, (ofLarge.some - ofSmall.some) / (large - small));
        double most = some / peers; // if nothing is done once
        double each = peers > 1 && some > one ? Math.min(most, (some - one) / (peers - 1)) : most;
        double indirect = ofSmall.one - none - one * small;
        return new Transfer(Math.max(0, one - each), each, Math.max(0, indirect), direct);
    }

    /** Seconds with one peer, and with some. */
    record Pair(double one, double some) {}

    /** The same beyond another link, which takes so many seconds a byte. */
    Transfer over(double link) {
        return new Transfer(once + each, link, indirect, direct);
    }

    /**
     * Seconds that a message takes.
     *
     * @param copies of it that the driver's link carries
     */
    double seconds(double bytes, double copies) {
        return bytes * (once + each * copies) + (bytes > direct ? indirect : 0);
    }
}
