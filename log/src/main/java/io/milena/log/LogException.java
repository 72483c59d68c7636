package io.milena.log;

/**
 * A refused or failed operation on a log. Mistakes of a client are expected and frequent, so they carry no stack trace;
 * only {@link LogError#STORAGE_ERROR} does.
 */
public class LogException extends RuntimeException {
    private final LogError error;

    /** A failure without a deeper cause; the message is meant for the client. */
    public LogException(LogError error, String message) {
        super(message, null, false, error == LogError.STORAGE_ERROR);
        this.error = error;
    }

    /** A failure caused by another one, such as the {@code IOException} of a disk. */
    public LogException(LogError error, String message, Throwable cause) {
        super(message, cause, false, error == LogError.STORAGE_ERROR);
        this.error = error;
    }

    /** The kind of failure. */
    public LogError error() {
        return error;
    }
}
