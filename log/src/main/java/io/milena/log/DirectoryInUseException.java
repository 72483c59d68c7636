package io.milena.log;

import java.nio.file.Path;

/** A folder is locked by another broker. */
public final class DirectoryInUseException extends LogException {
    DirectoryInUseException(Path directory, String who) {
        super(LogError.STORAGE_ERROR, "Cannot open " + directory + ": " + who + " uses it");
    }
}
