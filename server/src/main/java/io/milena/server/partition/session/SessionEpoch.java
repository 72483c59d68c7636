package io.milena.server.partition.session;

/** How the requests of a session are counted (KIP-227). */
final class SessionEpoch {
    /** Asks for a new session. */
    static final int INITIAL = 0;

    /** Ends the session, or never had one. */
    static final int FINAL = -1;

    private SessionEpoch() {}

    /** The epoch of the next request; after the largest number comes 1. */
    static int next(int epoch) {
        if (epoch < 0) {
            return FINAL;
        }
        return epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }
}
