package io.milena.server.partition;

import io.milena.protocol.ErrorCode;

/**
 * Whether a partition may be used here, and who leads it. Changed inside its strand only, read by any thread.
 *
 * <pre>
 *            writes  reads
 *   OPEN     yes     yes
 *   FULL     no      yes    until its disk has room again
 *   BROKEN   no      yes    until the broker is started again
 *   OFFLINE  no      no     its data folder failed
 *   CLOSED   no      no     no longer held here
 * </pre>
 */
final class Availability {
    private static final int ANY_EPOCH = -1;

    private volatile Leadership leadership = Leadership.NONE;
    private volatile State state = State.OPEN;

    private enum State {
        OPEN,
        FULL,
        BROKEN,
        OFFLINE,
        CLOSED
    }

    Leadership leadership() {
        return leadership;
    }

    void leadership(Leadership next) {
        leadership = next;
    }

    /** Whether records may be added. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether records may be deleted, which a full disk needs most. */
    boolean allowsDeletion() {
        return state == State.OPEN || state == State.FULL;
    }

    /** @throws PartitionException if no records may be added */
    void checkAppend() {
        if (state != State.OPEN) {
            throw new PartitionException(ErrorCode.KAFKA_STORAGE_ERROR, "the disk takes no records");
        }
    }

    /** @throws PartitionException if no records may be deleted */
    void checkDeletion() {
        if (!allowsDeletion()) {
            throw new PartitionException(ErrorCode.KAFKA_STORAGE_ERROR, "the disk failed");
        }
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    boolean isOffline() {
        return state == State.OFFLINE;
    }

    void open() {
        state = State.OPEN;
    }

    void full() {
        state = State.FULL;
    }

    void broken() {
        state = State.BROKEN;
    }

    void offline() {
        state = State.OFFLINE;
        leadership = Leadership.NONE;
    }

    void close() {
        state = State.CLOSED;
        leadership = Leadership.NONE;
    }

    /** What to answer to a client that believes in a leader epoch, NONE if it may go on; a negative epoch fits every leader. */
    ErrorCode check(int currentLeaderEpoch) {
        State now = state;
        if (now == State.OFFLINE || now == State.CLOSED) {
            return now == State.OFFLINE ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.NOT_LEADER_OR_FOLLOWER;
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
