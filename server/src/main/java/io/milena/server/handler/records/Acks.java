package io.milena.server.handler.records;

/** What a producer waits for. */
final class Acks {
    /** Nothing; there is no response. */
    static final short NONE = 0;

    /** The leader's append. */
    static final short LEADER = 1;

    /** The append of every in-sync replica. */
    static final short ALL = -1;

    private Acks() {}

    static boolean isValid(short acks) {
        return acks == NONE || acks == LEADER || acks == ALL;
    }
}
