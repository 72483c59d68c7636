package io.milena.server.partition;

import io.milena.protocol.ErrorCode;

/** Whether a partition may be used here, and who leads it. Changed inside its strand only, read by any thread. */
final class Availability {
    private static final int ANY_EPOCH = -1;

    private volatile Leadership leadership = Leadership.NONE;
    private volatile State state = State.OPEN;

    private enum State {
        OPEN,
        FAILED,
        CLOSED
    }

    Leadership leadership() {
        return leadership;
    }

    void leadership(Leadership next) {
        leadership = next;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    void fail() {
        state = State.FAILED;
    }

    void close() {
        state = State.CLOSED;
        leadership = Leadership.NONE;
    }

    /** What to answer to a client that believes in a leader epoch, NONE if it may go on; a negative epoch fits every leader. */
    ErrorCode check(int currentLeaderEpoch) {
        State now = state;
        if (now != State.OPEN) {
            return now == State.FAILED ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        Leadership current = leadership;
        if (currentLeaderEpoch != ANY_EPOCH && currentLeaderEpoch != current.leaderEpoch()) {
            return currentLeaderEpoch < current.leaderEpoch()
                    ? ErrorCode.FENCED_LEADER_EPOCH
                    : ErrorCode.UNKNOWN_LEADER_EPOCH;
        }
        return current.isLocal() ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER;
    }
}
