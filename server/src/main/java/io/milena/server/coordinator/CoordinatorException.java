package io.milena.server.coordinator;

import io.milena.protocol.ErrorCode;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that a coordinator refuses, with the error the client is to see. An expected event: it has no stack trace. */
public final class CoordinatorException extends RuntimeException {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorException.class);

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

    /** The error of a stage that failed; what was not foreseen is logged. */
    public static ErrorCode errorOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof CoordinatorException refused) {
            return refused.error();
        }
        LOG.error("coordinator failed", cause);
        return ErrorCode.UNKNOWN_SERVER_ERROR;
    }
}
