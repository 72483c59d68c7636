package io.milena.server.cluster;

import org.jspecify.annotations.Nullable;

/** The metadata of the cluster cannot be read or written. */
public final class MetadataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MetadataException(String message) {
        this(message, null);
    }

    public MetadataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
