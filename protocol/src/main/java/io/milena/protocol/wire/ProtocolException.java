package io.milena.protocol.wire;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that are no valid message, or a message that cannot be expressed in the version asked for. On the reading side it is
 * always the peer's mistake; on the writing side always ours.
 */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }

    /** A field is null in a version where it must have a value. */
    public static ProtocolException nullField(String field) {
        return new ProtocolException("field " + field + " must not be null");
    }

    /** A field has a value that this version would silently lose. */
    public static ProtocolException lostField(String field, int version) {
        return new ProtocolException("field " + field + " cannot be expressed in version " + version);
    }

    /** A message does not exist in this version. */
    public static ProtocolException unsupportedVersion(String message, int version) {
        return new ProtocolException(message + " has no version " + version);
    }

    /** Returns the value, or fails if it is null. */
    public static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw nullField(field);
        }
        return value;
    }
}
