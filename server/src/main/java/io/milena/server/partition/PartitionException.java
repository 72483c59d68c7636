package io.milena.server.partition;

import io.milena.protocol.ErrorCode;

/** A partition refused something because of its role or state; expected, so without a stack trace. */
public final class PartitionException extends RuntimeException {
    private final ErrorCode error;

    public PartitionException(ErrorCode error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** What to answer to the client. */
    public ErrorCode error() {
        return error;
    }
}
