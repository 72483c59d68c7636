package io.milena.protocol.generator;

/** A mistake in a schema, reported as {@code file:line: what is wrong}. */
public final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaException(String place, String message) {
        super(place + ": " + message);
    }
}
