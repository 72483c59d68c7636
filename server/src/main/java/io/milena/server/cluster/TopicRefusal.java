package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.server.config.Excerpt;

/** A wish for a topic cannot be fulfilled; expected, so without a stack trace. */
final class TopicRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode error;

    TopicRefusal(ErrorCode error, String message) {
        super(Excerpt.of(message), null, false, false);
        this.error = error;
    }

    ErrorCode error() {
        return error;
    }
}
