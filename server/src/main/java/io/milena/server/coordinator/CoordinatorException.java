package io.milena.server.coordinator;

import io.milena.protocol.ErrorCode;

/** A request that a coordinator refuses, with the error the client is to see. An expected event: it has no stack trace. */
public final class CoordinatorException extends RuntimeException {
    private final ErrorCode error;

    /** @param message for the client where the API has room for it */
    public CoordinatorException(ErrorCode error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** The error the client is to see. */
    public ErrorCode error() {
        return error;
    }
}
