package io.milena.server.storage;

import org.jspecify.annotations.Nullable;

/** The broker cannot start with its data folders as they are; the message names the folder and says what to do. */
public final class DataFolderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DataFolderException(String message) {
        this(message, null);
    }

    public DataFolderException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
