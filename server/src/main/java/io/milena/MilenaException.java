package io.milena;

import org.jspecify.annotations.Nullable;

/** An embedded broker could not do what it was asked to; the message says why, for people. */
public final class MilenaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MilenaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
