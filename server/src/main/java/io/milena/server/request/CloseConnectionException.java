package io.milena.server.request;

/**
 * The protocol's answer to a request is a closed connection: a failed produce that wanted no response, for one. The message says why,
 * for one line in the log.
 */
public final class CloseConnectionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CloseConnectionException(String reason) {
        super(reason, null, false, false);
    }
}
