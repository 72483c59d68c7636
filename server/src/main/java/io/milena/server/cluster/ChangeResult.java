package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What became of one part of a request to change something.
 *
 * @param error NONE if it was, or would be, done
 * @param message what was wrong, for people; null without an error, or if the error says it all
 */
public record ChangeResult(ErrorCode error, @Nullable String message) {
    /** It was done. */
    public static final ChangeResult DONE = new ChangeResult(ErrorCode.NONE, null);
}
