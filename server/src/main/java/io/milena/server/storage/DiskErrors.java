package io.milena.server.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the exceptions of a disk mean. */
public final class DiskErrors {
    /** What systems call it. */
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded", "not enough space on the disk");

    private DiskErrors() {}

    /** Whether a disk says that it has no room. */
    public static boolean isFull(Throwable failure) {
        String reason = reason(failure);
        return FULL.stream().anyMatch(reason::contains);
    }

    /** What an operator is to read, on one line: the deepest message of the disk, with the file it is about if that is known. */
    public static String reason(Throwable failure) {
        IOException cause = causeOf(failure);
        if (cause == null) {
            return String.valueOf(failure.getMessage());
        }
        if (cause instanceof FileSystemException about && about.getReason() == null) {
            return about.getFile() + ": " + meaning(about);
        }
        return String.valueOf(cause.getMessage());
    }

    private static String meaning(FileSystemException failure) {
        if (failure instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "There is another file of that name";
        }
        if (failure instanceof NotDirectoryException) {
            return "Not a directory";
        }
        return failure.getClass().getSimpleName();
    }

    private static @Nullable IOException causeOf(Throwable failure) {
        IOException deepest = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                deepest = io;
            }
        }
        return deepest;
    }
}
