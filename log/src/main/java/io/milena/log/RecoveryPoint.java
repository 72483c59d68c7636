package io.milena.log;

/**
 * The offset below which everything is durable, indexes included. Moved forward by whoever flushed, moved back by the
 * owner when it cuts the log; a flush that began before a cut does not count after it.
 */
final class RecoveryPoint {
    private long offset;
    private int cuts;

    RecoveryPoint(long offset) {
        this.offset = offset;
    }

    synchronized long offset() {
        return offset;
    }

    /** To be asked before a flush looks at the segments. */
    synchronized int cuts() {
        return cuts;
    }

    synchronized void flushed(long upTo, int cutsBefore) {
        if (cutsBefore == cuts && upTo > offset) {
            offset = upTo;
        }
    }

    /** To be called after the shorter segments were published. */
    synchronized void cut(long at) {
        cuts++;
        offset = Math.min(offset, at);
    }
}
