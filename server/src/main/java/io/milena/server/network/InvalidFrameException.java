package io.milena.server.network;

/** What a client sent is no request this broker can read; the message says why, and the connection has to be closed. */
final class InvalidFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidFrameException(String reason) {
        super(reason, null, false, false);
    }
}
