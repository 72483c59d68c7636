package io.milena.server;

import org.jspecify.annotations.Nullable;

/** A broker cannot start, for a reason that its operator can do something about; the message says which, in one line. */
public final class BrokerStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerStartException(String message) {
        this(message, null);
    }

    public BrokerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
